// Seeds, public JWKs and thumbprints, by RFC 8037 and RFC 7638.
import * as ed from "@noble/ed25519";
import { describe, expect, it } from "vitest";
import {
  canonicalBytes,
  createSigner,
  createVerifier,
  fromBase64Url,
  publicJwk,
  readSeed,
  sha256Hex,
  thumbprint,
  toBase64Url,
  vetPublicKey,
} from "../../src/receipt/index.ts";
import { TORSION } from "./torsion-signatures.ts";

const D = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const JWK = { kty: "OKP", crv: "Ed25519", x: X } as const;

function seed(): Uint8Array {
  const read = readSeed(D);
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}

describe("RFC 8037, appendix A", () => {
  it("A.1, A.2: gives the public key of a secret key", () => {
    expect(publicJwk(seed())).toEqual(JWK);
  });

  it("A.3: names the key by its thumbprint", () => {
    expect(thumbprint(JWK)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    expect(createSigner(seed()).kid).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  });

  it("A.4, A.5: signs the example and verifies it", async () => {
    const input = new TextEncoder().encode("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
    const signature = createSigner(seed()).sign(input);
    expect(toBase64Url(signature)).toBe(
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    );
    const key = vetPublicKey(JWK);
    expect(key.ok && (await createVerifier(key.value).verify(signature, input))).toBe(true);
  });
});

describe("RFC 7638", () => {
  it("§3.1: hashes the required members, sorted and without white space", () => {
    const n =
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    const digest = sha256Hex(canonicalBytes({ n, e: "AQAB", kty: "RSA" }));
    expect(toBase64Url(Uint8Array.from(Buffer.from(digest, "hex")))).toBe(
      "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
    );
  });

  it("is what thumbprint does for an Ed25519 key, whatever else the JWK says", () => {
    const digest = sha256Hex(canonicalBytes(JWK));
    const withMore = { ...JWK, use: "sig", kid: "other" };
    expect(thumbprint(withMore)).toBe(toBase64Url(Uint8Array.from(Buffer.from(digest, "hex"))));
  });
});

const OTHER_TEXT = "expected the unpadded base64url of a 32-byte Ed25519 seed, got other text";

describe("readSeed", () => {
  it.each([
    ["nothing", "", "expected a seed of 32 bytes, got 0"],
    ["31 bytes", toBase64Url(new Uint8Array(31)), "expected a seed of 32 bytes, got 31"],
    ["33 bytes", toBase64Url(new Uint8Array(33)), "expected a seed of 32 bytes, got 33"],
    ["padding", `${D}=`, OTHER_TEXT],
    ["the other alphabet", D.replace("_", "/"), OTHER_TEXT],
    ["a trailing newline", `${D}\n`, OTHER_TEXT],
    ["trailing bits", `${D.slice(0, -1)}B`, OTHER_TEXT],
    [
      "hexadecimal",
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "expected a seed of 32 bytes, got 48",
    ],
  ])("refuses %s, and quotes none of it", (_, secret, message) => {
    expect(readSeed(secret)).toEqual({ ok: false, refusal: { code: "ERR_KEY", message } });
  });
});

describe("vetPublicKey", () => {
  it("gives the bytes of a sound key", () => {
    const vetted = vetPublicKey(JWK);
    expect(vetted.ok && vetted.value).toEqual(fromBase64Url(X));
  });

  it.each([
    ["padding", `${X}=`, /base64url/],
    ["trailing bits", `${X.slice(0, -1)}p`, /base64url/],
    ["another length", X.slice(0, -4), /32 bytes/],
    ["a key of mixed order", toBase64Url(ed.Point.BASE.add(TORSION).toBytes()), /torsion-free/],
    ["a key of small order", toBase64Url(new Uint8Array(32)), /small order/],
    [
      "no point",
      toBase64Url(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 2 : 0))),
      /canonical encoding/,
    ],
  ])("refuses %s", (_, x, message) => {
    const vetted = vetPublicKey({ ...JWK, x });
    expect(vetted.ok ? null : vetted.refusal.code).toBe("ERR_KEY");
    expect(vetted.ok ? "" : vetted.refusal.message).toMatch(message);
  });
});
