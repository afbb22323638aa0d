// What the planner remembers: the proposals before this one, in this run and in those that it continues, and what reviewers
// said to them. All of it comes from verified chains; nobody's account of a run is ever read here.
import { z } from "zod";
import { type Applied, applyFeedback, type Taken } from "./apply-feedback.ts";
import type { Guard, Setting } from "./guard.ts";
import type { EarlierProposal, HandedOn, ProposeInput, TriedProposal } from "./planner.ts";
import { clip } from "./script-literal.ts";

const MAX_TOLD = 600;

/** What reviewers said in this run before the newest feedback, in order. */
export function earlierReasons({ earlier, feedback }: ProposeInput): string[] {
  const reasons = reasonsOf(earlier);
  return feedback !== null && reasons.at(-1) === feedback ? reasons.slice(0, -1) : reasons;
}

/** What reviewers said in the runs before this one, in order. */
export function handedOnReasons({ handedOn }: ProposeInput): string[] {
  return reasonsOf(handedOn?.tried ?? []);
}

function reasonsOf(proposals: readonly EarlierProposal[]): string[] {
  return proposals
    .filter(
      ({ decision, reason }) =>
        (decision === "request_changes" || decision === "reject") && reason.trim() !== "",
    )
    .map(({ reason }) => reason);
}

/** Applies texts one after the other, and keeps what became of each. */
export function applyReasons(start: Guard, reasons: readonly string[], setting: Setting): Taken {
  const taken: Taken = { guard: start, claims: [], notApplied: [] };
  for (const reason of reasons) {
    const { guard, claims, notApplied } = applyFeedback(taken.guard, reason, setting);
    taken.guard = guard;
    taken.claims.push(...claims);
    taken.notApplied.push(...notApplied);
  }
  return taken;
}

const Write = z.object({ path: z.string(), content: z.string() });

/**
 * Whether a reviewer's rejection of this very content stands, in this run or in one before it. It stands until later words lead
 * away from the content and back to it: who said "409" and then "400 was right after all" has changed their mind, and is heard.
 * @param contentsAfter the content after none of these reasons, after the first, and so on to the last.
 */
export function isRejected(
  path: string,
  content: string,
  input: ProposeInput,
  contentsAfter: (reasons: readonly string[]) => (string | null)[],
): boolean {
  const proposals = [...(input.handedOn?.tried ?? []), ...input.earlier];
  const last = proposals.findLastIndex(({ decision, action }) => {
    const write = Write.safeParse(action.args).data;
    return decision === "reject" && write?.path === path && write.content === content;
  });
  if (last < 0) return false;
  const reasons = [
    ...handedOnReasons(input),
    ...earlierReasons(input),
    ...(input.feedback === null ? [] : [input.feedback]),
  ];
  const saidByThen = reasonsOf(proposals.slice(0, last + 1)).length;
  return contentsAfter(reasons)
    .slice(saidByThen)
    .every((after) => after === content);
}

/** Where a continued run starts from, in a sentence. */
export function tellOutset({ run, outcome, stillFailing, tried }: HandedOn): string {
  const { requests, failed } = stillFailing.tally;
  const rejected = tried.filter(({ decision }) => decision === "reject").length;
  const ended = { resolved: "resolved", unresolved: "unresolved", not_run: "with nothing written" }[outcome];
  return `Continues ${run}, which ended ${ended}, ${failed} of ${requests} requests failing; ${count(tried.length, "proposal")} so far, ${rejected} rejected.`;
}

/** What a continued run made of the reviewers' words that were handed on, to be added to a summary. */
export function tellTaken({ run, tried }: HandedOn, { applied, notApplied }: Applied): string {
  const rejected = tried.findLast(({ decision }) => decision === "reject");
  const turnedDown = rejected ? tellRejected(rejected) : ` It continues ${run}.`;
  const taken = applied.length > 0 ? ` Taken up from there: ${applied.join("; ")}.` : "";
  const left = notApplied.length > 0 ? ` Not taken up: ${notApplied.join("; ")}.` : "";
  return clip(`${turnedDown}${taken}${left}`, MAX_TOLD);
}

function tellRejected({ run, reason }: TriedProposal): string {
  const words = oneLine(reason);
  const why = words === "" ? ", without a word." : `: “${clip(words, 300)}”`;
  return ` A reviewer rejected the proposal of ${run}${why}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
