// A reviewer's own signature on a decision: which key made it, and whether it holds. Whether it counts, rules of the chain say.
import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod";
import { readCanonicalArtifact } from "./canonical-artifact.ts";
import { sshForm, webauthnForm } from "./key-form.ts";
import { readPasskeyJwk, readSshKey } from "./reviewer-key.ts";
import { sshFault, sshSchema } from "./sshsig.ts";
import type { Trust } from "./trust-policy.ts";
import { webauthnFault, webauthnSchema } from "./webauthn.ts";

const assertionSchema = z.discriminatedUnion("type", [webauthnSchema, sshSchema]);

/** A reviewer's own signature over an intent, as its artifact holds it (§6.3). */
export type Assertion = z.infer<typeof assertionSchema>;

/** The namespace of every SSH signature on a decision: one made for another purpose does not count. */
const SSH_NAMESPACE = "countersign";

/** An assertion that was checked. `fault` says why it does not hold; `key` is the id of its key's material. */
export interface CheckedAssertion {
  readonly type: Assertion["type"];
  readonly fault: string | null;
  readonly key: string;
  readonly presence: boolean;
  /** The key as it is named: what a listed one must be named, too. */
  readonly form: string;
}

/**
 * Checks an assertion of unknown origin over the bytes of an intent. Never throws for wrong input.
 * @param bytes the assertion's artifact.
 */
export async function checkAssertion(
  bytes: Uint8Array,
  intent: Uint8Array,
  trust: Trust,
): Promise<CheckedAssertion> {
  const parsed = readCanonicalArtifact("assertion", bytes, assertionSchema, "ERR_ASSERTION");
  if (!parsed.ok) return { type: "ssh", fault: parsed.refusal.message, key: "", presence: false, form: "" };
  const assertion = parsed.value;
  if (assertion.type === "ssh") {
    const key = readSshKey(assertion.publicKey);
    return {
      type: "ssh",
      fault: await sshFault(assertion, intent, SSH_NAMESPACE),
      key: key?.material.id ?? "",
      presence: key?.application != null,
      form: sshForm(assertion.publicKey),
    };
  }
  const key = readPasskeyJwk(assertion.publicKey)?.id ?? "";
  const listed = trust.listed.get(key);
  return {
    type: "webauthn",
    fault: await webauthnFault(assertion, sha256(intent), listed?.passkey ?? null),
    key,
    presence: true,
    form: webauthnForm(assertion.credential),
  };
}
