// The verifier's findings in plain words. Never says more than the judgement does; codes and messages stay beside the words.
import type { Check } from "../chain/index.ts";
import type { CheckGroup, Judgement } from "./judgement.ts";

/** Where the believed keys come from. `sample`: keys whose seeds are public. */
export type KeySource = "sample" | "deployment" | "given" | "made here";

/** What each group of checks is about, in the order in which they are told. */
export const GROUPS: readonly { readonly id: Check["id"]; readonly title: string }[] = [
  { id: "trust", title: "Keys" },
  { id: "bundle", title: "Bundle" },
  { id: "signature", title: "Signatures" },
  { id: "chain", title: "Order, links and rules" },
  { id: "artifacts", title: "Attached files" },
  { id: "anchor", title: "The log" },
  { id: "parent", title: "The run before" },
  { id: "complete", title: "End" },
];

/** One sentence on how a group of checks came out; null for a group that does not apply. */
export function groupWords(id: Check["id"], group: CheckGroup | undefined, count: number): string | null {
  const { passed = 0, failed = 0, checks = [] } = group ?? {};
  switch (id) {
    case "signature":
      return failed > 0
        ? `${passed} of ${count} match.`
        : `All ${count} match a trusted key of the right role.`;
    case "chain":
      if (!group) return "Not reached: no receipt could be opened from the start.";
      if (passed === count) return `All ${count} are intact.`;
      return `${passed} of ${count} are intact; ${count - passed - failed} not reached.`;
    case "complete":
      return group ? `${sentence(checks[0]?.message)}.` : "Not reached.";
    case "artifacts":
      return failed > 1
        ? `${failed} are altered, or named by no receipt.`
        : `${sentence(checks[0]?.message)}.`;
    case "anchor":
      return group ? `${checks.map(({ message }) => sentence(message)).join(". ")}.` : null;
    default:
      return group ? `${sentence(checks[0]?.message)}.` : null;
  }
}

/** What a failure means, for somebody who has never seen its code. Only for those that a person is likely to cause. */
const MEANING: Readonly<Partial<Record<NonNullable<Check["code"]>, string>>> = {
  ERR_SIGNATURE: "These are not the bytes that the key signed.",
  ERR_KEY_UNKNOWN: "Signed, but by nobody you trust. Anybody can make keys.",
  ERR_KEY_ROLE: "A trusted key of another role: an agent cannot sign a human’s decision.",
  ERR_KEY_REVOKED: "The key was declared compromised, so nothing under it counts.",
  ERR_KID_MISMATCH: "The statement names another key than the envelope does.",
  ERR_ISSUER: "A chain of another deployment than the one whose keys you trust.",
  ERR_SEQ: "A receipt is missing before this one, repeated, or out of place.",
  ERR_PREV: "It was signed after another receipt than the one before it here.",
  ERR_RUN: "A receipt of another run, however genuine it is there.",
  ERR_BUNDLE_RUN: "The bundle claims to be of another run than its receipts are.",
  ERR_RUN_UNEXPECTED: "Not the run you asked for.",
  ERR_KIND_ORDER: "A step of the run is missing, or comes at the wrong time.",
  ERR_AFTER_HANDOFF: "The run had ended; nothing may follow.",
  ERR_POLICY_CHANGED: "The policy may not change in the middle of a run.",
  ERR_TIME_BACKWARDS: "It says it was signed before the receipt that it follows.",
  ERR_PROPOSAL: "It is about another proposal than the open one.",
  ERR_PREVIEW: "It is about another preview than the one that was shown.",
  ERR_ACTION_MISMATCH: "It is about another call than the one that was proposed.",
  ERR_EFFECTS: "The change it tells of is not what the call would do.",
  ERR_DECISION: "It does not answer the decision that was made.",
  ERR_APPROVALS: "This approval counts already, or is not the one that is missing.",
  ERR_INTENT: "The reviewer signed another decision than this one.",
  ERR_ASSERTION: "The reviewer’s own key did not sign this decision. That key was never on the server.",
  ERR_REVIEWER_KEY: "The reviewer’s own signature is missing, or by a key that is not theirs.",
  ERR_EXECUTION_STATUS: "What was done is not what the human decided.",
  ERR_ARTIFACT_ALTERED: "Somebody changed the bytes; their hash gives them away.",
  ERR_ARTIFACT_MISSING: "The bytes that everybody signed are not there any more.",
  ERR_ARTIFACT_UNNAMED: "Bytes that no receipt here names.",
  ERR_CHAIN_EMPTY: "There is nothing to verify.",
  ERR_ENVELOPE: "Not the form of a signed envelope.",
  ERR_PAYLOAD_TYPE: "The envelope says that it holds something other than a receipt.",
  ERR_BASE64: "The envelope’s base64 is not the one spelling that is allowed.",
  ERR_ANCHOR: "The log is not shown to have this receipt, or too few witnesses saw it there.",
  ERR_INCOMPLETE: "The run goes on, or its end was cut off.",
  ERR_PARENT_INVALID: "The run that this one continues does not verify.",
};

/** Failures of one code, told together. */
export interface Failure {
  readonly code: string;
  readonly where: string;
  /** What it means in plain words; the verifier's own message where there are none. */
  readonly meaning: string;
}

/** All failures, those with the same code in one. */
export function failuresOf({ groups, receipts }: Judgement): Failure[] {
  const byCode = new Map<string, Check[]>();
  for (const check of groups.flatMap(({ checks }) => checks.filter(({ ok }) => !ok))) {
    if (check.code) byCode.set(check.code, [...(byCode.get(check.code) ?? []), check]);
  }
  return [...byCode].map(([code, checks]) => ({
    code,
    where: whereOf(checks, receipts),
    meaning: MEANING[checks[0]?.code ?? "ERR_INCOMPLETE"] ?? `${sentence(checks[0]?.message)}.`,
  }));
}

/** `Receipt 4, decision:`; empty for what is about no receipt. */
function whereOf(checks: readonly Check[], receipts: Judgement["receipts"]): string {
  const places = checks.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
  const [first, ...rest] = places;
  if (first === undefined) return "";
  if (rest.length > 0 && places.length === receipts.length) return `All ${places.length} receipts:`;
  if (rest.length > 0)
    return places.length > 8 ? `${places.length} receipts:` : `Receipts ${places.join(", ")}:`;
  const kind = receipts[first]?.kind;
  return `Receipt ${first}${kind ? `, ${kind}` : ""}:`;
}

/** In so few words that they fit on a button: the code, and the first place. */
export function caughtWords({ first, receipts }: Judgement): string {
  if (!first?.code) return "";
  const all = receipts.every(({ failure }) => failure?.code === first.code);
  if (all) return `${first.code}, all ${receipts.length} receipts`;
  return `${first.code}${first.seq === undefined ? "" : `, receipt ${first.seq}`}`;
}

/** A message with a capital letter. */
export function sentence(message = ""): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
}

/** `1 receipt`, `8 receipts`. */
export function receipts(count: number): string {
  return count === 1 ? "1 receipt" : `${count} receipts`;
}
