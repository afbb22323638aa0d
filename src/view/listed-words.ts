// Where a listed run stands, in plain words: for its line on the desk. From the index, so it may be a moment behind its run.
import type { ListedRun } from "../host/run-index.ts";
import type { Tone } from "./page.tsx";
import { compareChecks, inShort } from "./result-words.ts";
import { plain } from "./shown-text.tsx";

/** `title` is a word or two with its full stop; `sentence` the numbers or words behind it, perhaps none. */
export interface ListedWords {
  readonly title: string;
  readonly sentence: string;
  readonly tone: Tone;
}

/** True while somebody can still decide: what cannot be opened, or whose time is up as of `now`, waits for nobody. */
export function waits({ status, expiresAt, unopenable }: ListedRun, now: string): boolean {
  return (
    status === "awaiting_decision" && unopenable === undefined && (expiresAt === null || expiresAt > now)
  );
}

/** Describes a run that does not wait. */
export function listedWords(entry: ListedRun): ListedWords {
  const { status, outcome, decided, proposal, unopenable } = entry;
  if (unopenable !== undefined) return { title: "Cannot be opened.", sentence: unopenable, tone: "bad" };
  switch (status) {
    case "investigating":
      return { title: "Investigating.", sentence: "", tone: "working" };
    case "executing":
      return { title: "Working.", sentence: approvedBy(entry), tone: "working" };
    case "completed": {
      const measured = outcome && compareChecks(outcome.checks);
      return measured ?? { title: "Done, not measured.", sentence: approvedBy(entry), tone: "quiet" };
    }
    case "rejected": {
      const by = decided ? ` by ${plain(decided.by, "name")}` : "";
      return { title: `Rejected${by}.`, sentence: changedWords(entry), tone: "quiet" };
    }
    case "unknown":
      return { title: "It may or may not have happened.", sentence: "", tone: "bad" };
    case "failed":
      return {
        title: proposal ? "Not done." : "Nothing proposed.",
        sentence: `${inShort(outcome?.reason ?? "")} ${changedWords(entry)}`.trim(),
        tone: "bad",
      };
    // One that waits no more, and whose run has not come to say so.
    case "awaiting_decision":
    case "expired":
      return {
        title: "Expired.",
        sentence: `Nobody decided in time. ${changedWords(entry)}`.trim(),
        tone: "quiet",
      };
  }
}

function approvedBy({ decided }: ListedRun): string {
  return decided?.decision === "approve" ? `Approved by ${plain(decided.by, "name")}.` : "";
}

/** A run may have made an earlier call before the one that was not made; the outcome tells. */
function changedWords({ outcome }: ListedRun): string {
  if (!outcome) return "";
  return outcome.status === "not_run" ? "Nothing was changed." : "An earlier call of this run was made.";
}

/** Who approved already; empty where nobody has. */
export function givenWords(given: ListedRun["given"]): string {
  if (given.length === 0) return "";
  return `approved by ${given.map(({ reviewer }) => plain(reviewer, "name")).join(", ")}`;
}

/** Which approvals are missing; empty where it is only the one that every waiting run lacks. */
export function missingWords(missing: ListedRun["missing"]): string {
  const count = missing.reduce((sum, each) => sum + each.count, 0);
  if (count === 0 || (count === 1 && missing[0]?.role === "reviewer")) return "";
  const roles = missing.map(({ role, count }) => `${count} ${plain(role, "name")}`).join(", ");
  return `${count === 1 ? "1 approval" : `${count} approvals`} missing: ${roles}`;
}

/** The few letters by which people call a run. */
export function shortId(run: string): string {
  return (run.startsWith("run-") ? run.slice("run-".length) : run).slice(0, 6);
}
