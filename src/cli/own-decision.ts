// A reviewer's own decision on the open proposal of a chain that was verified here: who they are by their key, the bytes that they sign,
// and what the rules of the chain will say of it. The server has no part in it.
import {
  type ChainCode,
  type CheckedAssertion,
  checkAssertion,
  type Inspection,
  type IntendedDecision,
  intentOf,
  rolesOf,
  signNext,
  type Trust,
} from "../chain/index.ts";
import {
  accept,
  canonicalBytes,
  createSigner,
  type Result,
  refuse,
  type Subject,
  sha256Hex,
  subjectDigest,
  subjectOf,
} from "../receipt/index.ts";
import { exactName } from "./plain-text.ts";

/** A reviewer and the key that signs for them, `<type> <base64>`. */
export interface Self {
  readonly reviewer: string;
  readonly publicKey: string;
}

/** A signed decision, ready to be sent. `intent` and `assertion` are the exact bytes that the chain is going to hold. */
export interface OwnDecision {
  readonly intended: IntendedDecision;
  readonly proposal: string;
  readonly preview: string;
  readonly intent: Uint8Array;
  readonly assertion: Uint8Array;
}

/** Whose key this is, by the trust policy and nobody else's word. */
export async function findSelf(publicKey: string, trust: Trust): Promise<Result<Self, ChainCode>> {
  const { key } = await checkAssertion(assertionOf(publicKey, ""), new Uint8Array(), trust);
  const reviewer = trust.listed.get(key)?.reviewer;
  if (reviewer !== undefined) return accept({ reviewer, publicKey });
  const entry = { type: "ssh", publicKey, notBefore: null, notAfter: null, revokedAt: null };
  const message = key
    ? `the trust policy lists this key with no reviewer. To have it listed, give this entry to those who keep the reviewers' file, and then get the trust policy anew: ${JSON.stringify(entry)}`
    : "expected a key of the type ssh-ed25519, ecdsa-sha2-nistp256 or an sk- form of these";
  return refuse("ERR_REVIEWER_KEY", message);
}

/** The role to decide in: the one that was named, or the only one of the run's that the reviewer holds. */
export function chooseRole(
  { replayed: { state } }: Inspection,
  { reviewer }: Self,
  trust: Trust,
  named: string | undefined,
  now: string,
): Result<string, ChainCode> {
  if (named !== undefined) return accept(named);
  const held = rolesOf(trust, reviewer, now);
  const roles = (state.policy?.approvals ?? []).map(({ role }) => role).filter((role) => held.includes(role));
  const [role, ...others] = roles;
  if (role !== undefined && others.length === 0) return accept(role);
  const who = exactName(reviewer);
  return refuse(
    "ERR_ROLE",
    role === undefined
      ? `${who} holds none of this run's roles now, by the trust policy`
      : `${who} holds several of this run's roles; name one with --role: ${roles.map((each) => exactName(each)).join(", ")}`,
  );
}

/**
 * Builds the intent, has it signed, and checks all of it under the rules of the chain: before anything is signed as if the signature
 * held, and then with the signature as it is.
 * @param sign makes an SSHSIG blob, in base64, over the intent's bytes.
 */
export async function signDecision(
  inspection: Inspection,
  { publicKey }: Self,
  intended: IntendedDecision,
  trust: Trust,
  clock: () => string,
  sign: (intent: Uint8Array) => Promise<string>,
): Promise<Result<OwnDecision, ChainCode>> {
  const { state } = inspection.replayed;
  const value = intentOf(state, intended);
  if (!value) return refuse("ERR_KIND_ORDER", "no decision is due");
  const intent = canonicalBytes(value);
  const unsigned = assertionOf(publicKey, "");
  const hoped = { ...(await checkAssertion(unsigned, intent, trust)), fault: null };
  const may = rehearse(inspection, intended, intent, unsigned, hoped, trust, clock());
  if (!may.ok) return may;
  const assertion = assertionOf(publicKey, await sign(intent));
  const checked = await checkAssertion(assertion, intent, trust);
  const holds = rehearse(inspection, intended, intent, assertion, checked, trust, clock());
  if (!holds.ok) return holds;
  return accept({ intended, proposal: value.proposal, preview: value.preview, intent, assertion });
}

/** What the chain's own rules say of the decision. It is folded as the server would, under a human key that lives only here. */
function rehearse(
  { replayed: { state }, artifacts }: Inspection,
  { decision, reason, reviewer, role, edit }: IntendedDecision,
  intent: Uint8Array,
  assertion: Uint8Array,
  checked: CheckedAssertion,
  trust: Trust,
  now: string,
): Result<unknown, ChainCode> {
  const { run, round } = state;
  if (run === null || !round?.preview) return refuse("ERR_PREVIEW", "no decision is due");
  const action = {
    name: "action",
    digest: { sha256: subjectDigest(round.proposal.statement, "action") ?? "" },
  };
  const subject: Subject[] = [action, subjectOf("intent", intent), subjectOf("assertion", assertion)];
  const own = new Map([intent, assertion].map((bytes) => [sha256Hex(bytes), bytes]));
  const fields = {
    decision,
    proposal: round.proposal.digest,
    preview: round.preview.digest,
    reason,
    reviewer: { id: reviewer, method: "review" },
    role,
    edit,
    assertion: "ssh",
  } as const;
  const signer = createSigner(crypto.getRandomValues(new Uint8Array(32)));
  const draft = { run, kind: "decision", subject, fields, now } as const;
  return signNext(state, draft, signer, (sha256) => own.get(sha256) ?? artifacts(sha256), trust, checked);
}

function assertionOf(publicKey: string, signature: string): Uint8Array {
  return canonicalBytes({ type: "ssh", publicKey, signature });
}
