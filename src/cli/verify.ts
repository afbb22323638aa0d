#!/usr/bin/env node
// `verify <bundle> --trust <policy>`: checks a chain offline. Exit 0 valid, 1 invalid, 2 unusable input, 3 incomplete.
import { parseArgs } from "node:util";
import { UnusableInputError, type Verdict, verify } from "../chain/index.ts";
import { plainJson, plainText } from "./plain-text.ts";
import { printReport } from "./print-report.ts";
import { isUrl, readSource } from "./read-source.ts";

const USAGE = `usage: countersign-verify <bundle> --trust <policy> [options]

  <bundle>             a file, an http(s) URL, or - for standard input
  --trust <policy>     the trust policy to believe, a file or URL: a deployment's /.well-known/countersign.json, kept by you
  --expect-run <run>   the run that the bundle must be of
  --allow-incomplete   exit 0 for a chain that verifies but is still open
  --json               print the report as JSON, and nothing else
  --help               print this

exit codes: 0 valid, 1 invalid, 2 unusable input or arguments, 3 incomplete`;

const NO_TRUST = `no trust policy is pinned: expected --trust <file or URL>.
Without one nothing is ever valid, for a key inside a bundle is only a hint. Get the issuer's /.well-known/countersign.json in a
way that you trust, keep it, and name it here.`;

const EXIT: Readonly<Record<Verdict, number>> = { valid: 0, invalid: 1, incomplete: 3 };

// A reader that has seen enough, such as `head`, is no failure; the exit code still tells the verdict.
process.stdout.on("error", () => {});
process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const args = readArguments(argv);
  if (typeof args === "string") return unusable(`${args}\n\n${USAGE}`);
  if (args === null) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  try {
    return await judge(args);
  } catch (error) {
    // Not a verdict: the exit code of one must never stand for a failure to judge.
    return unusable(
      plainText(error instanceof UnusableInputError ? `${error.code}: ${error.message}` : `${error}`),
    );
  }
}

async function judge({
  bundle: from,
  trust: trustFrom,
  run,
  json,
  allowIncomplete,
}: Arguments): Promise<number> {
  const bundle = await readSource(from);
  if (!bundle.ok) return unusable(plainText(bundle.refusal.message));
  const trust = await readSource(trustFrom);
  if (!trust.ok) return unusable(plainText(trust.refusal.message));
  const report = await verify(bundle.value, trust.value, run === undefined ? {} : { run });
  const notes = isUrl(trustFrom)
    ? [`who answers at ${trustFrom}: it says whose keys count, and was asked just now; better keep a copy`]
    : [];
  process.stdout.write(`${json ? plainJson(report) : printReport(report, bundle.value, notes).join("\n")}\n`);
  return report.verdict === "incomplete" && allowIncomplete ? 0 : EXIT[report.verdict];
}

interface Arguments {
  readonly bundle: string;
  readonly trust: string;
  readonly run: string | undefined;
  readonly json: boolean;
  readonly allowIncomplete: boolean;
}

/** The arguments; null when only help is asked for; or what is wrong with them. */
function readArguments(argv: string[]): Arguments | string | null {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        trust: { type: "string" },
        "expect-run": { type: "string" },
        "allow-incomplete": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return null;
    const [bundle, ...rest] = positionals;
    if (bundle === undefined || rest.length > 0) return `expected one bundle, got ${positionals.length}`;
    const { "expect-run": run, "allow-incomplete": allowIncomplete, json, trust } = values;
    if (trust === undefined) return NO_TRUST;
    return { bundle, trust, run, allowIncomplete, json };
  } catch (error) {
    return plainText(error instanceof Error ? error.message : String(error));
  }
}

function unusable(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}
