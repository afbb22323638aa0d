#!/usr/bin/env node
// `review <run URL> --trust <file> --key <file>`: shows a reviewer on their own machine what they decide on, from a chain that was verified
// there, and signs their decision with their own key. Exit 0 decided, 1 invalid, 2 unusable, 3 not decided, 4 refused.
import {
  type Inspection,
  inspect,
  nextStep,
  readBundle,
  readTrustPolicy,
  type Trust,
} from "../chain/index.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";
import { laidOutJson } from "../view/laid-out-json.ts";
import { askDecision } from "./ask-decision.ts";
import { readBearerToken, TOKEN_VARIABLE } from "./bearer-token.ts";
import { breakIntoColumns, terminalColumns } from "./columns.ts";
import { contentLines } from "./content-lines.ts";
import { proposalLines } from "./describe-proposal.ts";
import { describeResult } from "./describe-result.ts";
import { chooseRole, findSelf, signDecision } from "./own-decision.ts";
import { exactName, plainText } from "./plain-text.ts";
import { complain, print } from "./print.ts";
import { printReport } from "./print-report.ts";
import { readSource } from "./read-source.ts";
import { type Arguments, DECISIONS, readArguments, USAGE } from "./review-arguments.ts";
import { type Place, sendDecision } from "./send-decision.ts";
import { readPublicKey, signWith } from "./ssh-keygen.ts";

/** The width where nobody says how wide the terminal is. */
const USUAL_COLUMNS = 100;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const args = readArguments(argv);
  if (typeof args === "string") return complain(`${args}\n\n${USAGE}`);
  try {
    if (args !== null) return await review(args);
    await print(USAGE);
    return 0;
  } catch (error) {
    return complain(shown(error instanceof Error ? error.message : String(error)));
  }
}

async function review(args: Arguments): Promise<number> {
  const token = readBearerToken(process.env[TOKEN_VARIABLE]);
  if (!token.ok) return told(2, token.refusal);
  const document = await readSource(args.trust);
  if (!document.ok) return told(2, document.refusal);
  const trust = readTrustPolicy(document.value);
  if (!trust.ok) return told(2, trust.refusal);
  const self = await findSelf(await readPublicKey(args.key), trust.value);
  if (!self.ok) return told(4, self.refusal);
  const place = { origin: args.origin, run: args.run, token: token.value };
  const seen = await verified(place, trust.value);
  if (!seen.ok) return told(2, seen.refusal);
  const { report, run, replayed } = seen.value;
  if (report.verdict === "invalid" || !run) return invalid(seen.value);
  if (nextStep(replayed.state)?.kind !== "decision") {
    return told(3, { code: run.status, message: `no decision is due: ${describeResult(run, true)}` });
  }
  const columns = terminalColumns(process.stdout) ?? USUAL_COLUMNS;
  await say(proposalLines(seen.value, run, columns, notesOn(trust.value)), columns);
  const role = chooseRole(seen.value, self.value, trust.value, args.role, now());
  if (!role.ok) return told(4, role.refusal);
  await say(
    ["", `you are ${exactName(self.value.reviewer)}, and decide as ${exactName(role.value)}`],
    columns,
  );
  const { decision: word, reason = "" } = args;
  const said = word ? { decision: word, reason } : await askDecision();
  if (!said) return told(3, { code: run.status, message: "you gave no decision, and nothing was signed" });
  const intended = {
    decision: DECISIONS[said.decision],
    reason: said.reason,
    reviewer: self.value.reviewer,
    role: role.value,
    edit: null,
  };
  const own = await signDecision(seen.value, self.value, intended, trust.value, now, async (intent) => {
    const shown = laidOutJson(JSON.parse(new TextDecoder().decode(intent)), "", 0);
    await say(["", "you sign", ...contentLines(shown, columns)], columns);
    return signWith(args.key, intent);
  });
  if (!own.ok) return told(4, own.refusal);
  const sent = await sendDecision(place, own.value, () => verified(place, trust.value, seen.value));
  if (!sent.ok) return told(sent.refusal.code === "ERR_DOCUMENT" ? 2 : 4, sent.refusal);
  if (sent.value.report.verdict === "invalid" || !sent.value.run) return invalid(sent.value);
  const { count, head, verdict } = sent.value.report;
  const result = describeResult(sent.value.run, verdict === "incomplete");
  await say(["", `your decision is in the chain: ${count} receipts, head ${head}`, result], columns);
  return 0;
}

/** The run's bundle as it is served now, verified; once the reviewer has seen a chain, as one that goes on from it. */
async function verified(place: Place, trust: Trust, seen?: Inspection): Promise<Result<Inspection, string>> {
  const url = `${place.origin}/api/runs/${place.run}/bundle`;
  const document = await readSource(url, { token: place.token });
  if (!document.ok) return document;
  const bundle = readBundle(document.value);
  if (!bundle.ok) return refuse(bundle.refusal.code, `${url}: ${bundle.refusal.message}`);
  const { count, head } = seen?.replayed.state ?? {};
  const kept = count && head ? { head: { seq: count - 1, digest: head } } : {};
  return accept(await inspect(bundle.value, trust, { run: place.run, ...kept }));
}

/** Prints lines; none goes on at the left edge of a terminal. */
function say(lines: readonly string[], columns: number): Promise<void> {
  return print(lines.flatMap((line) => breakIntoColumns(line, columns)).join("\n"));
}

/** What only somebody who decides has to be told. */
function notesOn({ policies }: Trust): string[] {
  if (policies !== null) return [];
  return [
    "that these are the rules you want: the trust policy pins none, so the server chose who decides, and with what key",
  ];
}

/** Says what is wrong with a chain, as `countersign-verify` does. Nothing of it is shown as if it held. */
async function invalid(inspection: Inspection): Promise<number> {
  const columns = terminalColumns(process.stdout);
  await print(printReport(inspection, null, { columns }).join("\n"));
  return 1;
}

function told(
  exitCode: number,
  { code, message }: { readonly code: string; readonly message: string },
): number {
  complain(shown(`${code}: ${message}`));
  return exitCode;
}

/** For standard error: a refusal may quote what it refuses. */
function shown(message: string): string {
  return breakIntoColumns(plainText(message, 2000), terminalColumns(process.stderr)).join("\n");
}

function now(): string {
  return new Date().toISOString();
}
