// What a stranger gets from `npm pack`: small, working on every Node there is here, typed, and as the README says.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import * as chain from "../../src/chain/index.ts";
import * as receipt from "../../src/receipt/index.ts";
import { findNodes, ROOT, run } from "./run.ts";

const BIN = "node_modules/.bin/countersign-verify";
const folder = inject("folder");

/** Every file below a folder of the installed package. */
const filesOf = (path: string) =>
  readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Packages installed, by name. */
function installed(): string[] {
  const inside = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  return inside
    .flatMap((name) =>
      name.startsWith("@")
        ? readdirSync(join(folder, "node_modules", name)).map((sub) => `${name}/${sub}`)
        : [name],
    )
    .sort();
}

describe("the tarball", () => {
  it("holds the build, its types and the documents, and nothing else", async () => {
    const { stdout } = await run("tar", ["-tzf", inject("tarball")], folder);
    const files = stdout.trim().split("\n");
    const wanted =
      /^package\/(package\.json|LICENSE|README\.md|docs\/[a-z0-9-]+\.md|dist\/(receipt|chain|cli)\/[a-z0-9-]+\.(js|d\.ts))$/;
    expect(files.filter((file) => !wanted.test(file))).toEqual([]);
    const sources = ["receipt", "chain"].flatMap((ring) =>
      readdirSync(join(ROOT, "src", ring)).map((file) => `package/dist/${ring}/${file}`),
    );
    const built = sources.flatMap((file) => [file.replace(/ts$/, "js"), file.replace(/ts$/, "d.ts")]);
    expect(built.filter((file) => !files.includes(file))).toEqual([]);
  });

  it("asks at run time for exactly the packages that its code imports", () => {
    const code = filesOf("node_modules/countersign/dist").filter((file) => file.endsWith(".js"));
    const names = code.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/^(?:import|export|\}).* from "((?!\.|node:)[^"]+)"/gm)].map(
        ([, name = ""]) =>
          name
            .split("/")
            .slice(0, name.startsWith("@") ? 2 : 1)
            .join("/"),
      ),
    );
    const { dependencies } = JSON.parse(
      readFileSync(join(folder, "node_modules/countersign/package.json"), "utf8"),
    );
    expect([...new Set(names)].sort()).toEqual(Object.keys(dependencies).sort());
  });

  it("brings no Worker and no server with it", () => {
    expect(installed()).toEqual(["@noble/ed25519", "@noble/hashes", "countersign", "diff", "zod"]);
  });
});

describe.each(findNodes())("under Node $version", ({ path }) => {
  it.each([
    [
      "0 for a whole run",
      ["bundle.json", "--trust", "trust.json", "--require", "executed"],
      0,
      /^8 receipts, head sha256:[0-9a-f]{64}\nvalid: approved by \S+ and executed, /m,
    ],
    ["1 for a tampered one", ["tampered.json", "--trust", "trust.json"], 1, /ERR_KEY_UNKNOWN at receipt 4/],
    ["2 for junk", ["junk.json", "--trust", "trust.json"], 2, /expected JSON, got other text/],
    ["2 without a trust policy", ["bundle.json"], 2, /no trust policy is pinned/],
    [
      "3 for an open one",
      ["open.json", "--trust", "trust.json"],
      3,
      /^incomplete: a proposal awaits a decision, .*; the chain does not end in a handoff$/m,
    ],
    [
      "4 where a requirement is not met",
      ["open.json", "--trust", "trust.json", "--require", "executed"],
      4,
      /^incomplete, but not what was required: a proposal awaits a decision, /m,
    ],
  ])("countersign-verify exits %s", async (_, args, code, words) => {
    const ended = await run(path, [BIN, ...args], folder);
    expect(ended).toMatchObject({ code });
    expect(code === 2 ? ended.stderr : ended.stdout).toMatch(words);
    // No warning of Node's either: a stranger would take it for ours.
    if (code !== 2) expect(ended.stderr).toBe("");
  });

  it("both subpaths export what the sources do", async () => {
    const script = `
      const names = async (path) => Object.keys(await import(path)).sort();
      console.log(JSON.stringify([await names("countersign/receipt"), await names("countersign/chain")]));`;
    writeFileSync(join(folder, "names.js"), script);
    const { stdout, stderr } = await run(path, ["names.js"], folder);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual([Object.keys(receipt).sort(), Object.keys(chain).sort()]);
  });

  it.each(["countersign", "countersign/cli", "countersign/dist/chain/fold.js"])(
    "%s is no export",
    async (name) => {
      writeFileSync(join(folder, "inside.js"), `await import("${name}");`);
      expect((await run(path, ["inside.js"], folder)).stderr).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
    },
  );

  it.each([
    ["bundle.json", 0, /^valid: 8 receipts of run run-1, head sha256:[0-9a-f]{64}\n$/],
    ["tampered.json", 1, /^receipt 4: ERR_KEY_UNKNOWN: .*\ninvalid: 8 receipts/],
    ["open.json", 1, /ERR_INCOMPLETE: .*\nincomplete: 4 receipts/],
  ])("examples/verify.mjs judges %s", async (bundle, code, words) => {
    const ended = await run(path, ["examples/verify.mjs", bundle, "trust.json"], folder);
    expect(ended).toMatchObject({ code, stderr: "" });
    expect(ended.stdout).toMatch(words);
  });
});

describe("the README", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, block = ""] = /<!-- package -->\n```sh\n([^`]*)```/.exec(readme) ?? [];
  const [pack = "", install = "", verify = ""] = block.split("\n");

  it("names the tarball as it is, and what comes with it", () => {
    expect(pack).toContain(basename(inject("tarball")));
    expect(install).toContain(basename(inject("tarball")));
    expect(readme).toContain("they bring four small packages with them");
    expect(installed().filter((name) => name !== "countersign")).toHaveLength(4);
  });

  it("gives a command that works as it stands", async () => {
    // npm may have words of its own for whoever runs this.
    const ended = await run("sh", ["-c", verify], folder);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/^8 receipts, head .*\nvalid: approved/m);
  });

  it("counts the corpus rightly", () => {
    const corpus = JSON.parse(readFileSync(join(ROOT, "test/conformance/corpus.json"), "utf8"));
    expect(readme).toContain(`holds ${corpus.cases.length} cases`);
  });
});
