#!/usr/bin/env node
// `reviewer-token <id>`: makes a reviewer's token, and the entry of `REVIEWER_TOKENS` that knows it by its hash. Keeps no copy.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { textField } from "../receipt/fields.ts";
import { sha256Hex } from "../receipt/index.ts";

const USAGE = `usage: reviewer-token <id> [--start-only]

  <id>          who the receipts will name, for example alice@example.com
  --start-only  for a machine that raises alerts: its token starts runs and never decides
  --help        print this

Give "token" to its holder; it cannot be shown again. Put "entry" into the JSON array that is the secret REVIEWER_TOKENS.`;

process.exitCode = main(process.argv.slice(2));

function main(argv: string[]): number {
  const args = readArguments(argv);
  if (typeof args === "string") {
    process.stderr.write(`${args}\n\n${USAGE}\n`);
    return 2;
  }
  if (args === null) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  // 256 random bits: nobody guesses them, so a plain hash protects them as well as a slow one would.
  const token = `countersign_${randomBytes(32).toString("base64url")}`;
  const sha256 = sha256Hex(new TextEncoder().encode(token));
  const entry = { id: args.id, sha256, ...(args.startOnly && { may: "start" }) };
  process.stdout.write(`${JSON.stringify({ token, entry }, null, 2)}\n`);
  return 0;
}

/** The arguments; null when only help is asked for; or what is wrong with them. */
function readArguments(argv: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        "start-only": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return null;
    const [id, ...rest] = positionals;
    if (id === undefined || rest.length > 0) return `expected one id, got ${positionals.length}`;
    const checked = textField(200, 1).safeParse(id);
    if (!checked.success) return `the id does not fit a receipt: ${checked.error.issues[0]?.message}`;
    return { id, startOnly: values["start-only"] };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
