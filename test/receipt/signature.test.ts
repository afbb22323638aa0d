// Ed25519 by published vectors, and WebCrypto and noble of one mind on every signature, honest or hostile.
import * as ed from "@noble/ed25519";
import { describe, expect, it } from "vitest";
import {
  createSigner,
  createVerifier,
  publicJwk,
  toBase64Url,
  verifyWithNoble,
  vetPublicKey,
} from "../../src/receipt/index.ts";
import { MANY_EDDSAS, RFC_8032 } from "./signature-vectors.ts";
import {
  bytesOf,
  NEUTRAL_NOT_CANONICAL,
  numberOf,
  ORDER,
  signWithR,
  signWithTorsion,
  TORSION,
  withLargerS,
} from "./torsion-signatures.ts";

const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
const SEED = hex(RFC_8032[0].seed);
const KEY = hex(RFC_8032[0].publicKey);
const MESSAGE = new TextEncoder().encode("exactly these bytes");
const SIGNATURE = createSigner(SEED).sign(MESSAGE);

/** Both opinions. They must not differ. */
async function judge(publicKey: Uint8Array, signature: Uint8Array, message = MESSAGE): Promise<boolean> {
  const native = await createVerifier(publicKey).verify(signature, message);
  expect(verifyWithNoble(publicKey, signature, message)).toBe(native);
  return native;
}

const isSound = (publicKey: Uint8Array) =>
  vetPublicKey({ kty: "OKP", crv: "Ed25519", x: toBase64Url(publicKey) }).ok;

describe("RFC 8032 §7.1", () => {
  it.each(RFC_8032)("signs and verifies $name", async ({ seed, publicKey, message, signature }) => {
    expect(publicJwk(hex(seed)).x).toBe(toBase64Url(hex(publicKey)));
    expect(createSigner(hex(seed)).sign(hex(message))).toEqual(hex(signature));
    expect(isSound(hex(publicKey))).toBe(true);
    expect(await judge(hex(publicKey), hex(signature), hex(message))).toBe(true);
  });

  it.each(RFC_8032)("refuses $name with one byte more", async ({ publicKey, message, signature }) => {
    expect(await judge(hex(publicKey), hex(signature), hex(`${message}00`))).toBe(false);
  });
});

describe("Taming the many EdDSAs", () => {
  it.each(MANY_EDDSAS)("refuses vector $name", async ({ soundKey, publicKey, message, signature }) => {
    const key = hex(publicKey);
    expect(isSound(key)).toBe(soundKey);
    // Under a key that vetting refuses, libraries may differ: that is what vetting is for.
    if (soundKey) expect(await judge(key, hex(signature), hex(message))).toBe(false);
    else expect(verifyWithNoble(key, hex(signature), hex(message)) && isSound(key)).toBe(false);
  });
});

const eight = Array.from({ length: 8 }, (_, i) =>
  i === 0 ? ed.Point.ZERO : TORSION.multiply(BigInt(i), false),
);

describe("hostile signatures under a sound key", () => {
  it("are not what an honest one is", async () => {
    expect(await judge(KEY, SIGNATURE)).toBe(true);
  });

  it("refuses S + L, and any other S that is not below L", async () => {
    expect(await judge(KEY, withLargerS(SIGNATURE))).toBe(false);
    for (const s of [ORDER, 2n ** 253n, 2n ** 256n - 1n]) {
      expect(await judge(KEY, join(SIGNATURE.subarray(0, 32), bytesOf(s)))).toBe(false);
    }
  });

  it.each(eight.slice(1).map((point, i) => [i + 1, point] as const))(
    "refuses an R that is or holds the small-order point %i·T",
    async (_, point) => {
      const [small, mixed] = [0n, 98765n].map((nonce) => signWithTorsion(SEED, MESSAGE, nonce, point));
      for (const forged of [small, mixed]) {
        if (!forged) throw new Error("expected two forged signatures");
        // The cofactored equation holds, so it is only strictness that refuses it.
        expect(ed.verify(forged, MESSAGE, KEY, { zip215: true })).toBe(true);
        expect(await judge(KEY, forged)).toBe(false);
      }
    },
  );

  it("refuses the neutral element for R, on which engines differ though both equations hold", async () => {
    const forged = signWithR(SEED, MESSAGE, 0n, ed.Point.ZERO.toBytes());
    expect(ed.verify(forged, MESSAGE, KEY, { zip215: false })).toBe(true);
    expect(await judge(KEY, forged)).toBe(false);
  });

  it.each([
    ["y = p + 1", NEUTRAL_NOT_CANONICAL],
    [
      "y = 1 and the sign of no x",
      Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : i === 31 ? 128 : 0)),
    ],
    [
      "y = p + 1 and the sign of no x",
      NEUTRAL_NOT_CANONICAL.map((byte, i) => (i === 31 ? byte | 128 : byte)),
    ],
  ])("refuses the neutral element for R, written as %s", async (_, r) => {
    const forged = signWithR(SEED, MESSAGE, 0n, r);
    expect(await judge(KEY, forged)).toBe(false);
  });

  it("refuses an R that is no point", async () => {
    expect(await judge(KEY, join(bytesOf(2n), SIGNATURE.subarray(32)))).toBe(false);
  });

  it.each([0, 1, 63, 65, 128])("refuses a signature of %i bytes without throwing", async (length) => {
    expect(await judge(KEY, new Uint8Array(length))).toBe(false);
  });

  it("refuses every single bit flipped", async () => {
    for (let bit = 0; bit < 512; bit += 7) {
      const flipped = SIGNATURE.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await judge(KEY, flipped)).toBe(false);
    }
  });
});

describe("a key that is not a sound one", () => {
  const honest = ed.Point.BASE.multiply(numberOf(SEED) % ORDER);
  const unsound: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ...eight.map((point, i) => [`the small-order point ${i}·T`, point.toBytes()] as const),
    ...eight
      .slice(1)
      .map((point, i) => [`of mixed order, with ${i + 1}·T`, honest.add(point).toBytes()] as const),
    ["with y not below p", NEUTRAL_NOT_CANONICAL],
    [
      "with x = 0 and its sign set",
      Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : i === 31 ? 128 : 0)),
    ],
    ["that is no point", bytesOf(2n)],
    ["of 31 bytes", new Uint8Array(31)],
    ["of 33 bytes", new Uint8Array(33)],
  ];

  it.each(unsound)("is refused: %s", (_, bytes) => {
    expect(isSound(bytes)).toBe(false);
  });

  it("is told from a sound one", () => {
    expect(isSound(honest.toBytes())).toBe(true);
  });
});

describe("createVerifier", () => {
  it("is not moved by later writes to the key it was given", async () => {
    const key = KEY.slice();
    const verifier = createVerifier(key);
    expect(await verifier.verify(SIGNATURE, MESSAGE)).toBe(true);
    key.fill(0);
    expect(await verifier.verify(SIGNATURE, MESSAGE)).toBe(true);
  });

  it("falls back on noble where WebCrypto takes no such key", async () => {
    const verifier = createVerifier(new Uint8Array(31));
    expect(await verifier.verify(SIGNATURE, MESSAGE)).toBe(false);
  });
});

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
