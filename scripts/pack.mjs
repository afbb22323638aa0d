// Packs the package into the folder that is named: node scripts/pack.mjs <folder>. Prints the tarball's path. package.published.json
// says what the published package.json will, with names of dependencies whose versions are those that package.json pins.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import buildClient from "./build-client.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const stage = join(root, ".cache/package");
const read = (name) => JSON.parse(readFileSync(join(root, name), "utf8"));

rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], root);
await buildClient();
const examples = ["flags", "pull-request", "database", "verify.mjs"].map((name) => `examples/${name}`);
for (const name of ["public", "docs", "README.md", "LICENSE", ...examples]) {
  cpSync(join(root, name), join(stage, name), { recursive: true });
}
writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);

const folder = resolve(process.argv[2] ?? ".");
const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
const packed = run(npm[0], [...npm.slice(1), "pack", "--silent", "--pack-destination", folder], stage);
console.log(join(folder, packed.trim().split("\n").at(-1)));

function manifest() {
  const { name, description, license, type, engines, dependencies, devDependencies } = read("package.json");
  const { dependencies: needed, optionalPeers, modelPeers, ...next } = read("package.published.json");
  const peers = [...optionalPeers, ...modelPeers];
  const pinned = { ...devDependencies, ...dependencies };
  const versions = (names, range) => Object.fromEntries(names.map((each) => [each, range(pinned[each])]));
  return {
    name,
    description,
    license,
    type,
    engines,
    ...next,
    // A domain brings schemas of its user's own zod: with a range, one copy serves both.
    dependencies: { ...versions(needed, (version) => version), zod: `^${pinned.zod}` },
    peerDependencies: versions(peers, (version) => `^${version}`),
    peerDependenciesMeta: Object.fromEntries(peers.map((each) => [each, { optional: true }])),
  };
}

function run(program, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw error ?? new Error(`${program} ${args.join(" ")}:\n${stdout}${stderr}`);
  return stdout;
}
