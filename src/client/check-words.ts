// The verifier's findings in plain words. Never says more than the judgement does; codes and messages stay beside the words.
import type { Check } from "../chain/verify.ts";
import type { CheckGroup, Judgement } from "./judgement.ts";

/** Where the believed keys come from. */
export type KeySource = "deployment" | "given" | "made here";

/** What each group of checks is about, in the order in which they are told. */
export const GROUPS: readonly { readonly id: Check["id"]; readonly title: string }[] = [
  { id: "trust", title: "Keys." },
  { id: "bundle", title: "Bundle." },
  { id: "signature", title: "Signatures." },
  { id: "chain", title: "Links and rules." },
  { id: "artifacts", title: "Artifacts." },
  { id: "complete", title: "End." },
];

/** One sentence on how a group of checks came out. `group` is undefined when none of it could be made. */
export function groupWords(
  id: Check["id"],
  group: CheckGroup | undefined,
  { count }: Judgement,
  keys: KeySource,
): string {
  const { passed = 0, failed = 0, checks = [] } = group ?? {};
  switch (id) {
    case "trust":
      return keys === "made here" && failed === 0
        ? "Those made in this tab, which nobody vouches for."
        : `${sentence(checks[0]?.message)}.`;
    case "signature":
      if (failed > 0) return `${passed} of ${count} hold under a trusted key of the right role.`;
      return `All ${count} hold, each under a trusted key of the role that owns the step.`;
    case "chain": {
      if (!group) return "Not judged: no receipt could be opened from the start.";
      if (passed === count) {
        return `All ${count} stand where they may: linked, in order, in time, about the same proposal, change and decision.`;
      }
      const open = count - passed - failed;
      const rest = open > 0 ? ` ${open} more cannot be placed while something is wrong.` : "";
      return `${passed} of ${count} stand where they may.${rest}`;
    }
    case "artifacts":
      if (failed > 1) return `${failed} are altered, or named by no receipt.`;
      return `${sentence(checks[0]?.message)}.`;
    case "complete":
      return group ? `${sentence(checks[0]?.message)}.` : "Not judged while something else is wrong.";
    default:
      return `${sentence(checks[0]?.message)}.`;
  }
}

/** What a failure means, for somebody who has never seen its code. Only for those that a person is likely to cause. */
const MEANING: Readonly<Partial<Record<NonNullable<Check["code"]>, string>>> = {
  ERR_SIGNATURE: "These are not the bytes that the key signed.",
  ERR_KEY_UNKNOWN: "Somebody signed this, but nobody that you trust. Anybody can make keys.",
  ERR_KEY_ROLE: "A trusted key, but of another role: an agent cannot sign a human’s decision.",
  ERR_KEY_REVOKED: "The key was declared compromised, so nothing under it counts.",
  ERR_KID_MISMATCH: "The statement names another key than the envelope does.",
  ERR_ISSUER: "A chain of another deployment than the one whose keys you trust.",
  ERR_SEQ: "A receipt is missing before this one, repeated, or out of its place.",
  ERR_PREV: "This receipt was signed after another one than stands before it here.",
  ERR_RUN: "A receipt of another run, even if it is genuine there.",
  ERR_BUNDLE_RUN: "The bundle claims to be of another run than its receipts are.",
  ERR_RUN_UNEXPECTED: "Not the run that you asked about.",
  ERR_KIND_ORDER: "A step of the run is missing, or comes at the wrong time.",
  ERR_AFTER_HANDOFF: "The run had ended; nothing may follow.",
  ERR_POLICY_CHANGED: "The policy may not change in the middle of a run.",
  ERR_TIME_BACKWARDS: "It says it was signed before the receipt that it follows.",
  ERR_PROPOSAL: "It is about another proposal than the open one.",
  ERR_PREVIEW: "It is about another preview than the one that was shown.",
  ERR_ACTION_MISMATCH: "It is about another call than the one that was proposed.",
  ERR_CHANGES: "The change it tells of is not what the call would do.",
  ERR_DECISION: "It does not answer the decision that was made.",
  ERR_DECISION_CONSUMED: "One approval, used twice.",
  ERR_EXECUTION_STATUS: "What was done is not what the human decided.",
  ERR_ARTIFACT_ALTERED: "Somebody changed the bytes; their hash gives them away.",
  ERR_ARTIFACT_MISSING: "Bytes that this receipt rests on are gone, or are not the ones that were signed.",
  ERR_ARTIFACT_UNNAMED: "Bytes that no receipt here vouches for.",
  ERR_CHAIN_EMPTY: "There is nothing to verify.",
  ERR_ENVELOPE: "Not the form of a signed envelope.",
  ERR_PAYLOAD_TYPE: "The envelope says that it holds something other than a receipt.",
  ERR_BASE64: "The envelope’s base64 is not the one spelling that is allowed.",
  ERR_INCOMPLETE: "Either the run is still going on, or its end was cut off.",
};

/** Failures of one code, told together. */
export interface Failure {
  readonly code: string;
  readonly where: string;
  readonly message: string;
  readonly meaning: string;
}

/** All failures, those with the same code in one. */
export function failuresOf({ groups }: Judgement): Failure[] {
  const told = groups.flatMap(({ checks }) => checks.filter(({ ok }) => !ok));
  const all = groups.reduce((sum, { failed }) => sum + failed, 0) === told.length;
  const byCode = new Map<string, Check[]>();
  for (const check of told) {
    if (check.code) byCode.set(check.code, [...(byCode.get(check.code) ?? []), check]);
  }
  return [...byCode].map(([code, checks]) => ({
    code,
    where: whereOf(checks, all),
    message: `${sentence(checks[0]?.message)}${checks.length > 1 ? ", and so on" : ""}.`,
    meaning: MEANING[checks[0]?.code ?? "ERR_INCOMPLETE"] ?? "",
  }));
}

/** `all` is false when more fail than the judgement tells one by one. */
function whereOf(checks: readonly Check[], all: boolean): string {
  const places = checks.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
  if (places.length === 0) return "";
  const first = places.slice(0, 8).join(", ");
  if (places.length === 1) return `Receipt ${first}:`;
  const rest = places.length > 8 ? ` and ${all ? places.length - 8 : "many"} more` : "";
  return `Receipts ${first}${rest}:`;
}

/** A message with a capital letter. */
export function sentence(message = ""): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
}

/** `1 receipt`, `8 receipts`. */
export function receipts(count: number): string {
  return count === 1 ? "1 receipt" : `${count} receipts`;
}
