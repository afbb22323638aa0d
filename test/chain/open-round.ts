// A chain whose round is open, and what is asked of its fold: whether it takes a decision, and whether a call may be told as made.
import {
  type Artifacts,
  type ChainState,
  type CheckedAssertion,
  decodeArtifacts,
  intentOf,
  readBundle,
  readTrustPolicy,
  replay,
  signNext,
  type Trust,
} from "../../src/chain/index.ts";
import {
  canonicalBytes,
  createSigner,
  sha256Hex,
  subjectDigest,
  subjectOf,
} from "../../src/receipt/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { seedOf } from "../conformance/fixed-keys.ts";
import { all, put } from "../conformance/json-edit.ts";
import { listedRole, listing } from "../conformance/reviewer-keys.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";

const human = createSigner(seedOf("human"));
const runtime = createSigner(seedOf("runtime"));

/** Who may be what. `stranger-…` are not listed, and so hold the one role `reviewer`. */
export const ROLES: Readonly<Record<string, readonly string[]>> = {
  starter: ["reviewer", "owner"],
  author: ["reviewer", "owner"],
  alice: ["reviewer"],
  bob: ["reviewer", "owner"],
  carol: ["owner"],
  dora: ["owner"],
  "stranger-1": ["reviewer"],
  "stranger-2": ["reviewer"],
  "stranger-3": ["reviewer"],
};
const listedPeople = Object.entries(ROLES).filter(([id]) => !id.startsWith("stranger"));
const TRUST = readTrustPolicy(
  listing(
    ...listedPeople.map(([id, roles]) => ({ id, roles: roles.map((role) => listedRole(role)), keys: [] })),
  ),
);

/** Where decisions are awaited: the state, what it stands on, and until when. */
export interface Base {
  readonly state: ChainState;
  readonly artifacts: Artifacts;
  readonly trust: Trust;
  readonly expiresAt: number;
}

export interface Asked {
  readonly reviewers: number;
  readonly owners: number;
  readonly separate: boolean;
  readonly edited: boolean;
}

/** A chain up to an open preview: of the agent's proposal, or of one that `author` wrote as an edit. */
export async function waiting({ reviewers, owners, separate, edited }: Asked): Promise<Base> {
  if (!TRUST.ok) throw new Error(TRUST.refusal.message);
  const approvals = [
    { role: "reviewer", count: reviewers },
    { role: "owner", count: owners },
  ].filter(({ count }) => count > 0);
  const steps = edited
    ? amend(SCENARIOS.edited, 4, { reviewer: "author", role: reviewers > 0 ? "reviewer" : "owner" }).slice(
        0,
        8,
      )
    : SCENARIOS.approved.slice(0, 4);
  const { bundle } = writeChain(amend(steps, 0, { startedBy: "starter" }), {
    policy: all(put("approvals", approvals), put("separateReviewer", separate)),
  });
  const read = readBundle(bundle);
  if (!read.ok) throw new Error(read.refusal.message);
  const { receipts, artifacts } = read.value;
  const { sound } = decodeArtifacts(artifacts);
  const { state, refusal } = await replay(receipts, TRUST.value, (sha256) => sound.get(sha256));
  if (refusal) throw new Error(refusal.message);
  const expiresAt = Date.parse(state.round?.preview?.statement.predicate.expiresAt ?? "");
  return { state, artifacts: (sha256) => sound.get(sha256), trust: TRUST.value, expiresAt };
}

export interface Attempt {
  readonly reviewer: string;
  readonly role: "reviewer" | "owner";
  readonly key: string | null;
  readonly decision: "approve" | "reject";
  /** Milliseconds before the expiry; negative, after it. */
  readonly before: number;
}

const instant = (time: number) => new Date(time).toISOString();

/** The chain after a decision, or null where it is refused. */
export function decide(
  { artifacts, trust, expiresAt }: Base,
  state: ChainState,
  attempt: Attempt,
): ChainState | null {
  const { reviewer, role, key, decision, before } = attempt;
  const { run, round } = state;
  if (run === null || !round?.preview) throw new Error("expected an open round");
  const intended = { decision, reason: "", reviewer, role, edit: null };
  const intent = canonicalBytes(intentOf(state, intended));
  const named = key === null ? [] : [subjectOf("intent", intent), subjectOf("assertion", intent)];
  const action = { sha256: subjectDigest(round.proposal.statement, "action") ?? "" };
  const checked: CheckedAssertion | null =
    key === null ? null : { type: "ssh", fault: null, key, presence: false, form: "" };
  const next = signNext(
    state,
    {
      run,
      kind: "decision",
      subject: [{ name: "action", digest: action }, ...named],
      fields: {
        ...intended,
        proposal: round.proposal.digest,
        preview: round.preview.digest,
        reviewer: { id: reviewer, method: "test" },
        assertion: key === null ? null : "ssh",
      },
      now: instant(expiresAt - before),
    },
    human,
    (sha256) => (sha256 === sha256Hex(intent) ? intent : artifacts(sha256)),
    trust,
    checked,
  );
  return next.ok ? next.value.state : null;
}

/** True when an execution may be told as made from here. */
export function mayExecute({ artifacts, trust, expiresAt }: Base, state: ChainState): boolean {
  const { run, round } = state;
  if (run === null || !round?.preview) return false;
  const result = canonicalBytes({ ok: true });
  const action = { sha256: subjectDigest(round.proposal.statement, "action") ?? "" };
  const told = signNext(
    state,
    {
      run,
      kind: "execution",
      subject: [{ name: "action", digest: action }, subjectOf("result", result)],
      fields: {
        decision: round.settledBy?.digest ?? null,
        execution: round.preview.statement.predicate.execution,
        status: "executed",
        reason: "",
        more: false,
        recovered: false,
      },
      now: instant(expiresAt + 1000),
    },
    runtime,
    (sha256) => (sha256 === sha256Hex(result) ? result : artifacts(sha256)),
    trust,
  );
  return told.ok;
}
