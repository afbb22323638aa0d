// The shape of the house: imports point inward only, and the pure rings stay pure.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

/** What each room may import from. A room may always import from itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  receipt: [],
  log: ["receipt"],
  chain: ["receipt", "log"],
  domain: ["receipt"],
  codemode: ["receipt", "domain"],
  engine: ["receipt", "chain", "domain", "codemode"],
  host: ["receipt", "log", "chain", "domain", "engine", "planner"],
  planner: ["domain"],
  checkout: ["receipt", "domain"],
  view: ["receipt", "chain", "domain", "host"],
  client: ["receipt", "chain", "view"],
  http: ["receipt", "log", "chain", "domain", "engine", "host", "view"],
  cli: ["receipt", "log", "chain", "view"],
  package: ["receipt", "chain", "domain", "engine", "host", "http"],
  index: ["checkout", "domain", "host", "http"],
};

/** Packages that the pure rings may use: none of them reads a clock, the environment or a network. */
const PURE_PACKAGES = ["@noble/ed25519", "@noble/hashes", "zod", "diff"];

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^"';]*?from\s*"([^"]+)"|(?:^|\n)\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/g;

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: SourceFile[] = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => {
    const text = readFileSync(join("src", path), "utf8");
    const imports = [...text.matchAll(IMPORT)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
    return { path: path.replaceAll("\\", "/"), room: roomOf(path), text, imports };
  });

function roomOf(path: string): string {
  const [first = ""] = normalize(path).replaceAll("\\", "/").split("/");
  return first.replace(/\.tsx?$/, "");
}

/** The rings that know no clock, no environment and no network. */
const isPure = (room: string) => room === "receipt" || room === "log" || room === "chain";

function targetRoom(file: SourceFile, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  return roomOf(relative("src", join("src", dirname(file.path), specifier)));
}

/** The files of `src` that a file imports, as paths below it. */
function importedFiles(path: string, imports: readonly string[]): string[] {
  const own = imports.filter((specifier) => specifier.startsWith("."));
  return own.map((specifier) => normalize(join(dirname(path), specifier)).replaceAll("\\", "/"));
}

describe("the layout", () => {
  it("has sources in every room of the table and in no other", () => {
    expect([...new Set(sources.map(({ room }) => room))].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
    expect(sources.length).toBeGreaterThan(50);
  });

  it.each(sources)("lets $path import inward only", (file) => {
    const allowed = [file.room, ...(MAY_IMPORT[file.room] ?? [])];
    const outward = file.imports.filter((specifier) => {
      const room = targetRoom(file, specifier);
      return room !== null && !allowed.includes(room);
    });
    expect(outward).toEqual([]);
  });

  it("has no circle of imports, types included", () => {
    // What imports nothing that is left goes, until only circles and what leads to them are left.
    const left = new Map(sources.map(({ path, imports }) => [path, importedFiles(path, imports)]));
    for (let size = -1; size !== left.size; ) {
      size = left.size;
      for (const [path, needs] of left) if (!needs.some((need) => left.has(need))) left.delete(path);
    }
    expect([...left.keys()]).toEqual([]);
  });

  it.each(sources.filter(({ room }) => isPure(room)))("keeps $path pure", (file) => {
    const packages = file.imports.filter((specifier) => !specifier.startsWith("."));
    expect(
      packages.filter((name) => !PURE_PACKAGES.some((pure) => name === pure || name.startsWith(`${pure}/`))),
    ).toEqual([]);
    const impure =
      /Date\.now|new Date\(\)|Math\.random|getRandomValues|randomUUID|process\.|performance\.|setTimeout|fetch\(/;
    expect(file.text.replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, "")).not.toMatch(impure);
  });

  it.each(sources.filter(({ room }) => isPure(room)))("documents every export of $path", ({ text }) => {
    const lines = text.split("\n");
    const bare = lines.filter(
      (line, i) =>
        /^export (async )?(function|const|class|interface|type) \w/.test(line) &&
        !lines[i - 1]?.endsWith("*/"),
    );
    expect(bare).toEqual([]);
  });

  it("needs nothing at a start that only the tests bring", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const names = sources
      .flatMap(({ imports }) => imports)
      .filter((name) => !/^(\.|node:|cloudflare:)/.test(name));
    const packages = names.map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
    expect(packages.filter((name) => !(name in dependencies))).toEqual([]);
  });

  it.each(sources)("keeps $path to a readable length", ({ text }) => {
    expect(text.split("\n").length).toBeLessThanOrEqual(300);
  });
});

describe("another entry over the product's configuration", () => {
  const classes = [...readFileSync("wrangler.toml", "utf8").matchAll(/^class_name = "(\w+)"/gm)].map(
    ([, name = ""]) => name,
  );

  it.each(["test/bench/server.ts", "test/server/reviewed.ts"])("exports each of its classes: %s", (entry) => {
    const text = readFileSync(entry, "utf8");
    expect(classes).toContain("RunIndex");
    const missing = classes.filter((name) => !new RegExp(`\\bexport\\b[^;]*\\b${name}\\b`).test(text));
    expect(missing).toEqual([]);
  });
});
