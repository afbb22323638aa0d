// Assertions of a passkey (docs/receipts.md §6.3), made without an authenticator: right, or wrong in one chosen place.
import type { Asserter } from "./asserter.ts";
import { type Edit, edited, type Json } from "./json-edit.ts";
import * as p256 from "./p256.ts";
import { canonicalize, joined, sha256, toBase64Url, utf8 } from "./primitives.ts";

export interface Passkey {
  readonly secret: Uint8Array;
  readonly credential: Uint8Array;
  readonly rpId: string;
  readonly origin: string;
}

/** What is otherwise than an honest authenticator and browser would have it. */
export interface PasskeyForgery {
  readonly challenge?: (intent: Uint8Array) => string;
  /** Changes the client data before it is written. */
  readonly clientData?: Edit;
  /** Changes its spelling. */
  readonly clientDataText?: (text: string) => string | Uint8Array;
  readonly rpId?: string;
  readonly flags?: number;
  readonly authenticatorData?: (bytes: Uint8Array) => Uint8Array;
  /** What is signed. */
  readonly signed?: (authenticatorData: Uint8Array, clientDataJSON: Uint8Array) => Uint8Array;
  /** Who signs. */
  readonly secret?: Uint8Array;
  /** How the signature is written. */
  readonly signature?: (signature: p256.Ecdsa) => Uint8Array;
  /** Changes the finished assertion. */
  readonly edit?: Edit;
}

/** An assertion by a passkey. */
export function webauthn(key: Passkey, forgery: PasskeyForgery = {}): Asserter {
  return { type: "webauthn", make: (intent) => assertionOf(key, intent, forgery) };
}

/** The public JWK of a secret on P-256, with the four members that count. */
export function jwkOf(secret: Uint8Array): { kty: "EC"; crv: "P-256"; x: string; y: string } {
  const point = p256.pointOf(secret);
  return {
    kty: "EC",
    crv: "P-256",
    x: toBase64Url(point.subarray(1, 33)),
    y: toBase64Url(point.subarray(33)),
  };
}

export const UP = 0x01;
export const UV = 0x04;
export const AT = 0x40;
export const ED = 0x80;

function assertionOf(key: Passkey, intent: Uint8Array, forgery: PasskeyForgery): Json {
  const challenge = forgery.challenge?.(intent) ?? toBase64Url(sha256(intent));
  const honest: Json = { type: "webauthn.get", challenge, origin: key.origin, crossOrigin: false };
  const text = JSON.stringify(forgery.clientData ? edited(honest, forgery.clientData) : honest);
  const spelled = forgery.clientDataText?.(text) ?? text;
  const clientDataJSON = typeof spelled === "string" ? utf8(spelled) : spelled;
  const plain = joined(
    sha256(utf8(forgery.rpId ?? key.rpId)),
    Uint8Array.of(forgery.flags ?? UP | UV),
    Uint8Array.of(0, 0, 0, 7),
  );
  const authenticatorData = forgery.authenticatorData?.(plain) ?? plain;
  const signed =
    forgery.signed?.(authenticatorData, clientDataJSON) ?? joined(authenticatorData, sha256(clientDataJSON));
  const signature = (forgery.signature ?? derOf)(p256.sign(forgery.secret ?? key.secret, signed));
  const assertion: Json = {
    type: "webauthn",
    credential: toBase64Url(key.credential),
    publicKey: jwkOf(key.secret),
    authenticatorData: toBase64Url(authenticatorData),
    clientDataJSON: toBase64Url(clientDataJSON),
    signature: toBase64Url(signature),
  };
  return forgery.edit ? edited(assertion, forgery.edit) : assertion;
}

/** An ECDSA signature in DER. */
export function derOf({ r, s }: p256.Ecdsa): Uint8Array {
  return sequence(integer(p256.signedBytesOf(r)), integer(p256.signedBytesOf(s)));
}

/** A DER INTEGER of these bytes, minimal or not. */
export const integer = (bytes: Uint8Array): Uint8Array => joined(Uint8Array.of(0x02, bytes.length), bytes);

/** A DER SEQUENCE of these parts, shorter than 128 bytes. */
export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(...parts);
  return joined(Uint8Array.of(0x30, content.length), content);
}

/** The challenge for an intent that says something else. */
export const challengeOf = (value: Json): string => toBase64Url(sha256(utf8(canonicalize(value))));
