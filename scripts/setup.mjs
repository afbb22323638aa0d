// Makes a fresh clone ready: installs what the lockfile names, and writes local signing keys when there are none.
// Runs on whatever Node the host has (20 or newer), before anything is installed, so it uses only Node's own modules.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const at = (path) => `${root}${path}`;

const installed = at("node_modules/.package-lock.json");
const current =
  existsSync(installed) && statSync(installed).mtimeMs >= statSync(at("package-lock.json")).mtimeMs;
if (!current) {
  console.error("Installing dependencies (npm ci) …");
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const { status } = spawnSync(
    npm[0],
    [...npm.slice(1), "ci", "--no-audit", "--no-fund", "--loglevel=error"],
    // What the command itself prints is all that stands on its stdout: a report, or secrets.
    { cwd: root, stdio: ["inherit", 2, "inherit"] },
  );
  // Of `verify`, 1 says that a chain is invalid; that nothing could be judged is 2.
  if (status !== 0) process.exit(2);
}

if (!existsSync(at(".dev.vars"))) {
  const names = ["AGENT_SIGNING_KEY", "HUMAN_SIGNING_KEY", "RUNTIME_SIGNING_KEY"];
  const lines = names.map((name) => `${name}="${randomBytes(32).toString("base64url")}"`);
  writeFileSync(
    at(".dev.vars"),
    `# Fresh local keys, made by scripts/setup.mjs. Never commit or deploy them.\n${lines.join("\n")}\n`,
    {
      mode: 0o600,
    },
  );
  console.error("Wrote .dev.vars with three fresh local signing keys.");
}
