#!/usr/bin/env node
// `countersign-reviewer-token <id>`: makes a reviewer's token, and the entry of `REVIEWER_TOKENS` that knows it by its hash. Keeps no copy.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { textField } from "../receipt/fields.ts";
import { sha256Hex } from "../receipt/index.ts";
import { complain, print } from "./print.ts";

const USAGE = `usage: countersign-reviewer-token <id> [--start-only]

  <id>          who the receipts will name, for example alice@example.com
  --start-only  for a machine that raises alerts: its token starts runs and never decides
  --help        print this

Give "token" to its holder; it cannot be shown again. Put "entry" into the JSON array that is the secret REVIEWER_TOKENS.`;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const args = readArguments(argv);
  if (typeof args === "string") return complain(`${args}\n\n${USAGE}`);
  try {
    await print(args === null ? USAGE : freshToken(args));
    return 0;
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
}

function freshToken({ id, startOnly }: { readonly id: string; readonly startOnly: boolean }): string {
  // 256 random bits: nobody guesses them, so a plain hash protects them as well as a slow one would.
  const token = `countersign_${randomBytes(32).toString("base64url")}`;
  const sha256 = sha256Hex(new TextEncoder().encode(token));
  const entry = { id, sha256, ...(startOnly && { may: "start" }) };
  return JSON.stringify({ token, entry }, null, 2);
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
