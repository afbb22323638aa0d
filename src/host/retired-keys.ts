// Keys that no longer sign but whose receipts are still there to be verified: public halves, from a plain variable.
// Listing a key that still signs is allowed, so that a rotation needs no moment at which a key is in neither place.
import { z } from "zod";
import { type TrustedKeyEntry, trustedKeySchema } from "../chain/trust-policy.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";

const retiredKeys = z.array(trustedKeySchema).max(100);

/**
 * Reads `RETIRED_KEYS`: a JSON array of key entries as the trust policy lists them. None when it is absent or empty.
 * Any mistake in it is refused: a key left out by mistake would make true receipts look false.
 */
export function readRetiredKeys(
  text: string | undefined,
): Result<readonly TrustedKeyEntry[], "ERR_RETIRED_KEYS"> {
  if (text === undefined || text.trim() === "") return accept([]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("ERR_RETIRED_KEYS", "expected the variable RETIRED_KEYS to be a JSON array of keys");
  }
  const parsed = retiredKeys.safeParse(value);
  if (parsed.success) return accept(parsed.data);
  const issue = parsed.error.issues[0];
  return refuse(
    "ERR_RETIRED_KEYS",
    `the variable RETIRED_KEYS is malformed at ${issue?.path.join(".") || "its top"}: ${issue?.message}`,
  );
}
