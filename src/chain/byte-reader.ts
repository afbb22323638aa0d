// Reads length-prefixed binary formats of unknown origin: OpenSSH's (RFC 4251 §5) and DER's. Out of bytes is null, never an exception.

/** Reads forward through bytes; every read past the end gives null and leaves the reader failed. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** True when every byte has been read. */
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Uint8Array | null {
    if (length > this.#bytes.length - this.#at) return null;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number | null {
    return this.take(1)?.[0] ?? null;
  }

  /** A big-endian uint32. */
  uint32(): number | null {
    return this.take(4)?.reduce((value, byte) => value * 256 + byte, 0) ?? null;
  }

  /** An SSH string: its uint32 length and its bytes. */
  string(): Uint8Array | null {
    const length = this.uint32();
    return length === null ? null : this.take(length);
  }

  /** An SSH string of ASCII, as text; null when it holds another byte. */
  text(): string | null {
    const bytes = this.string();
    return bytes?.every((byte) => byte < 0x80) ? String.fromCharCode(...bytes.subarray(0, 200)) : null;
  }
}

/** Puts bytes behind one another. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** An SSH string: the uint32 length, big-endian, and the bytes. */
export function sshString(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return concat(length, bytes);
}
