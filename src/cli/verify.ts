#!/usr/bin/env node
// `verify <bundle> --trust <policy>`: checks a chain offline. Exit 0 valid, 1 invalid, 2 unusable input, 3 incomplete.
import { parseArgs } from "node:util";
import {
  follow,
  type Lineage,
  type Report,
  UnusableInputError,
  type Verdict,
  verify,
} from "../chain/index.ts";
import { accept, type Result } from "../receipt/index.ts";
import { type BearerToken, readBearerToken, TOKEN_VARIABLE } from "./bearer-token.ts";
import { plainJson, plainText } from "./plain-text.ts";
import { complain, print } from "./print.ts";
import { lineageJson, printLineage } from "./print-lineage.ts";
import { printReport } from "./print-report.ts";
import { isUrl, readSource } from "./read-source.ts";

const USAGE = `usage: countersign-verify <bundle> --trust <policy> [options]

  <bundle>             a file, an http(s) URL, or - for standard input
  --trust <policy>     the trust policy to believe, a file or URL: a deployment's /.well-known/countersign.json, kept by you
  --expect-run <run>   the run that the bundle must be of
  --follow             also verify the run that this one continues, and so on to the first; further --trust name the policies
                       of their issuers, if they are others
  --parent <bundle>    with --follow: a parent's bundle as you hold it, to be compared with the one inside; may be repeated
  --allow-incomplete   exit 0 for a chain that verifies but is still open
  --json               print the report as JSON, and nothing else
  --help               print this

Where a deployment protects reading, COUNTERSIGN_TOKEN=<origin>=<token> in the environment is sent with the URLs of bundles
of that origin, and nowhere else. The origin is https://…, or http://localhost:<port>.

exit codes: 0 valid, 1 invalid, 2 unusable input or arguments, 3 incomplete`;

const NO_TRUST = `no trust policy is pinned: expected --trust <file or URL>.
Without one nothing is ever valid, for a key inside a bundle is only a hint. Get the issuer's /.well-known/countersign.json in a
way that you trust, keep it, and name it here.`;

const EXIT: Readonly<Record<Verdict, number>> = { valid: 0, invalid: 1, incomplete: 3 };

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const args = readArguments(argv);
  if (typeof args === "string") return complain(`${args}\n\n${USAGE}`);
  try {
    if (args !== null) return await judge(args);
    await print(USAGE);
    return 0;
  } catch (error) {
    // Not a verdict: the exit code of one must never stand for a failure to judge.
    if (error instanceof UnusableInputError) return complain(told(error));
    return complain(plainText(error instanceof Error ? error.message : String(error)));
  }
}

async function judge(args: Arguments): Promise<number> {
  // Read only where it may be sent, so that a misspelled one is no obstacle to checking files.
  const mayBeSent = [args.bundle, ...args.parents].some(isUrl);
  const token = readBearerToken(mayBeSent ? process.env[TOKEN_VARIABLE] : undefined);
  if (!token.ok) return complain(told(token.refusal));
  const bundle = await readSource(args.bundle, { token: token.value });
  if (!bundle.ok) return complain(told(bundle.refusal));
  const trust = await readSources(args.trust);
  if (!trust.ok) return complain(told(trust.refusal));
  const parents = await readSources(args.parents, token.value);
  if (!parents.ok) return complain(told(parents.refusal));
  const options = args.run === undefined ? {} : { run: args.run };
  const notes = args.trust
    .filter(isUrl)
    .map(
      (from) =>
        `who answers at ${from}: it says whose keys count, and was asked just now; better keep a copy`,
    );
  const { verdict, json, lines } = args.follow
    ? judgedLineage(await follow(bundle.value, trust.value, { ...options, parents: parents.value }), notes)
    : judgedRun(await verify(bundle.value, trust.value[0], options), bundle.value, notes);
  await print(args.json ? plainJson(json) : lines.join("\n"));
  return verdict === "incomplete" && args.allowIncomplete ? 0 : EXIT[verdict];
}

function judgedRun(report: Report, bundle: unknown, notes: readonly string[]) {
  return { verdict: report.verdict, json: report, lines: printReport(report, bundle, notes) };
}

function judgedLineage(lineage: Lineage, notes: readonly string[]) {
  return { verdict: lineage.verdict, json: lineageJson(lineage), lines: printLineage(lineage, notes) };
}

async function readSources(
  sources: readonly string[],
  token: BearerToken | null = null,
): Promise<Result<unknown[], "ERR_DOCUMENT">> {
  const values: unknown[] = [];
  for (const source of sources) {
    const read = await readSource(source, { token });
    if (!read.ok) return read;
    values.push(read.value);
  }
  return accept(values);
}

interface Arguments {
  readonly bundle: string;
  readonly trust: readonly string[];
  readonly run: string | undefined;
  readonly json: boolean;
  readonly allowIncomplete: boolean;
  readonly follow: boolean;
  readonly parents: readonly string[];
}

/** The arguments; null when only help is asked for; or what is wrong with them. */
function readArguments(argv: string[]): Arguments | string | null {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        trust: { type: "string", multiple: true, default: [] },
        follow: { type: "boolean", default: false },
        parent: { type: "string", multiple: true, default: [] },
        "expect-run": { type: "string" },
        "allow-incomplete": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return null;
    const [bundle, ...rest] = positionals;
    if (bundle === undefined || rest.length > 0) return `expected one bundle, got ${positionals.length}`;
    const { "expect-run": run, "allow-incomplete": allowIncomplete, json, trust, follow, parent } = values;
    if (trust.length === 0) return NO_TRUST;
    if (!follow && trust.length > 1) return "expected one --trust; more than one goes with --follow";
    if (!follow && parent.length > 0) return "expected --parent only with --follow";
    return { bundle, trust, run, allowIncomplete, json, follow, parents: parent };
  } catch (error) {
    return plainText(error instanceof Error ? error.message : String(error));
  }
}

function told({ code, message }: { readonly code: string; readonly message: string }): string {
  return plainText(`${code}: ${message}`);
}
