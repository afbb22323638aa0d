// Bundles the pages' scripts and the in-browser verifier into public/build. `wrangler dev` and `wrangler deploy` run it as
// their [build] command and vitest as its global set-up, so nobody has to. Uses only what `npm ci` has installed.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "public/build");

export default async function buildClient() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["run-page", "desk-page", "verify-page", "verifier"].map((name) => `src/client/${name}.ts`),
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    sourcemap: "linked",
    tsconfig: "tsconfig.client.json",
    write: false,
  });
  mkdirSync(out, { recursive: true });
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents);
}

/** A server that is running reloads when a file is written, so one that is right already is left alone. */
function writeIfChanged(path, contents) {
  try {
    if (readFileSync(path).equals(contents)) return;
  } catch {
    // it is not there yet
  }
  // Written elsewhere and moved, so that nobody ever reads half a file.
  const half = join(root, "node_modules", `.${basename(path)}.${process.pid}`);
  writeFileSync(half, contents);
  renameSync(half, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient();
