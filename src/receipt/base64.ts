// Strict base64: one text for one byte string, in the standard alphabet with padding or the URL alphabet without.
// Whatever does not encode back to itself is refused, so no two envelopes differ only in their spelling.

const encoder = new TextEncoder();

/** What Node and workerd lend of `node:buffer`, several times as fast; undefined in browsers. */
const native = (globalThis as { process?: Partial<Host> }).process?.getBuiltinModule?.("node:buffer")?.Buffer;

interface Host {
  getBuiltinModule(name: "node:buffer"): { readonly Buffer: NodeBuffer } | undefined;
}
interface NodeBuffer {
  from(text: string, encoding: "base64"): Uint8Array & { toString(encoding: "base64"): string };
}

/** Encodes bytes as standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    // Takes the bytes as they are; spreading them into arguments is eight times slower.
    binary += Reflect.apply(String.fromCharCode, null, bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

/** Decodes standard, padded base64 (RFC 4648 §4). Null unless encoding the result gives the same text back. */
export function fromBase64(text: string): Uint8Array | null {
  if (native) {
    const bytes = native.from(text, "base64");
    // What comes of it is a plain array of its own, and no part of a pool.
    return bytes.toString("base64") === text ? new Uint8Array(bytes) : null;
  }
  try {
    const binary = atob(text);
    // atob forgives white space and missing padding; this comparison does not.
    if (btoa(binary) !== text) return null;
    // UTF-8 is native code's, and is the bytes themselves unless one of them is beyond ASCII; then it is longer.
    const bytes = encoder.encode(binary);
    return bytes.length === binary.length ? bytes : bytesOf(binary);
  } catch {
    return null;
  }
}

function bytesOf(binary: string): Uint8Array {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Encodes bytes as unpadded base64url (RFC 4648 §5), the form of JWK members. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Decodes unpadded base64url (RFC 4648 §5). Null unless encoding the result gives the same text back. */
export function fromBase64Url(text: string): Uint8Array | null {
  if (/[^A-Za-z0-9_-]/.test(text)) return null;
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, "="));
}
