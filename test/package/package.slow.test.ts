// What a stranger gets from the package: small, typed, working on every Node there is here.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { build } from "esbuild";
import { describe, expect, inject, it } from "vitest";
import * as chain from "../../src/chain/index.ts";
import * as log from "../../src/log/index.ts";
import * as planner from "../../src/planner/index.ts";
import * as receipt from "../../src/receipt/index.ts";
import { MODEL_PEERS, PEERS } from "./installed.ts";
import { findNodes, ROOT, run } from "./run.ts";

const checker = inject("checker");
const gater = inject("gater");
const own = join(checker, "node_modules/countersign");
const manifest = JSON.parse(readFileSync(join(own, "package.json"), "utf8"));

/** What npm installed beside the package, by name. */
function installed(folder: string): string[] {
  const names = (path: string) => readdirSync(path).filter((name) => !name.startsWith("."));
  const modules = join(folder, "node_modules");
  return names(modules)
    .flatMap((name) =>
      name.startsWith("@") ? names(join(modules, name)).map((sub) => `${name}/${sub}`) : [name],
    )
    .sort();
}

/** The packages that a module and all that it imports of ours import. */
function packagesOf(entry: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(entry) || entry.endsWith(".json")) return found;
  seen.add(entry);
  for (const [, name = ""] of readFileSync(entry, "utf8").matchAll(
    /^(?:import|export|\}).*? from "([^"]+)"/gm,
  )) {
    if (name.startsWith(".")) {
      for (const each of packagesOf(normalize(join(dirname(entry), name)), seen)) found.add(each);
    } else if (!/^(node|cloudflare):/.test(name)) {
      found.add(
        name
          .split("/")
          .slice(0, name.startsWith("@") ? 2 : 1)
          .join("/"),
      );
    }
  }
  return found;
}

const entry = (name: string) => join(own, manifest.exports[name].default);

describe("the tarball", () => {
  it("holds the build, its types, the pages, the examples and the documents, and nothing else", async () => {
    const { stdout } = await run("tar", ["-tzf", inject("tarball")], checker);
    const wanted =
      /^package\/(package\.json|LICENSE|README\.md|docs\/[a-z0-9-]+\.md|public\/.+|examples\/(flags|pull-request|database)\/[\w.-]+|examples\/verify\.mjs|dist\/.+\.(js|d\.ts)|dist\/(http|view)\/.+\.json)$/;
    const files = stdout.trim().split("\n");
    expect(files.filter((file) => !wanted.test(file))).toEqual([]);
    expect(files).toContain("package/public/build/verifier.js");
  });

  it("asks for exactly the packages that its code imports, peers only where a Worker needs them", () => {
    const everything = [
      "package.js",
      ...Object.values<string>(manifest.bin).map((path) => path.replace("dist/", "")),
    ];
    const imported = new Set(everything.flatMap((path) => [...packagesOf(join(own, "dist", path))]));
    expect([...imported].sort()).toEqual([...Object.keys(manifest.dependencies), ...PEERS].sort());
    const pure = ["./receipt", "./log", "./chain", "./planner"].flatMap((name) => [
      ...packagesOf(entry(name)),
    ]);
    expect([...new Set(pure)].sort()).toEqual(["@noble/ed25519", "@noble/hashes", "zod"]);
  });

  it("loads what only a model as the agent needs when a model is asked, and asks for exactly that as peers", () => {
    const paths = readdirSync(join(own, "dist"), { recursive: true, encoding: "utf8" });
    const loaded = paths
      .filter((path) => path.endsWith(".js"))
      .flatMap((path) => [
        ...readFileSync(join(own, "dist", path), "utf8").matchAll(/\bimport\("([^".]+)"\)/g),
      ]);
    expect([...new Set(loaded.map(([, name]) => name))].sort()).toEqual(MODEL_PEERS);
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual([...PEERS, ...MODEL_PEERS].sort());
    expect(Object.keys(manifest.peerDependenciesMeta).sort()).toEqual([...PEERS, ...MODEL_PEERS].sort());
    expect(installed(gater).filter((name) => MODEL_PEERS.includes(name))).toEqual([]);
  });

  it("brings no Worker and no server to somebody who checks chains", () => {
    expect(
      installed(checker).filter((name) => PEERS.includes(name) || /wrangler|workerd|miniflare/.test(name)),
    ).toEqual([]);
  });
});

describe("a bundle of what a page needs", () => {
  it("of canonicalize and digestOf is under 15 KB minified, without zod", async () => {
    const contents = `export { canonicalize, digestOf } from "countersign/receipt";`;
    const { outputFiles, metafile } = await build({
      stdin: { contents, resolveDir: checker },
      bundle: true,
      minify: true,
      format: "esm",
      write: false,
      metafile: true,
    });
    const [output] = Object.values(metafile.outputs);
    const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    expect(used.map(([path]) => path).filter((path) => path.includes("/zod/"))).toEqual([]);
    expect(outputFiles[0]?.contents.length).toBeLessThan(15_000);
    expect(outputFiles[0]?.text).toContain("export{");
  });
});

