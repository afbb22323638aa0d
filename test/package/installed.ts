// The package as a stranger gets it: packed, and installed into a folder of its own, with nothing of this repository around.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { put } from "../conformance/json-edit.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { ROOT, run } from "./run.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the package is installed, with bundles to verify and the examples. */
    readonly folder: string;
    readonly tarball: string;
  }
}

/** Done once for all tests of the package. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-package-"));
  project.provide("folder", folder);
  project.provide("tarball", await installPackage(folder));
  return () => rmSync(folder, { recursive: true, force: true });
}

/** npm, as the one who runs the tests has it. Throws what it printed when it fails. */
async function npm(args: readonly string[], cwd: string): Promise<string> {
  const path = process.env.npm_execpath;
  const ended = await (path ? run(process.execPath, [path, ...args], cwd) : run("npm", args, cwd));
  if (ended.code !== 0) throw new Error(`npm ${args.join(" ")}:\n${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

/** Packs this repository and installs the tarball in a folder. */
async function installPackage(folder: string): Promise<string> {
  const packed = await npm(["pack", "--silent", "--pack-destination", folder], ROOT);
  const tarball = join(folder, packed.trim().split("\n").at(-1) ?? "");
  writeFileSync(join(folder, "package.json"), '{ "name": "stranger", "private": true, "type": "module" }\n');
  writeFileSync(join(folder, "package-lock.json"), lockOfDependencies());
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await npm(["install", ...quiet, tarball], folder);
  cpSync(join(ROOT, "examples"), join(folder, "examples"), { recursive: true });
  writeBundles(folder);
  return tarball;
}

/**
 * Where each run-time dependency comes from, taken from our own lockfile: what `npm ci` has fetched for the tests is in npm's
 * cache by its hash, so the install needs no network. It brings nothing in: whatever the package asks for beyond is still fetched.
 */
function lockOfDependencies(): string {
  const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), "utf8"));
  const paths = Object.keys(read("package.json").dependencies).map((name) => `node_modules/${name}`);
  const { packages } = read("package-lock.json");
  const entries = paths.map((path) => [path, packages[path]]);
  return JSON.stringify({ name: "stranger", lockfileVersion: 3, packages: Object.fromEntries(entries) });
}

/** What there is to verify in the folder. */
function writeBundles(folder: string): void {
  const { bundle } = writeChain(SCENARIOS.approved);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("trust.json", JSON.stringify(TRUST));
  write("bundle.json", JSON.stringify(bundle));
  write("open.json", JSON.stringify(writeChain(SCENARIOS.approved.slice(0, 4)).bundle));
  write(
    "tampered.json",
    JSON.stringify(put("receipts.4.signatures.0.keyid", "A".repeat(43))(bundle, { digests: [] })),
  );
  write("junk.json", "junk");
}
