#!/usr/bin/env node
// `verify <bundle> --trust <policy>`: checks a chain offline. Exit 0 valid, 1 invalid, 2 unusable input, 3 incomplete.
import { parseArgs } from "node:util";
import { UnusableInputError, type Verdict, verify } from "../chain/index.ts";
import { printReport } from "./print-report.ts";
import { readSource } from "./read-source.ts";

const USAGE = `usage: verify <bundle file or URL> --trust <file or URL> [options]

  --trust <file or URL>  the trust policy to believe (a deployment's /.well-known/countersign.json, pinned by you)
  --expect-run <run>     the run that the bundle must be of
  --allow-incomplete     exit 0 for a chain that verifies but is still open
  --json                 print the report as JSON, and nothing else

exit codes: 0 valid, 1 invalid, 2 unusable input or arguments, 3 incomplete`;

const EXIT: Readonly<Record<Verdict, number>> = { valid: 0, invalid: 1, incomplete: 3 };

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const args = readArguments(argv);
  if (typeof args === "string") return unusable(args);
  const bundle = await readSource(args.bundle);
  if (!bundle.ok) return unusable(bundle.refusal.message);
  const trust = await readSource(args.trust);
  if (!trust.ok) return unusable(trust.refusal.message);
  try {
    const report = await verify(bundle.value, trust.value, args.run === undefined ? {} : { run: args.run });
    const lines = args.json ? [JSON.stringify(report, null, 2)] : printReport(report, bundle.value);
    process.stdout.write(`${lines.join("\n")}\n`);
    return report.verdict === "incomplete" && args.allowIncomplete ? 0 : EXIT[report.verdict];
  } catch (error) {
    if (error instanceof UnusableInputError) return unusable(`${error.code}: ${error.message}`);
    throw error;
  }
}

function readArguments(argv: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        trust: { type: "string" },
        "expect-run": { type: "string" },
        "allow-incomplete": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const [bundle, ...rest] = positionals;
    if (bundle === undefined || rest.length > 0) return `expected one bundle, got ${positionals.length}`;
    if (values.trust === undefined) return "expected --trust: without a trust policy nothing is ever valid";
    const { "expect-run": run, "allow-incomplete": allowIncomplete, json, trust } = values;
    return { bundle, trust, run, allowIncomplete, json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function unusable(message: string): number {
  process.stderr.write(`${message}\n\n${USAGE}\n`);
  return 2;
}
