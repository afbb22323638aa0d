// What a verified run came to, in one clause: a chain can be valid, and its call rejected.
import type { VerifiedRun } from "../chain/index.ts";

/** The clause: "approved by alice, executed; Carts priced wrong: 3 → 0 of 4". */
export function resultLine({ rounds, status, outcome }: VerifiedRun): string {
  const round = rounds.at(-1);
  if (!round) return outcome ? "no call was proposed" : "no call is proposed so far";
  const decided = status === "awaiting_decision" ? "a proposal waits for a decision" : decisionWords(round);
  const done = executionWords(round.execution?.status ?? null);
  const measured = outcome ? measuredWords(outcome) : "";
  return `${decided}${done}${measured}`;
}

type Round = VerifiedRun["rounds"][number];

function decisionWords({ decisions, execution }: Round): string {
  const last = decisions.at(-1);
  if (!last) return execution ? "nobody decided in time" : "a proposal waits for a decision";
  const words = { approve: "approved", reject: "rejected", request_changes: "changes requested" };
  const same = decisions.filter(({ decision }) => decision === last.decision);
  const by = same.map(({ reviewer }) => reviewer.slice(0, 40)).join(" and ");
  return `${words[last.decision]} by ${by}`;
}

function executionWords(status: NonNullable<Round["execution"]>["status"] | null): string {
  switch (status) {
    case "executed":
      return ", executed";
    case "failed":
      return ", but not done";
    case "withheld":
      return ", nothing was executed";
    case "unknown":
      return "; it may or may not have happened";
    case null:
      return "";
  }
}

function measuredWords({ checks }: NonNullable<VerifiedRun["outcome"]>): string {
  const [check] = checks;
  if (!check?.after) return "";
  const { name, before, after } = check;
  return `; ${name}: ${before.failed} → ${after.failed} of ${after.total}`;
}
