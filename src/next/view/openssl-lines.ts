// Two shell lines that check one receipt's signature with openssl alone: printf and base64 rebuild the signed bytes, the
// signature and the public key from literals, so nothing of ours stands between the reader and the mathematics.
import { type Envelope, fromBase64, fromBase64Url, toBase64 } from "../receipt/index.ts";

/** DER of an Ed25519 SubjectPublicKeyInfo is this prefix and the 32 bytes (RFC 8410 §4). Twelve bytes, so base64 joins. */
const SPKI_PREFIX_BASE64 = "MCowBQYDK2VwAyEA";

/**
 * The two lines for one envelope under the public key `x` (base64url of 32 bytes, as in a JWK).
 * Every literal is base64 or a number, so none can end its quotes. Null when the key or the payload is not base64.
 */
export function opensslLines({ payload, payloadType, signatures }: Envelope, x: string): string | null {
  const key = fromBase64Url(x);
  const bytes = fromBase64(payload);
  if (key?.length !== 32 || !bytes || !fromBase64(signatures[0].sig)) return null;
  const build = [
    `printf 'DSSEv1 ${payloadType.length} ${payloadType} %d ' ${bytes.length} > r.pae`,
    `printf %s '${payload}' | base64 -d >> r.pae`,
    `printf %s '${signatures[0].sig}' | base64 -d > r.sig`,
    `printf %s '${SPKI_PREFIX_BASE64}${toBase64(key)}' | base64 -d > r.der`,
  ];
  const check = "openssl pkeyutl -verify -pubin -keyform DER -inkey r.der -rawin -in r.pae -sigfile r.sig";
  return `${build.join("; ")}\n${check}`;
}
