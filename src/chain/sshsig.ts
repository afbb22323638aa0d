// A signature that `ssh-keygen -Y sign -n countersign` made over an intent (OpenSSH PROTOCOL.sshsig, PROTOCOL.u2f for FIDO keys).
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import * as z from "zod";
import { createVerifier, fromBase64, toBase64 } from "../receipt/index.ts";
import { ByteReader, concat, sshString } from "./byte-reader.ts";
import { readScalars, verifyP256 } from "./p256.ts";
import { readSshKey, type SshKey } from "./reviewer-key.ts";

/** An SSH signature: `publicKey` is `<type> <base64>`, `signature` the base64 of the SSHSIG blob. */
export const sshSchema = z.strictObject({
  type: z.literal("ssh"),
  publicKey: z.string(),
  signature: z.string(),
});

/** An SSH signature over an intent. */
export type SshAssertion = z.infer<typeof sshSchema>;

const MAGIC = new TextEncoder().encode("SSHSIG");
const HASHES: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = { sha256, sha512 };
const encoder = new TextEncoder();

/** Why the assertion does not hold over these bytes in this namespace, as a sentence; null when it holds. */
export async function sshFault(
  { publicKey, signature }: SshAssertion,
  message: Uint8Array,
  namespace: string,
): Promise<string | null> {
  const key = readSshKey(publicKey);
  if (!key) return "expected publicKey as <type> <base64> of a sound key";
  const blob = readBlob(fromBase64(signature) ?? new Uint8Array(), key, namespace);
  if (typeof blob === "string") return blob;
  const hash = Object.hasOwn(HASHES, blob.hash) ? HASHES[blob.hash] : undefined;
  if (!hash) return "expected the hash sha256 or sha512";
  const parts = [encoder.encode(namespace), new Uint8Array(), encoder.encode(blob.hash), hash(message)];
  const signed = readSignature(blob.signature, key, concat(MAGIC, ...parts.map(sshString)));
  if (typeof signed === "string") return signed;
  const { material } = key;
  const holds =
    material.curve === "ed25519"
      ? signed.signature.length === 64 &&
        (await createVerifier(material.bytes).verify(signed.signature, signed.bytes))
      : await verifyP256(material.bytes, signed.signature, signed.bytes);
  return holds ? null : "the signature does not hold under the SSH key";
}

function readBlob(
  bytes: Uint8Array,
  key: SshKey,
  namespace: string,
): { hash: string; signature: Uint8Array } | string {
  const reader = new ByteReader(bytes);
  const magic = reader.take(MAGIC.length);
  if (!magic || toBase64(magic) !== toBase64(MAGIC) || reader.uint32() !== 1)
    return "expected an SSHSIG of version 1";
  const own = reader.string();
  if (!own || toBase64(own) !== toBase64(key.blob)) return "expected the SSHSIG to name the same key";
  if (reader.text() !== namespace) return `expected the namespace ${namespace}`;
  if (reader.string()?.length !== 0) return "expected nothing in the reserved field";
  const [hash, signature] = [reader.text(), reader.string()];
  return hash !== null && signature && reader.done
    ? { hash, signature }
    : "expected a whole SSHSIG and nothing after it";
}

/** The raw signature and the bytes that it is over. */
function readSignature(
  blob: Uint8Array,
  key: SshKey,
  message: Uint8Array,
): { signature: Uint8Array; bytes: Uint8Array } | string {
  const reader = new ByteReader(blob);
  if (reader.text() !== key.type) return "expected a signature of the key's own type";
  const raw = reader.string();
  let bytes = message;
  if (key.application) {
    const tail = reader.take(5); // flags, and the counter
    if (!tail) return "expected flags and a counter";
    if (((tail[0] ?? 0) & 0x01) === 0) return "expected a user who was present";
    bytes = concat(sha256(key.application), tail, sha256(message));
  }
  if (!raw || !reader.done) return "expected a whole signature and nothing after it";
  if (key.material.curve === "ed25519") return { signature: raw, bytes };
  const scalars = new ByteReader(raw);
  const signature = readScalars(() => scalars.string());
  return signature && scalars.done ? { signature, bytes } : "expected two minimal mpints from 1 to n − 1";
}
