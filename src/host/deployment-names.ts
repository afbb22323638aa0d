// The names that a deployment signs and has signed under: ISSUER, and before it those in FORMER_ISSUERS. A chain keeps the name that
// its first receipt gives; the keys are the same under each.
import { z } from "zod";
import { textField } from "../receipt/fields.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";

/** What names a deployment in a chain. */
export const issuerField = textField(300, 1);

const formerIssuers = z.array(issuerField).max(100);

/**
 * Reads `FORMER_ISSUERS`: a JSON array of names. None when it is absent or empty. The present name may be among them, so that a
 * change needs no moment at which a name is in neither place.
 */
export function readFormerIssuers(text: string | undefined): Result<readonly string[], "ERR_FORMER_ISSUERS"> {
  if (text === undefined || text.trim() === "") return accept([]);
  const wanted =
    "expected the variable FORMER_ISSUERS to be a JSON array of names, each of 1 to 300 characters";
  try {
    const parsed = formerIssuers.safeParse(JSON.parse(text));
    if (parsed.success) return accept(parsed.data);
    const [at] = parsed.error.issues[0]?.path ?? [];
    return refuse("ERR_FORMER_ISSUERS", at === undefined ? wanted : `${wanted}; entry ${String(at)} is none`);
  } catch {
    return refuse("ERR_FORMER_ISSUERS", wanted);
  }
}
