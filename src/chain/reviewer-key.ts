// A reviewer's own public key, in the two forms that a trust policy lists and an assertion names: a passkey's JWK and an SSH line.
// Reading one checks that it is a sound key, spelled in the one way; whose it is, the trust policy says.
import * as z from "zod";
import { fromBase64, fromBase64Url, toBase64Url, vetPublicKey } from "../receipt/index.ts";
import { ByteReader, concat } from "./byte-reader.ts";
import { isPoint } from "./p256.ts";

/** A P-256 public key as a JWK: exactly these members, `x` and `y` in base64url of 32 bytes. */
export const passkeyJwkField = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string().max(43),
  y: z.string().max(43),
});

/** A P-256 public key as a JWK. */
export type PasskeyJwk = z.infer<typeof passkeyJwkField>;

/** The OpenSSH key types that may sign a decision. The `sk-` ones are FIDO keys, which prove presence. */
export const SSH_TYPES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
] as const;
/** One of {@link SSH_TYPES}. */
export type SshType = (typeof SSH_TYPES)[number];

/** Key material: what is the same key in every form it takes. */
export interface KeyMaterial {
  readonly curve: "ed25519" | "p256";
  /** 32 bytes of Ed25519, or x ‖ y of P-256, 64 bytes. */
  readonly bytes: Uint8Array;
  /** Equal for equal material and no other. */
  readonly id: string;
}

/** An SSH public key: its type, its exact blob, and of a FIDO key the application that it is bound to. */
export interface SshKey {
  readonly type: SshType;
  readonly blob: Uint8Array;
  readonly application: Uint8Array | null;
  readonly material: KeyMaterial;
}

/** The material of a passkey's JWK; null unless it is a point of P-256. */
export function readPasskeyJwk({ x, y }: PasskeyJwk): KeyMaterial | null {
  const [left, right] = [fromBase64Url(x), fromBase64Url(y)];
  return left?.length === 32 && right?.length === 32 ? p256(concat(left, right)) : null;
}

/** Reads `<type> <base64>`, the line of a `.pub` file without its comment; null unless it is a sound key of {@link SSH_TYPES}. */
export function readSshKey(line: string): SshKey | null {
  const [name = "", text = "", ...rest] = line.split(" ");
  const type = SSH_TYPES.find((known) => known === name);
  const blob = fromBase64(text);
  if (!type || !blob || text === "" || rest.length > 0) return null;
  const reader = new ByteReader(blob);
  if (reader.text() !== type) return null;
  const material = type.includes("ed25519") ? readEd25519(reader) : readNistp256(reader);
  const application = type.startsWith("sk-") ? reader.string() : null;
  if (!material || (type.startsWith("sk-") && !application) || !reader.done) return null;
  return { type, blob, application, material };
}

function readEd25519(reader: ByteReader): KeyMaterial | null {
  const bytes = reader.string();
  return bytes && ed25519Material(toBase64Url(bytes));
}

function readNistp256(reader: ByteReader): KeyMaterial | null {
  if (reader.text() !== "nistp256") return null;
  const point = reader.string();
  return point?.[0] === 4 ? p256(point.subarray(1)) : null;
}

function p256(bytes: Uint8Array): KeyMaterial | null {
  return isPoint(bytes) ? { curve: "p256", bytes, id: `p256:${toBase64Url(bytes)}` } : null;
}

/** The material of an Ed25519 key from its 32 bytes in base64url; null unless it passes vetting (§6.1). */
export function ed25519Material(x: string): KeyMaterial | null {
  const vetted = vetPublicKey({ kty: "OKP", crv: "Ed25519", x });
  return vetted.ok ? { curve: "ed25519", bytes: vetted.value, id: `ed25519:${x}` } : null;
}
