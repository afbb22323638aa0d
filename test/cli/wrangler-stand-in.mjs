#!/usr/bin/env node
// In place of `wrangler` for what needs an account: notes what it is called with, and answers as the environment says. The dry run is
// the real one's.
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";

const args = process.argv.slice(2);
const { CALLS = "", LOGGED_IN, WORKER_SECRETS, DEPLOYED = "0", REAL_WRANGLER = "" } = process.env;
const at = args.indexOf("--secrets-file");
const secrets = at < 0 ? null : JSON.parse(readFileSync(args[at + 1] ?? "", "utf8"));
appendFileSync(CALLS, `${JSON.stringify({ args, secrets })}\n`);

if (args.includes("--dry-run")) {
  process.exitCode = spawnSync(REAL_WRANGLER, args, { stdio: "inherit" }).status ?? 1;
} else if (args[0] === "whoami") {
  process.stdout.write(JSON.stringify({ loggedIn: Boolean(LOGGED_IN) }));
  process.exitCode = LOGGED_IN ? 0 : 1;
} else if (args[0] === "secret") {
  if (WORKER_SECRETS === undefined) {
    console.error('\n✘ [ERROR] Worker "countersign" not found.\n');
    process.exitCode = 1;
  } else
    process.stdout.write(
      JSON.stringify(JSON.parse(WORKER_SECRETS).map((name) => ({ name, type: "secret_text" }))),
    );
} else if (args[0] === "deploy") process.exitCode = Number(DEPLOYED);
