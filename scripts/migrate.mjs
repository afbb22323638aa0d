// Brings the local index up to date: applies the migrations that its D1 database has not seen yet. Never touches one on
// Cloudflare. `--persist-to <folder>` names the storage, as for `wrangler dev`.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const wrangler = process.platform === "win32" ? "wrangler.cmd" : "wrangler";
const { status, error, stdout, stderr } = spawnSync(
  `${root}node_modules/.bin/${wrangler}`,
  ["d1", "migrations", "apply", "INDEX", "--local", ...process.argv.slice(2)],
  // CI: without it, wrangler asks whether to go on.
  { cwd: root, encoding: "utf8", env: { ...process.env, CI: "1" } },
);
if (status !== 0) {
  console.error(`The index's migrations could not be applied:\n${error ?? ""}${stdout ?? ""}${stderr ?? ""}`);
  process.exit(1);
}
