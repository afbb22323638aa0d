// Bundles the pages' scripts, the in-browser verifier and the one style sheet into public/build. `wrangler dev` and `wrangler deploy`
// run it as their [build] command and vitest as its global set-up, so nobody has to. Uses only what `npm ci` has installed.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const ENTRIES = ["run-page", "desk-page", "verify-page", "verifier", "ceremony", "edit-diff", "enrol-page"];
/** What other sheets rest on comes first; what holds on paper alone, last. */
const FIRST_SHEETS = ["tokens.css", "fonts.css", "elements.css", "parts.css", "page.css"];

export default async function buildClient() {
  await bundle(
    ENTRIES.map((name) => `src/client/${name}.ts`),
    "public/build",
  );
  await buildSheet("src/css", "public/build/countersign.css");
}

async function bundle(entryPoints, to) {
  const out = join(root, to);
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
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

/** Many sheets to write, one to fetch. */
async function buildSheet(from, to) {
  const names = readdirSync(join(root, from)).filter((name) => name.endsWith(".css"));
  const place = (name) => {
    if (name === "print.css") return FIRST_SHEETS.length + 1;
    return FIRST_SHEETS.includes(name) ? FIRST_SHEETS.indexOf(name) : FIRST_SHEETS.length;
  };
  const ordered = names.sort((a, b) => place(a) - place(b) || a.localeCompare(b));
  const source = ordered.map((name) => readFileSync(join(root, from, name), "utf8")).join("\n");
  const { code } = await transform(source, { loader: "css", minify: true });
  writeIfChanged(join(root, to), Buffer.from(code));
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
