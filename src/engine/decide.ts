// A reviewer's decision: signed only if it is about the open proposal, which is the one that they saw. Their own signature is checked
// before the transaction, for that takes time; where the chain has moved on meanwhile, nothing is signed.
import {
  type Action,
  type ChainCode,
  checkAssertion,
  type IntendedDecision,
  intentOf,
  nextStep,
  rolesOf,
  roundsBackward,
  type VerifiedOf,
} from "../chain/index.ts";
import { type Actor, canonicalBytes, type Digest, digestOf, type Result, refuse } from "../receipt/index.ts";
import { RUN_LIMITS } from "./limits.ts";
import { argumentsFault, declaredCall } from "./policy.ts";
import type { NamedBytes } from "./run-chain.ts";
import type { RunContext } from "./run-context.ts";
import { actionOf } from "./steps/execute.ts";
import { callBytes } from "./texts.ts";

/** A reviewer's decision. `proposal` is the digest that the reviewer saw. */
export interface DecisionRequest {
  readonly decision: "approve" | "reject" | "request_changes";
  readonly proposal: Digest;
  readonly reason: string;
  readonly reviewer: Actor;
  /** In which role; left out, the one of the policy's that the reviewer holds. */
  readonly role?: string | undefined;
  /** The call that they want instead. */
  readonly edit?: Action | undefined;
  /** Their own signature over the intent, as in the specification's §6.3. */
  readonly assertion?: unknown;
}

/** Why a decision is not signed. */
export type DecideCode = ChainCode | "ERR_DECISION_STALE";

/** Signs a decision, or says why not, and then nothing is signed. What follows from it is the driver's. */
export async function decide(
  run: RunContext,
  request: DecisionRequest,
): Promise<Result<VerifiedOf<"decision">, DecideCode>> {
  const { chain } = run;
  const intended = intend(run, request);
  if (!intended.ok) return intended;
  const edit = request.edit === undefined ? null : callBytes(request.edit);
  const known = findSigned(run, request, intended.value);
  if (known) return { ok: true, value: known };
  const open = openRound(run, request.proposal);
  if (!open.ok) return open;
  const intent = intentOf(chain.state, intended.value);
  const intentBytes = intent && canonicalBytes(intent);
  const assertion = request.assertion === undefined ? null : bytesOf(request.assertion);
  if (request.assertion !== undefined && !assertion)
    return refuse("ERR_ASSERTION", "expected an assertion in plain JSON");
  const checked = assertion && intentBytes ? await checkAssertion(assertion, intentBytes, chain.trust) : null;
  const again = openRound(run, request.proposal);
  if (!again.ok) return again;
  const named: NamedBytes[] = [
    ...(edit ? [["edit", edit] as const] : []),
    ...(assertion && intentBytes
      ? [["intent", intentBytes] as const, ["assertion", assertion] as const]
      : []),
  ];
  const { decision, reason, role } = intended.value;
  const signed = chain.commit(({ append }) =>
    append(
      "decision",
      [actionOf(again.value), ...named],
      {
        decision,
        proposal: again.value.proposal.digest,
        preview: again.value.preview.digest,
        reason,
        reviewer: request.reviewer,
        role,
        edit: intended.value.edit,
        assertion: checked?.type ?? null,
      },
      checked,
    ),
  );
  if (signed.ok && chain.state.round?.settledBy?.digest === signed.value.digest)
    run.fresh.add(signed.value.digest);
  return signed;
}

/** What the reviewer means, as it is going to be signed: with their role, and with the digest of their edit. */
export function intend(
  run: RunContext,
  { decision, reason, reviewer, role, edit }: Omit<DecisionRequest, "proposal" | "assertion">,
): Result<IntendedDecision, DecideCode> {
  const chosen = role ?? onlyRole(run, reviewer.id);
  if (chosen === null) {
    return refuse(
      "ERR_ROLE",
      `name the role in which ${reviewer.id} decides: they hold several of this run's, or none`,
    );
  }
  if (edit === undefined)
    return { ok: true, value: { decision, reason, reviewer: reviewer.id, role: chosen, edit: null } };
  const bytes = callBytes(edit);
  if (!bytes) return refuse("ERR_EDIT", "expected the edit in plain JSON");
  if (bytes.length > RUN_LIMITS.artifact) {
    return refuse("ERR_EDIT", `expected a call of at most ${RUN_LIMITS.artifact} bytes, got ${bytes.length}`);
  }
  const declared = declaredCall(run.domain, edit);
  const fault = declared && argumentsFault(declared, edit);
  if (fault) return refuse("ERR_EDIT", fault);
  return {
    ok: true,
    value: { decision, reason, reviewer: reviewer.id, role: chosen, edit: digestOf(bytes) },
  };
}

/** The one role of the policy's that a reviewer holds now; null where there is none or a choice. */
function onlyRole({ chain, now }: RunContext, reviewer: string): string | null {
  const held = rolesOf(chain.trust, reviewer, new Date(now()).toISOString());
  const asked = chain.state.policy?.approvals.map(({ role }) => role) ?? [];
  const [role, ...others] = asked.filter((one) => held.includes(one));
  return role !== undefined && others.length === 0 ? role : null;
}

/** A decision of the same words by the same reviewer on the same proposal, if one stands: a client that tries again gets it. */
function findSigned(run: RunContext, { proposal, reviewer }: DecisionRequest, wanted: IntendedDecision) {
  for (const round of roundsBackward(run.chain.state)) {
    if (round.proposal.digest !== proposal) continue;
    return round.decisions.find(({ statement }) => {
      const { decision, reason, role, edit, reviewer: by } = statement.predicate;
      const same = decision === wanted.decision && reason === wanted.reason && role === wanted.role;
      return same && edit === wanted.edit && by.id === reviewer.id;
    });
  }
  return undefined;
}

function openRound({ chain }: RunContext, proposal: Digest) {
  const { state } = chain;
  const { round } = state;
  const isOpen = nextStep(state)?.kind === "decision";
  if (isOpen && round?.preview && round.proposal.digest === proposal) {
    return { ok: true, value: { ...round, preview: round.preview } } as const;
  }
  return refuse("ERR_DECISION_STALE", describeStale(isOpen, round?.proposal.digest ?? null));
}

function describeStale(open: boolean, current: Digest | null): string {
  return open
    ? `the proposal you decided on is no longer the open one; look at ${current} and decide on that`
    : "no proposal is open for a decision now; look at the run again";
}

function bytesOf(value: unknown): Uint8Array | null {
  try {
    return canonicalBytes(value);
  } catch {
    return null;
  }
}