describe.each(findNodes())("under Node $version", ({ path }) => {
  it.each([
    [
      "0 for a whole run",
      ["bundle.json", "--require", "executed"],
      0,
      /\nvalid: approved by \S+ and executed, /,
    ],
    ["0 for a rejected one", ["rejected.json"], 0, /\nvalid: rejected by alice, nothing was executed\n/],
    ["1 for a tampered one", ["tampered.json"], 1, /ERR_KEY_UNKNOWN at receipt 4/],
    ["2 for junk", ["junk.json"], 2, /ERR_BUNDLE/],
    ["3 for an open one", ["open.json"], 3, /\nincomplete: a proposal awaits a decision, /],
    [
      "4 where a requirement is not met",
      ["rejected.json", "--require", "executed"],
      4,
      /\nvalid, but not what /,
    ],
  ])("countersign-verify exits %s", async (_, args, code, words) => {
    const bin = "node_modules/.bin/countersign-verify";
    const ended = await run(path, [bin, ...args, "--trust", "trust.json"], checker);
    expect(ended).toMatchObject({ code });
    expect(code === 2 ? ended.stderr : ended.stdout).toMatch(words);
    if (code !== 2) expect(ended.stderr).toBe("");
  });

  it.each(["countersign-keys", "countersign-reviewer-token", "countersign-witness", "countersign-watch"])(
    "%s tells how it is used",
    async (name) => {
      const { code, stdout } = await run(path, [`node_modules/.bin/${name}`, "--help"], checker);
      expect({ code, usage: stdout.split("\n")[0]?.startsWith(`usage: ${name}`) }).toEqual({
        code: 0,
        usage: true,
      });
    },
  );

  it("the pure subpaths export what the sources do, without any peer", async () => {
    const script = `
      const names = async (path) => Object.keys(await import(path)).sort();
      console.log(JSON.stringify(await Promise.all(["receipt", "log", "chain", "planner"].map((part) => names("countersign/" + part)))));`;
    writeFileSync(join(checker, "names.js"), script);
    const { stdout, stderr } = await run(path, ["names.js"], checker);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(
      [receipt, log, chain, planner].map((part) => Object.keys(part).sort()),
    );
  });

  it.each([
    [
      "bundle.json",
      0,
      /^repository\.write_file: executed\nvalid: 8 receipts of run run-1, head sha256:[0-9a-f]{64}\n$/,
    ],
    ["tampered.json", 1, /^receipt 4: ERR_KEY_UNKNOWN: .*\ninvalid: 8 receipts/],
    ["open.json", 1, /ERR_INCOMPLETE: .*\n.*: not executed so far\nincomplete: 4 receipts/],
  ])("examples/verify.mjs judges %s", async (bundle, code, words) => {
    const ended = await run(path, ["verify.mjs", bundle, "trust.json"], checker);
    expect(ended).toMatchObject({ code, stderr: "" });
    expect(ended.stdout).toMatch(words);
  });
});

const CONSUMER = `
import { type Report, type VerifiedRun, verify } from "countersign/chain";
import { type Planner, scripted } from "countersign/planner";
import { canonicalBytes, type Digest, digestOf, type Kind } from "countersign/receipt";

const { report, run } = await verify({}, {}, { run: "run-1", require: { executed: true, calls: ["flags.set"] } });
export const said: [Report, VerifiedRun | null] = [report, run];
export const head: Digest = digestOf(canonicalBytes({}));
export const planner: Planner = scripted({ id: "p", investigate: () => "", propose: () => ({ stop: "nothing" }) });

// @ts-expect-error a verdict needs a trust policy
await verify({});
// @ts-expect-error no kind of receipt
export const kind: Kind = "nothing";
`;

describe("a stranger's compiler", () => {
  async function compile(folder: string, options: object, include: readonly string[]): Promise<string> {
    const compilerOptions = {
      target: "ES2022",
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      ...options,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include }));
    return (await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "."], folder))
      .stdout;
  }

  it.each([
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"],
  ])(
    "takes the types of the pure subpaths with module %s and resolution %s",
    async (module, moduleResolution) => {
      writeFileSync(join(checker, "consumer.ts"), CONSUMER);
      const options = { module, moduleResolution, lib: ["ES2022", "DOM"], types: [], skipLibCheck: false };
      expect(await compile(checker, options, ["consumer.ts"])).toBe("");
    },
  );

  it("takes the examples, against the installed package and its peers", async () => {
    const options = {
      module: "ESNext",
      moduleResolution: "Bundler",
      lib: ["ES2024"],
      types: [join(ROOT, "node_modules/@cloudflare/workers-types"), join(ROOT, "node_modules/@types/node")],
      allowImportingTsExtensions: true,
      skipLibCheck: true,
    };
    expect(await compile(gater, options, ["flags", "pull-request", "database"])).toBe("");
  });

  it("is told by the example's README to install the tarball as it is named, and every peer", () => {
    const readme = readFileSync(join(gater, "flags/README.md"), "utf8");
    const install = readme.split("\n").find((line) => line.startsWith("npm init")) ?? "";
    const named = install.split("npm install ")[1]?.split(" ") ?? [];
    expect(named.sort()).toEqual([`../${basename(inject("tarball"))}`, "zod", ...PEERS].sort());
  });

  it("has less than 60 lines to read for a gated flag", () => {
    const lines = readFileSync(join(gater, "flags/index.ts"), "utf8").trimEnd().split("\n");
    expect(lines.length).toBeLessThan(60);
    expect(statSync(join(gater, "flags/reviewers.json")).isFile()).toBe(true);
  });
});
