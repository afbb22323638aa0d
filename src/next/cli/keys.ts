#!/usr/bin/env node
// `countersign-keys`: prints three fresh signing secrets as JSON, the form that `wrangler secret bulk` reads. Keeps no copy.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { complain, print } from "./print.ts";

const USAGE = `usage: countersign-keys

Prints three fresh secrets, AGENT_SIGNING_KEY, HUMAN_SIGNING_KEY and RUNTIME_SIGNING_KEY, as JSON. They cannot be shown again.`;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  try {
    const { values } = parseArgs({ args: argv, options: { help: { type: "boolean", default: false } } });
    await print(values.help ? USAGE : freshKeys());
    return 0;
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function freshKeys(): string {
  const names = ["AGENT_SIGNING_KEY", "HUMAN_SIGNING_KEY", "RUNTIME_SIGNING_KEY"];
  return JSON.stringify(
    Object.fromEntries(names.map((name) => [name, randomBytes(32).toString("base64url")])),
    null,
    2,
  );
}
