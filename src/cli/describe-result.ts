// What a run came to, in one clause: a chain can be valid, and its call rejected. Reads what a verifier says, and no bundle.
import type { VerifiedDecision, VerifiedRound, VerifiedRun } from "../chain/index.ts";
import { countsWords, keyName } from "./describe-round.ts";
import { exactName } from "./plain-text.ts";

/** Checks told in the last line; the rounds above it have them all. */
const MAX_CHECKS = 3;

/** Reviewers named in the last line. */
const MAX_NAMES = 5;

/** Describes the result of a verified run, ended or still open. */
export function describeResult(run: VerifiedRun, isOpen: boolean): string {
  return `${lastStep(run, isOpen)}, ${effect(run, isOpen)}`;
}

function lastStep(run: VerifiedRun, isOpen: boolean): string {
  const round = run.rounds.at(-1);
  if (!round) return isOpen ? "no call is proposed so far" : "no call was proposed";
  const { decisions, execution } = round;
  const last = decisions.at(-1);
  if (last?.decision === "reject") return `rejected by ${nameOf(last)}`;
  if (last?.decision === "request_changes") return `changes requested by ${nameOf(last)}`;
  const asked = run.policy.approvals.reduce((sum, { count }) => sum + count, 0);
  const given = `${decisions.length} of ${asked} approvals`;
  if (!execution) {
    if (!last) return "a proposal awaits a decision";
    return decisions.length < asked
      ? `a proposal has ${given}, by ${names(round)}`
      : `approved by ${names(round)}`;
  }
  switch (execution.status) {
    case "executed":
      return `approved by ${names(round)} and executed`;
    case "failed":
      return `approved by ${names(round)} but failed`;
    case "unknown":
      return `approved by ${names(round)}, and nobody knows whether it happened`;
    case "withheld":
      return last ? `expired with ${given}, by ${names(round)}` : "expired without a decision";
  }
}

function names({ decisions }: VerifiedRound): string {
  const named = decisions.slice(0, MAX_NAMES).map(nameOf);
  const others = decisions.length - named.length;
  const all = others > 0 ? [...named, `${others} more`] : named;
  return all.length > 1 ? `${all.slice(0, -1).join(", ")} and ${all.at(-1)}` : (all[0] ?? "");
}

/** Who decided, and with which of their own keys, where somebody vouches for it. */
function nameOf({ reviewer, signed }: VerifiedDecision): string {
  const name = exactName(reviewer, 40);
  return signed?.listed ? `${name} (own ${keyName(signed)})` : name;
}

function effect({ rounds, outcome }: VerifiedRun, isOpen: boolean): string {
  const count = (status: string, among: readonly VerifiedRound[]) =>
    among.filter(({ execution }) => execution?.status === status).length;
  if (count("executed", rounds) + count("unknown", rounds) === 0) {
    return `nothing was executed${isOpen ? " so far" : ""}`;
  }
  const earlier = rounds.slice(0, -1);
  const words = [
    calls(count("executed", earlier), "executed"),
    calls(count("unknown", earlier), "perhaps executed"),
    outcome ? outcomeWords(outcome) : "no outcome so far",
  ];
  return words.filter((word) => word !== "").join(", ");
}

function calls(count: number, what: string): string {
  return count === 0 ? "" : `${count} earlier ${count === 1 ? "call" : "calls"} ${what}`;
}

function outcomeWords({ status, checks }: NonNullable<VerifiedRun["outcome"]>): string {
  const told = checks
    .slice(0, MAX_CHECKS)
    .map(
      ({ name, before, after }) =>
        `${exactName(name, 40)} failed ${countsWords(before)} before${after ? `, ${countsWords(after)} after` : ""}`,
    );
  const more = checks.length - told.length;
  const all = more > 0 ? [...told, `and ${more} more`] : told;
  return all.length > 0 ? `${status}: ${all.join("; ")}` : status;
}
