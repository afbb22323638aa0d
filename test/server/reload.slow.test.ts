// `npm start` serves what is in the files: an edit anywhere in src or public shows with the next look, without a restart.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { experimental_readRawConfig } from "wrangler";
import { type DevServer, startDevServer } from "./dev-server.ts";

/** What the server is made from. */
const PARTS = [
  "src",
  "public",
  "scripts",
  "wrangler.toml",
  "package.json",
  "tsconfig.json",
  "tsconfig.client.json",
  ".dev.vars",
];

let project: string;
let server: DevServer;
beforeAll(async () => {
  // On the disk of node_modules, where the build puts what is half written.
  mkdirSync(".cache", { recursive: true });
  project = mkdtempSync(resolve(".cache/reload-"));
  for (const part of PARTS) cpSync(part, join(project, part), { recursive: true });
  symlinkSync(resolve("node_modules"), join(project, "node_modules"));
  server = await startDevServer({ project });
});
afterAll(async () => {
  await server?.stop();
  rmSync(project, { recursive: true, force: true });
});

function edit(path: string, from: string, to: string): void {
  const file = join(project, path);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replaceAll(from, to));
}

const textAt = async (path: string) => (await fetch(`${server.origin}${path}`)).text();

describe("an edit", () => {
  it.each([
    ["src/view/desk-page.tsx", "leaves a signed receipt", "leaves a trace on paper", "/"],
    [
      "src/host/retention.ts",
      "there is no such run",
      "nothing of that name",
      `/api/runs/run-${"0".repeat(24)}`,
    ],
    ["src/client/back-off.ts", "export", "globalThis.aWordOfThisTest = 1;\nexport", "/build/run-page.js"],
    ["src/css/page.css", "{", "{ --aWordOfThisTest: 0;", "/build/countersign.css"],
  ])("of %s is served", async (path, from, to, address) => {
    const word = to.includes("aWordOfThisTest") ? "aWordOfThisTest" : to;
    expect(await textAt(address)).not.toContain(word);
    edit(path, from, to);
    await expect.poll(() => textAt(address), { timeout: 30_000, interval: 200 }).toContain(word);
  });

  it("of any folder of the source is watched for", () => {
    const { rawConfig } = experimental_readRawConfig({ config: "wrangler.toml" });
    const watched = [rawConfig.build?.watch_dir ?? []].flat();
    const folders = readdirSync("src", { withFileTypes: true }).map(({ name }) => `src/${name}`);
    const covers = (path: string) => watched.some((dir) => path === dir || path.startsWith(`${dir}/`));
    expect(folders.filter((path) => !covers(path))).toEqual([]);
  });
});
