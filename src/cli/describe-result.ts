// What a run came to, in one clause: a chain can be valid, and its call rejected. Reads receipts that a verifier has accepted.
import { decodeEnvelope, type Predicate, readStatement } from "../receipt/index.ts";
import { plainName } from "./plain-text.ts";

interface Result {
  readonly decision: Predicate<"decision"> | null;
  readonly execution: Predicate<"execution"> | null;
  readonly outcome: Predicate<"outcome"> | null;
  readonly isProposed: boolean;
  /** How many calls were executed. */
  readonly executed: number;
}

/** Describes the result of a verified chain, whole or still open, from its envelopes. */
export function describeResult(envelopes: readonly unknown[], isOpen: boolean): string {
  const result = envelopes.reduce(follow, START);
  return `${lastStep(result, isOpen)}, ${effect(result, isOpen)}`;
}

const START: Result = { decision: null, execution: null, outcome: null, isProposed: false, executed: 0 };

function follow(result: Result, envelope: unknown): Result {
  const decoded = decodeEnvelope(envelope);
  const receipt = decoded.ok ? readStatement(decoded.value.payload) : decoded;
  if (!receipt.ok) return result;
  const { kind, statement } = receipt.value;
  switch (kind) {
    case "proposal":
      return { ...result, isProposed: true, decision: null, execution: null };
    case "decision":
      return { ...result, decision: statement.predicate };
    case "execution": {
      const executed = result.executed + (statement.predicate.status === "executed" ? 1 : 0);
      return { ...result, execution: statement.predicate, executed };
    }
    case "outcome":
      return { ...result, outcome: statement.predicate };
    default:
      return result;
  }
}

function lastStep({ isProposed, decision, execution }: Result, isOpen: boolean): string {
  if (!isProposed) return isOpen ? "no call is proposed so far" : "no call was proposed";
  if (!decision) return execution ? "expired without a decision" : "a proposal awaits a decision";
  const by = plainName(decision.reviewer.id, 40);
  switch (decision.decision) {
    case "reject":
      return `rejected by ${by}`;
    case "request_changes":
      return `changes requested by ${by}`;
    case "approve":
      if (execution?.status === "executed") return `approved by ${by} and executed`;
      return execution ? `approved by ${by} but failed` : `approved by ${by}`;
  }
}

function effect({ execution, outcome, executed }: Result, isOpen: boolean): string {
  if (executed === 0) return `nothing was executed${isOpen ? " so far" : ""}`;
  const before = executed - (execution?.status === "executed" ? 1 : 0);
  const earlier = before > 0 ? `${before} earlier ${before === 1 ? "call" : "calls"} executed, ` : "";
  if (!outcome) return `${earlier}no outcome so far`;
  const { status, before: was, after } = outcome;
  const now = after ? `, ${after.failed} of ${after.requests} after` : "";
  return `${earlier}${status}: ${was.failed} of ${was.requests} requests failed before${now}`;
}
