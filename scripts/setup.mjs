// Makes a fresh clone ready: installs what the lockfile names, and writes local signing keys when there are none. With --omit=dev it
// installs only what the Worker and the commands need, and takes nothing away that stands there for tests.
// Runs on whatever Node the host has (20 or newer), before anything is installed, so it uses only Node's own modules. Ends with 2
// where the command after it could not run: of `verify`, 1 says that a chain is invalid.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, delimiter } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const at = (path) => `${root}${path}`;

/** Left in node_modules by package managers other than npm, which look after it by themselves. */
const OTHERS = [".modules.yaml", ".yarn-integrity", ".yarn-state.yml"];

if (!OTHERS.some((name) => existsSync(at(`node_modules/${name}`)))) installWhatIsMissing();
requireNode();
writeKeys();

function installWhatIsMissing() {
  const path = at("node_modules/.package-lock.json");
  const installed = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
  const whole = Object.values(installed).some(({ dev }) => dev);
  const omit = process.argv.includes("--omit=dev") && !whole;
  const current = existsSync(path) && statSync(path).mtimeMs >= statSync(at("package-lock.json")).mtimeMs;
  if (!current || !(omit || whole)) install(omit ? "--omit=dev" : "--include=dev");
}

function install(which) {
  console.error(`Installing dependencies (npm ci ${which}) …`);
  // Another package manager names itself here, and knows neither the lockfile nor the options.
  const caller = process.env.npm_execpath ?? "";
  const npm = /^npm\b/.test(basename(caller)) ? [process.execPath, caller] : ["npm"];
  const { status, error } = spawnSync(
    npm[0],
    [...npm.slice(1), "ci", which, "--no-audit", "--no-fund", "--loglevel=error"],
    // What the command itself prints is all that stands on its stdout: a report, or secrets.
    { cwd: root, stdio: ["inherit", 2, "inherit"] },
  );
  if (error) console.error(`npm could not be started: ${error.message}`);
  if (status !== 0) process.exit(2);
}

/** The Node that runs the project's commands: its own, which npm puts first, or the host's. From 22.18 on it reads TypeScript. */
function requireNode() {
  const PATH = `${at("node_modules/.bin")}${delimiter}${process.env.PATH}`;
  const { stdout } = spawnSync("node", ["--version"], {
    encoding: "utf8",
    env: { ...process.env, PATH },
    shell: process.platform === "win32",
  });
  const version = (stdout ?? "").trim();
  const [major = 0, minor = 0] = version.replace("v", "").split(".").map(Number);
  if (major > 23 || (major === 22 && minor >= 18) || (major === 23 && minor >= 6)) return;
  console.error(`This needs Node 22.18 or newer, and ${version || "none"} would run it.
The project brings Node 24 in the package "node", whose install script was not allowed to run. Allow it once:

  npm rebuild --ignore-scripts=false node       (pnpm: pnpm rebuild node)

or put a newer Node on the PATH.`);
  process.exit(2);
}

function writeKeys() {
  if (existsSync(at(".dev.vars"))) return;
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
