// The package as a stranger gets it: packed, and installed into folders of their own, with nothing of this repository
// around. One is of somebody who checks chains, and has no peers; the other of somebody who gates a Worker's calls.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { edited, put } from "../conformance/json-edit.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";
import { ROOT, run } from "./run.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the package is installed alone, with bundles to verify. */
    readonly checker: string;
    /** Where it is installed with its peers, and the examples. */
    readonly gater: string;
    readonly tarball: string;
  }
}

const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), "utf8"));

/** The peers that `countersign` itself needs: README lines tell a stranger to install them. */
export const PEERS: readonly string[] = read("package.published.json").optionalPeers;

/** The peers of those alone whose agent is a model. Nobody here installs them: without them everything else works. */
export const MODEL_PEERS: readonly string[] = read("package.published.json").modelPeers;

/** Done once for all tests of the package. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-package-"));
  const [checker, gater] = [join(folder, "checker"), join(folder, "gater")];
  const packed = await run(process.execPath, ["scripts/pack.mjs", folder], ROOT);
  if (packed.code !== 0) throw new Error(packed.stderr);
  const tarball = packed.stdout.trim();
  await install(checker, [tarball]);
  await install(gater, [tarball, ...["zod", ...PEERS].map((name) => `${name}@${pinned(name)}`)]);
  writeBundles(checker);
  const examples = (folder: string) => join(folder, "node_modules/countersign/examples");
  cpSync(join(examples(checker), "verify.mjs"), join(checker, "verify.mjs"));
  cpSync(examples(gater), gater, { recursive: true });
  project.provide("checker", checker);
  project.provide("gater", gater);
  project.provide("tarball", tarball);
  return () => rmSync(folder, { recursive: true, force: true });
}

function pinned(name: string): string {
  const { dependencies, devDependencies } = read("package.json");
  return dependencies[name] ?? devDependencies[name];
}

/** npm, as the one who runs the tests has it. */
async function install(folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "name": "stranger", "private": true, "type": "module" }\n');
  writeFileSync(join(folder, "package-lock.json"), lockOfDependencies());
  const args = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", ...names];
  const path = process.env.npm_execpath;
  const ended = await (path ? run(process.execPath, [path, ...args], folder) : run("npm", args, folder));
  if (ended.code !== 0) throw new Error(`npm ${args.join(" ")}:\n${ended.stdout}${ended.stderr}`);
}

/**
 * Where each package comes from, taken from our own lockfile: what `npm ci` has fetched for the tests is in npm's cache by its hash, so
 * the install needs no network. It brings nothing in: npm leaves out what nobody asks for.
 */
function lockOfDependencies(): string {
  const packages = Object.entries<Record<string, unknown>>(read("package-lock.json").packages)
    .filter(([path]) => path !== "")
    .map(([path, { dev, devOptional, peer, optional, ...entry }]) => [path, entry]);
  return JSON.stringify({ name: "stranger", lockfileVersion: 3, packages: Object.fromEntries(packages) });
}

function writeBundles(folder: string): void {
  const { bundle } = writeChain(SCENARIOS.approved);
  const documents = {
    trust: TRUST,
    bundle,
    open: writeChain(SCENARIOS.approved.slice(0, 4)).bundle,
    rejected: writeChain(amend(SCENARIOS.rejected, SEQ.decision, { reviewer: "alice" })).bundle,
    tampered: edited(bundle, put("receipts.4.signatures.0.keyid", "A".repeat(43))),
    junk: "junk",
  };
  for (const [name, value] of Object.entries(documents)) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(value));
  }
}
