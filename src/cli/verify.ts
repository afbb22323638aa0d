#!/usr/bin/env node
// `verify <bundle> --trust <policy>`: checks a chain offline. Exit 0 valid, 1 invalid, 2 unusable input, 3 incomplete, 4 not as required.
import {
  follow,
  type Lineage,
  type Report,
  UnusableInputError,
  type Verdict,
  type Verification,
  verify,
} from "../chain/index.ts";
import { accept, type Result } from "../receipt/index.ts";
import { type BearerToken, readBearerToken, TOKEN_VARIABLE } from "./bearer-token.ts";
import { breakIntoColumns, terminalColumns } from "./columns.ts";
import { plainJson, plainText } from "./plain-text.ts";
import { complain, print } from "./print.ts";
import { lineageJson, printLineage, reportJson } from "./print-lineage.ts";
import { type Layout, printReport } from "./print-report.ts";
import { isUrl, readSource } from "./read-source.ts";
import { type Arguments, readArguments, USAGE } from "./verify-arguments.ts";

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
    return complain(shown(error instanceof Error ? error.message : String(error)));
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
  const notes = args.trust
    .filter(isUrl)
    .map(
      (from) =>
        `who answers at ${from}: it says whose keys count, and was asked just now; better keep a copy`,
    );
  const layout = { columns: terminalColumns(process.stdout), notes };
  const { verdict, report, json, lines } = args.follow
    ? judgedLineage(
        await follow(bundle.value, trust.value, { ...args.options, parents: parents.value }),
        layout,
      )
    : judgedRun(bundle.value, await verify(bundle.value, trust.value[0], args.options), layout);
  await print(args.json ? plainJson(json) : lines.join("\n"));
  return exitCode(verdict, report, args.allowIncomplete);
}

/** Of a chain that is invalid nothing that was required is known, so that comes first. */
function exitCode(verdict: Verdict, report: Report | undefined, allowIncomplete: boolean): number {
  if (verdict === "invalid") return 1;
  if (report?.checks.some(({ id, ok }) => id === "require" && !ok)) return 4;
  return verdict === "valid" || allowIncomplete ? 0 : 3;
}

function judgedRun(bundle: unknown, verification: Verification, layout: Layout) {
  const { report } = verification;
  const lines = printReport(verification, bundle, layout);
  return { verdict: report.verdict, report, json: reportJson(verification), lines };
}

function judgedLineage(lineage: Lineage, layout: Layout) {
  const { verdict, runs } = lineage;
  return {
    verdict,
    report: runs[0]?.report,
    json: lineageJson(lineage),
    lines: printLineage(lineage, layout),
  };
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

function told({ code, message }: { readonly code: string; readonly message: string }): string {
  return shown(`${code}: ${message}`);
}

/** For standard error: a refusal may quote the document that it refuses. */
function shown(message: string): string {
  return breakIntoColumns(plainText(message), terminalColumns(process.stderr)).join("\n");
}
