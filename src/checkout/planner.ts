// The planner that asks no model: the same evidence and the same words of reviewers always give the same proposal. It proposes only
// what it can derive from the evidence, and says why when it cannot.
import {
  type EarlierProposal,
  type Inherited,
  type ProposalPlan,
  type Situation,
  scripted,
} from "../domain/index.ts";
import { clip } from "./literal.ts";
import { applyWords, settle } from "./planner/apply-words.ts";
import { type Known, readEvidence } from "./planner/evidence.ts";
import { type Asked, codeOf, insertionsOf, type Setting, statusOf } from "./planner/guard.ts";
import { locateFault } from "./planner/locate-fault.ts";
import { writeInvestigation, writeProposal } from "./planner/scripts.ts";

export const checkoutPlanner = scripted({
  id: "checkout-scripted-1",
  investigate: ({ alert, inherited }) => writeInvestigation(alert, inherited),
  propose,
});

function propose({ evidence, proposals, inherited }: Situation): ProposalPlan | { readonly stop: string } {
  const known = readEvidence(evidence);
  if (typeof known === "string") return { stop: known };
  const { error, advice, files } = known;
  const fault = locateFault(files, error);
  if (!fault) return { stop: `No file in evidence reads “${error.property}” where a guard could answer.` };
  const setting = { fault, advice };
  const all = [...(inherited?.proposals ?? []), ...proposals];
  const sentBack = proposals.at(-1)?.decisions.find(({ decision }) => decision === "request_changes");
  const before = applyWords({}, reasonsOf(inherited?.proposals ?? []), setting);
  const here = applyWords(before.asked, reasonsOf(sentBack ? proposals.slice(0, -1) : proposals), setting);
  const newest = applyWords(here.asked, sentBack ? [sentBack.reason] : [], setting);
  const { asked } = newest;
  const insertions = insertionsOf(asked, setting);
  const patch = insertions.reduceRight(
    (s, { at, text }) => s.slice(0, at) + text + s.slice(at),
    fault.source,
  );
  if (all.some((one) => rejectionOf(one) && isWrite(one, fault.path, patch))) {
    return { stop: "A reviewer has rejected this very patch, and gave no direction that was understood." };
  }
  const told = inherited ? tellTaken(inherited, settle(before, asked)) : "";
  return {
    code: writeProposal(fault.path, fault.source, insertions),
    title: clip(`Answer ${statusOf(asked, setting)} where ${fault.base} can be undefined`, 120),
    summary: clip(`${summarize(error, asked, setting)}${told}`, 1500),
    risk: error.paths.length < error.failed ? "medium" : "low",
    feedback: sentBack ? settle(newest, asked) : null,
  };
}

function summarize({ failed, total, paths, message }: Known["error"], asked: Asked, setting: Setting) {
  const { fault, advice } = setting;
  const [status, code] = [statusOf(asked, setting), codeOf(asked, setting)];
  const line = fault.source.slice(0, fault.at).split(/\r\n|\r|\n/).length;
  const why = status === advice.status && code === advice.code ? `as “${advice.page}” advises` : "as asked";
  return (
    `Line ${line} of ${fault.path} reads ${fault.property} off ${fault.base}, which can be undefined. ` +
    `${failed} of ${total} probe requests fail, ${paths.length} of them with “${message}”. ` +
    `The patch answers ${status} with ${code} before that line, ${why}.`
  );
}

/** What reviewers said that asks for something else, oldest first. */
function reasonsOf(proposals: readonly EarlierProposal[]): string[] {
  const said = proposals.flatMap(({ decisions }) => decisions);
  return said.flatMap(({ decision, reason }) => (decision === "approve" || !reason.trim() ? [] : [reason]));
}

const rejectionOf = ({ decisions }: EarlierProposal) => decisions.find((one) => one.decision === "reject");

function isWrite({ action }: EarlierProposal, path: string, content: string): boolean {
  const args = new Map(Object.entries(action.args ?? {}));
  return args.get("path") === path && args.get("content") === content;
}

/** What a continued run made of the words that were handed on. */
function tellTaken(
  { run, proposals }: Inherited,
  { applied, notApplied }: ReturnType<typeof settle>,
): string {
  const rejected = proposals.findLast(rejectionOf);
  const why = rejected
    ? `, where a reviewer said no: “${clip(rejectionOf(rejected)?.reason ?? "", 300)}”`
    : "";
  const taken = applied.length > 0 ? ` Taken up from there: ${applied.join("; ")}.` : "";
  const left = notApplied.length > 0 ? ` Not taken up: ${notApplied.join("; ")}.` : "";
  return ` ${clip(`It continues ${run}${why}.${taken}${left}`, 600)}`;
}
