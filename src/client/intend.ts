// What a reviewer's passkey is to sign for a decision: built here, from a chain that this browser has verified, and never taken from a
// server. Whether that chain is the one which the page shows is for the page to compare.
import { sha256 } from "@noble/hashes/sha2.js";
import {
  type Action,
  intentOf,
  type ListedPasskey,
  nextStep,
  passkeysOf,
  readTrustPolicy,
  type Trust,
  UnusableInputError,
} from "../chain/index.ts";
import {
  accept,
  canonicalBytes,
  type Digest,
  digestOf,
  NotCanonicalError,
  type Result,
  refuse,
  toBase64Url,
} from "../receipt/index.ts";
import { type JudgeCode, verifyWhole } from "./judgement.ts";

/** A decision as its form says it. `now` is an instant. */
export interface Meant {
  readonly run: string;
  readonly decision: "approve" | "reject" | "request_changes";
  readonly reason: string;
  readonly reviewer: string;
  readonly role: string;
  readonly edit: MeantEdit | null;
  readonly origin: string;
  readonly now: string;
}

/** The arguments that a reviewer wants: JSON of all of them or of all but one, and that one's text. */
export interface MeantEdit {
  readonly json: string | null;
  readonly argument: { readonly name: string; readonly text: string } | null;
}

/** What to sign, and with which keys. */
export interface Intended {
  /** The digests of the receipts that were verified, in order. */
  readonly receipts: readonly (string | null)[];
  readonly proposal: string;
  readonly preview: string;
  /** Base64url of the SHA-256 of the intent. */
  readonly challenge: string;
  /** Whether the trust policy lists the reviewer: then only their listed keys count. */
  readonly isListed: boolean;
  readonly passkeys: readonly ListedPasskey[];
}

export type IntendCode = "ERR_CHAIN" | "ERR_EDIT" | "ERR_DECISION_STALE";

/** Verifies the chain, and builds the intent of a decision on its open proposal. */
export async function intend(
  bundle: unknown,
  trustPolicy: unknown,
  meant: Meant,
): Promise<Result<Intended, JudgeCode | IntendCode>> {
  const trust = readTrustPolicy(trustPolicy);
  if (!trust.ok) return trust;
  try {
    const { report, receipts, state } = await verifyWhole(bundle, trustPolicy, { run: meant.run });
    const fault = report.checks.find(({ ok, id }) => !ok && id !== "complete");
    if (report.verdict === "invalid")
      return refuse("ERR_CHAIN", fault?.message ?? "the chain does not verify");
    if (nextStep(state)?.kind !== "decision" || !state.round) {
      return refuse("ERR_DECISION_STALE", "no proposal is open for a decision now");
    }
    const edit = meant.edit && editOf(state.round.action, meant.edit);
    if (edit && !edit.ok) return edit;
    const { decision, reason, reviewer, role } = meant;
    const intent = intentOf(state, { decision, reason, reviewer, role, edit: edit ? edit.value : null });
    if (!intent) return refuse("ERR_DECISION_STALE", "no proposal is open for a decision now");
    return accept({
      receipts: receipts.map(({ digest }) => digest),
      proposal: intent.proposal,
      preview: intent.preview,
      challenge: toBase64Url(sha256(canonicalBytes(intent))),
      ...keysOf(trust.value, meant),
    });
  } catch (error) {
    if (error instanceof UnusableInputError) return refuse(error.code, error.message);
    throw error;
  }
}

function keysOf(trust: Trust, { reviewer, origin, now }: Meant): Pick<Intended, "isListed" | "passkeys"> {
  return { isListed: trust.reviewers.has(reviewer), passkeys: passkeysOf(trust, reviewer, origin, now) };
}

/** The digest of the call as edited: the bytes that the server makes of the same form. */
function editOf({ connector, method, args }: Action, edit: MeantEdit): Result<Digest, "ERR_EDIT"> {
  try {
    const base: unknown = edit.json === null ? args : JSON.parse(edit.json);
    const { argument } = edit;
    const wanted = argument ? { ...Object(base), [argument.name]: argument.text } : base;
    return accept(digestOf(canonicalBytes({ connector, method, args: wanted })));
  } catch (error) {
    if (error instanceof SyntaxError) return refuse("ERR_EDIT", "expected the arguments in JSON");
    if (error instanceof NotCanonicalError) return refuse("ERR_EDIT", error.message);
    throw error;
  }
}
