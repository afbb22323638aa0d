// The secret of a Standard Webhook, in either direction. The standard asks for 24 random bytes at least; a shorter one, or a
// plain word that happens to be base64, would make signatures that others can guess.
import { fromBase64 } from "../receipt/index.ts";

/** How the secret has to be set. */
export const SECRET_FORM = "whsec_<base64 of at least 24 random bytes>";

/** Whether a secret is of that form, without white space around it. */
export function isWebhookSecret(secret: string): boolean {
  const [, text] = /^whsec_(.+)$/.exec(secret) ?? [];
  return (fromBase64(text ?? "")?.length ?? 0) >= 24;
}
