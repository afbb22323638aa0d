// The approvals that reviewers gave in a round, as the API, the desk and the webhooks tell them.
import type { Round } from "../chain/index.ts";

/** An approval: in which role, by whom, and with what key of their own, if any. */
export interface GivenApproval {
  readonly role: string;
  readonly reviewer: string;
  readonly signed: "webauthn" | "ssh" | null;
}

/** The approvals among decisions, oldest first. */
export function givenApprovals(decisions: Round["decisions"]): readonly GivenApproval[] {
  return decisions.flatMap(({ statement, found }) => {
    const { decision, role, reviewer } = statement.predicate;
    if (decision !== "approve") return [];
    return [{ role, reviewer: reviewer.id, signed: found.assertion?.type ?? null }];
  });
}
