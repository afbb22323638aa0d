#!/usr/bin/env node
// `countersign-keys`: prints three fresh signing secrets, in a form that wrangler reads. Keeps no copy.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { complain, print } from "./print.ts";

const USAGE = `usage: countersign-keys [--env]

Prints three fresh secrets, AGENT_SIGNING_KEY, HUMAN_SIGNING_KEY and RUNTIME_SIGNING_KEY. They cannot be shown again.

  (nothing)  as JSON, for \`wrangler secret bulk\`
  --env      as lines, for .dev.vars
  --help     print this`;

const SWITCH = { type: "boolean", default: false } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  try {
    const { values } = parseArgs({ args: argv, options: { env: SWITCH, help: SWITCH } });
    await print(values.help ? USAGE : freshKeys(values.env));
    return 0;
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function freshKeys(asLines: boolean): string {
  const names = ["AGENT_SIGNING_KEY", "HUMAN_SIGNING_KEY", "RUNTIME_SIGNING_KEY"];
  const keys = names.map((name) => [name, randomBytes(32).toString("base64url")] as const);
  if (asLines) return keys.map(([name, key]) => `${name}=${key}`).join("\n");
  return JSON.stringify(Object.fromEntries(keys), null, 2);
}
