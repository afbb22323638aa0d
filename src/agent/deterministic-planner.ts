// The planner that needs no account: the same evidence and feedback always give the same proposal.
// It proposes only what it can derive from the evidence, and says why when it cannot.
import { type Applied, applyFeedback, settle } from "./apply-feedback.ts";
import { defaultGuard, type Guard, type Setting } from "./guard.ts";
import { writeInvestigation } from "./investigate.ts";
import { locateFault } from "./locate-fault.ts";
import type { Plan, Planner, ProposeInput } from "./planner.ts";
import { readAdvice } from "./read-advice.ts";
import { type CommonError, commonError, type ProbeEvidence, readEvidence } from "./read-evidence.ts";
import { applyReasons, earlierReasons, handedOnReasons, isRejected, tellTaken } from "./recall.ts";
import { clip } from "./script-literal.ts";
import { readSurroundings } from "./surroundings.ts";
import { applyEdits, type Edit, writeGuard } from "./write-guard.ts";
import { writeProposalScript } from "./write-proposal-script.ts";

const MAX_SUMMARY = 1500;

interface Case extends Setting {
  probe: ProbeEvidence;
  error: CommonError;
}

function understandCase({ evidence }: ProposeInput): Case | string {
  const { probe, pages, files } = readEvidence(evidence);
  if (!probe) return "The evidence holds no probe report.";
  if (probe.tally.failed === 0) return "No request fails, so there is nothing to cure.";
  const error = commonError(probe);
  if (!error) return "The failures do not say which property was read off nothing.";
  const fault = locateFault(files, error);
  if (!fault) {
    return clip(
      `No file in evidence reads “${error.property}” in a place where a guard could answer.`,
      MAX_SUMMARY,
    );
  }
  const advice = readAdvice(pages);
  if (!advice)
    return "No runbook in evidence advises which status from 400 to 451 and which error code to answer with.";
  return { probe, error, fault, advice, around: readSurroundings(fault, files) };
}

function summarize(
  { probe, error, fault, advice }: Case,
  guard: Guard,
  newest: Applied | null,
  recalled: string,
): string {
  const { tally } = probe;
  const source =
    guard.status === advice.status && guard.code === advice.code
      ? `as the runbook “${advice.page}” advises`
      : "as asked";
  const all = error.times === tally.failed;
  const what =
    `${tally.failed} of ${tally.requests} probe requests fail, ${all ? "all" : error.times} of them with “${error.message}”: ` +
    `${fault.path} line ${fault.line} reads ${fault.property} off ${fault.base}, which can be undefined.`;
  const cure = `The patch answers ${guard.status} with ${guard.code} before that line, ${source}.`;
  const nothing =
    newest && newest.applied.length === 0 ? " Nothing in the newest feedback could be applied." : "";
  return clip(`${what} ${cure}${recalled}${nothing}`, MAX_SUMMARY);
}

/** Low for a guard in one file that explains every failure; medium when it leaves some unexplained. */
function riskOf({ probe, error }: Case, edits: readonly Edit[]): "low" | "medium" {
  return error.times < probe.tally.failed || edits.length > 2 ? "medium" : "low";
}

/** The patched file as it is without any of these reasons, with the first, and so on to the last. */
function contentsAfter(reasons: readonly string[], start: Guard, found: Case): (string | null)[] {
  const guards = [start];
  for (const reason of reasons) guards.push(applyFeedback(guards.at(-1) ?? start, reason, found).guard);
  const { fault, around } = found;
  return guards.map((guard) => applyEdits(fault.source, writeGuard(guard, fault, around)));
}

function propose(input: ProposeInput): Plan {
  const found = understandCase(input);
  if (typeof found === "string") return { propose: false, reason: found };
  const { fault, around, advice, probe } = found;
  const start = defaultGuard(advice, fault);
  const handedOn = applyReasons(start, handedOnReasons(input), found);
  const { guard: earlier } = applyReasons(handedOn.guard, earlierReasons(input), found);
  const newest = input.feedback === null ? null : applyFeedback(earlier, input.feedback, found);
  const guard = newest?.guard ?? earlier;
  const answered = newest && settle(newest, guard, found);
  const edits = writeGuard(guard, fault, around);
  const content = applyEdits(fault.source, edits);
  if (content === null)
    return { propose: false, reason: `No text in ${fault.path} marks the place of the patch.` };
  if (isRejected(fault.path, content, input, (reasons) => contentsAfter(reasons, start, found))) {
    return {
      propose: false,
      reason: "A reviewer has rejected this very patch, and gave no other direction that was understood.",
    };
  }
  const { failed, goodFailed } = probe.tally;
  return {
    propose: true,
    code: writeProposalScript({ path: fault.path, edits, failed, goodFailed }),
    summary: summarize(
      found,
      guard,
      answered,
      input.handedOn ? tellTaken(input.handedOn, settle(handedOn, guard, found)) : "",
    ),
    risk: riskOf(found, edits),
    feedback: answered,
  };
}

export const deterministicPlanner: Planner = {
  investigate: (alert, handedOn = null) => ({ code: writeInvestigation(alert, handedOn) }),
  propose,
};
