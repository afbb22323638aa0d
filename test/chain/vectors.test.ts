// Published vectors of others (test/vectors): whoever wrote them knew nothing of our verifier. Each file is counted, so that none of it
// goes missing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isPoint, readDerSignature, verifyP256 } from "../../src/chain/p256.ts";
import { sshFault } from "../../src/chain/sshsig.ts";
import { webauthnFault } from "../../src/chain/webauthn.ts";
import { createVerifier, toBase64Url, vetPublicKey } from "../../src/receipt/index.ts";

interface Wycheproof {
  readonly tests: readonly (readonly [
    tcId: number,
    publicKey: string,
    msg: string,
    sig: string,
    valid: boolean,
  ])[];
}

interface Passkeys {
  readonly rpId: string;
  readonly origin: string;
  readonly vectors: readonly Readonly<Record<PasskeyField, string>>[];
}

type PasskeyField =
  | "name"
  | "credential"
  | "challenge"
  | "authenticatorData"
  | "clientDataJSON"
  | "signature"
  | "x"
  | "y";

interface SshSignatures {
  readonly namespace: string;
  readonly data: string;
  readonly vectors: readonly {
    readonly name: string;
    readonly publicKey: string;
    readonly signature: string;
  }[];
}

function read<Content>(name: string): Content {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../vectors", name), "utf8"));
}

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

/** Judges every vector, and gives the ids of those that were judged otherwise than they say. */
async function misjudged(
  { tests }: Wycheproof,
  holds: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>,
): Promise<number[]> {
  const wrong: number[] = [];
  for (const [id, key, message, signature, valid] of tests) {
    if ((await holds(hex(key), hex(message), hex(signature))) !== valid) wrong.push(id);
  }
  return wrong;
}

const counts = ({ tests }: Wycheproof) => [tests.length, tests.filter(([, , , , valid]) => valid).length];

describe("Wycheproof", () => {
  const p256 = read<Wycheproof>("wycheproof-p256.json");
  const ed25519 = read<Wycheproof>("wycheproof-ed25519.json");

  it("has 484 signatures on P-256, of which 174 hold, and each is judged so", async () => {
    expect(counts(p256)).toEqual([484, 174]);
    const wrong = await misjudged(p256, async (point, message, der) => {
      const signature = readDerSignature(der);
      const xy = point.subarray(1);
      return signature !== null && isPoint(xy) && (await verifyP256(xy, signature, message));
    });
    expect(wrong).toEqual([]);
  });

  it("has 151 signatures by Ed25519, of which 88 hold, and each is judged so", async () => {
    expect(counts(ed25519)).toEqual([151, 88]);
    const wrong = await misjudged(ed25519, async (key, message, signature) => {
      const vetted = vetPublicKey({ kty: "OKP", crv: "Ed25519", x: toBase64Url(key) });
      return vetted.ok && signature.length === 64 && createVerifier(vetted.value).verify(signature, message);
    });
    expect(wrong).toEqual([]);
  });
});

describe("the vectors of Web Authentication, Level 3", () => {
  const { rpId, origin, vectors } = read<Passkeys>("webauthn-es256.json");
  const party = { rpId, origins: [origin] };

  const fault = ({ x, y, challenge, ...fields }: Passkeys["vectors"][number]) => {
    const text = (field: keyof typeof fields) => toBase64Url(hex(fields[field]));
    const assertion = {
      type: "webauthn",
      credential: text("credential"),
      publicKey: { kty: "EC", crv: "P-256", x: toBase64Url(hex(x)), y: toBase64Url(hex(y)) },
      authenticatorData: text("authenticatorData"),
      clientDataJSON: text("clientDataJSON"),
      signature: text("signature"),
    } as const;
    return webauthnFault(assertion, hex(challenge), party);
  };

  it("are 10 by ES256, and every signature holds over its own bytes", async () => {
    expect(vectors).toHaveLength(10);
    for (const { name, x, y, authenticatorData, clientDataJSON, signature } of vectors) {
      const raw = readDerSignature(hex(signature)) ?? new Uint8Array();
      const hashed = new Uint8Array(
        await crypto.subtle.digest("SHA-256", hex(clientDataJSON) as BufferSource),
      );
      const signed = new Uint8Array([...hex(authenticatorData), ...hashed]);
      expect(await verifyP256(hex(x + y), raw, signed), name).toBe(true);
    }
  });

  it("are taken where the user was verified and the ceremony is the site's own, and refused for that alone", async () => {
    const said = await Promise.all(
      vectors.map(async (vector) => {
        const { crossOrigin } = JSON.parse(Buffer.from(vector.clientDataJSON, "hex").toString());
        const isVerified = ((hex(vector.authenticatorData)[32] ?? 0) & 0x04) !== 0;
        return [
          crossOrigin ? "from another site" : isVerified ? "verified" : "not verified",
          await fault(vector),
        ];
      }),
    );
    const byFlag = (flag: string) => said.filter(([what]) => what === flag).map(([, why]) => why);
    expect(byFlag("verified")).toEqual(Array(3).fill(null));
    expect(byFlag("from another site")).toEqual(Array(2).fill("expected no cross-origin ceremony"));
    expect(byFlag("not verified")).toEqual(Array(5).fill("expected a user who was present and verified"));
  });
});

describe("OpenSSH's own signatures", () => {
  const { namespace, data, vectors } = read<SshSignatures>("openssh-sshsig.json");
  const message = new TextEncoder().encode(data);

  it("are 7: those of our four types hold, and the others are refused", async () => {
    const said = await Promise.all(
      vectors.map(async (vector) => [
        vector.name,
        await sshFault({ type: "ssh", ...vector }, message, namespace),
      ]),
    );
    expect(Object.fromEntries(said)).toEqual({
      ed25519: null,
      ecdsa: null,
      ed25519_sk: null,
      ecdsa_sk: null,
      // A browser's assertion in the form of SSH: an inner type of its own, which is none of ours.
      ecdsa_sk_webauthn: "expected a signature of the key's own type",
      rsa: "expected publicKey as <type> <base64> of a sound key",
      "mldsa44-ed25519": "expected publicKey as <type> <base64> of a sound key",
    });
  });

  it("hold over no other bytes and in no other namespace", async () => {
    for (const vector of vectors) {
      expect(await sshFault({ type: "ssh", ...vector }, message.with(0, 0), namespace)).not.toBeNull();
      expect(await sshFault({ type: "ssh", ...vector }, message, "countersign")).not.toBeNull();
    }
  });
});
