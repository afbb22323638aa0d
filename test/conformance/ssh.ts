// Signatures of an SSH key (OpenSSH PROTOCOL, PROTOCOL.sshsig, PROTOCOL.u2f): right, or wrong in one chosen place.
import { createHash } from "node:crypto";
import type { Asserter } from "./asserter.ts";
import { type Edit, edited, type Json } from "./json-edit.ts";
import * as p256 from "./p256.ts";
import { createSigner, fromBase64Url, joined, publicJwk, sha256, toBase64, utf8 } from "./primitives.ts";

export type SshType =
  | "ssh-ed25519"
  | "ecdsa-sha2-nistp256"
  | "sk-ssh-ed25519@openssh.com"
  | "sk-ecdsa-sha2-nistp256@openssh.com";

export interface SshKey {
  readonly type: SshType;
  readonly secret: Uint8Array;
  /** Of a key on a security key. */
  readonly application?: string;
}

/** What is otherwise than `ssh-keygen -Y sign -n countersign` would have it. */
export interface SshForgery {
  readonly magic?: string;
  readonly version?: number;
  readonly namespace?: string;
  readonly reserved?: string;
  readonly hash?: string;
  /** The hash that is really taken. */
  readonly hashed?: "sha1" | "sha256" | "sha384" | "sha512";
  /** The key's blob inside the signature. */
  readonly blob?: Uint8Array;
  /** The type inside the signature. */
  readonly signatureType?: string;
  readonly flags?: number;
  readonly counter?: number;
  /** What is signed in the intent's place. */
  readonly over?: (intent: Uint8Array) => Uint8Array;
  /** What is signed in the place of M, made of it, of T, or of the intent. */
  readonly message?: (message: Uint8Array, toSign: Uint8Array, intent: Uint8Array) => Uint8Array;
  /** Who signs. */
  readonly secret?: Uint8Array;
  /** Makes the Ed25519 signature of M. */
  readonly ed25519?: (message: Uint8Array, secret: Uint8Array) => Uint8Array;
  /** Writes r and s. */
  readonly mpints?: (signature: p256.Ecdsa) => Uint8Array;
  /** Changes the inner signature: its type, the signature, and of an sk- key flags and counter. */
  readonly inner?: (bytes: Uint8Array) => Uint8Array;
  /** Changes the whole SSHSIG blob. */
  readonly outer?: (bytes: Uint8Array) => Uint8Array;
  /** Changes the finished assertion. */
  readonly edit?: Edit;
}

/** An assertion by an SSH key. */
export function ssh(key: SshKey, forgery: SshForgery = {}): Asserter {
  return { type: "ssh", make: (intent) => assertionOf(key, intent, forgery) };
}

/** A number of 4 bytes. */
export const uint32 = (number: number): Uint8Array =>
  Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number);

/** An SSH string: its length and its bytes. */
export function string(content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? utf8(content) : content;
  return joined(uint32(bytes.length), bytes);
}

/** A positive number as SSH writes it: shortest, with a zero byte where its first bit is set. */
export const mpint = (number: bigint): Uint8Array => string(p256.signedBytesOf(number));

/** Two mpints one after the other: an ECDSA signature. */
export const mpints = ({ r, s }: p256.Ecdsa): Uint8Array => joined(mpint(r), mpint(s));

/** The blob of a public key. */
export function blobOf({ type, secret, application }: SshKey): Uint8Array {
  const key = type.includes("ed25519")
    ? string(edPoint(secret))
    : joined(string("nistp256"), string(p256.pointOf(secret)));
  return joined(string(type), key, ...(type.startsWith("sk-") ? [string(application ?? "ssh:")] : []));
}

/** A public key as it stands in `authorized_keys`, without a comment. */
export const lineOf = (key: SshKey): string => lineOfBlob(key.type, blobOf(key));

export const lineOfBlob = (type: string, blob: Uint8Array): string => `${type} ${toBase64(blob)}`;

/** The 32 bytes of an Ed25519 key. */
export const edPoint = (secret: Uint8Array): Uint8Array =>
  fromBase64Url(publicJwk(secret).x) ?? new Uint8Array();

function assertionOf(key: SshKey, intent: Uint8Array, forgery: SshForgery): Json {
  const {
    magic = "SSHSIG",
    version = 1,
    namespace = "countersign",
    reserved = "",
    hash = "sha512",
    hashed = hash === "sha256" ? "sha256" : "sha512",
    blob = blobOf(key),
    inner = (bytes) => bytes,
    outer = (bytes) => bytes,
  } = forgery;
  const hash1 = new Uint8Array(
    createHash(hashed)
      .update(forgery.over?.(intent) ?? intent)
      .digest(),
  );
  const toSign = joined(utf8("SSHSIG"), string(namespace), string(reserved), string(hash), string(hash1));
  const bytes = joined(
    utf8(magic),
    uint32(version),
    string(blob),
    string(namespace),
    string(reserved),
    string(hash),
    string(inner(innerSignature(key, toSign, intent, forgery))),
  );
  const assertion: Json = { type: "ssh", publicKey: lineOf(key), signature: toBase64(outer(bytes)) };
  return forgery.edit ? edited(assertion, forgery.edit) : assertion;
}

function innerSignature(
  key: SshKey,
  toSign: Uint8Array,
  intent: Uint8Array,
  forgery: SshForgery,
): Uint8Array {
  const secret = forgery.secret ?? key.secret;
  const present = joined(Uint8Array.of(forgery.flags ?? 0x01), uint32(forgery.counter ?? 7));
  const isSecurityKey = key.type.startsWith("sk-");
  const honest = isSecurityKey
    ? joined(sha256(utf8(key.application ?? "ssh:")), present, sha256(toSign))
    : toSign;
  const message = forgery.message?.(honest, toSign, intent) ?? honest;
  const signature = key.type.includes("ed25519")
    ? (forgery.ed25519 ?? ((bytes, seed) => createSigner(seed).sign(bytes)))(message, secret)
    : (forgery.mpints ?? mpints)(p256.sign(secret, message));
  return joined(
    string(forgery.signatureType ?? key.type),
    string(signature),
    ...(isSecurityKey ? [present] : []),
  );
}
