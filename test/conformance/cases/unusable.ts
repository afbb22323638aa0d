// Input that cannot be judged at all: no bundle of this version, or a trust policy that is itself unsound.
import * as ed from "@noble/ed25519";
import { publicJwk, thumbprint, toBase64Url } from "../../../src/receipt/index.ts";
import type { UnusableCase } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { seedOf, TRUST, trusted, trustOf } from "../fixed-keys.ts";
import { bytesOf, NEUTRAL_NOT_CANONICAL, TORSION } from "../forged-signatures.ts";
import { all, changeList, changeText, drop, type Edit, isRecord, type Json, put } from "../json-edit.ts";
import { SCENARIOS } from "../scenarios.ts";

const BUNDLE = writeChain(SCENARIOS.approved).bundle;
const edited = (value: Json, edit: Edit) => edit(value, { digests: [] });

const bundles: readonly (readonly [name: string, bundle: Json])[] = [
  ["null", null],
  ["a number", 7],
  ["a text", "bundle"],
  ["a list of envelopes", isRecord(BUNDLE) ? (BUNDLE.receipts ?? null) : null],
  ["an empty object", {}],
  [
    "another version",
    edited(
      BUNDLE,
      changeText("mediaType", (old) => old.replace("=1", "=2")),
    ),
  ],
  [
    "a media type without its version",
    edited(
      BUNDLE,
      changeText("mediaType", (old) => old.split(";")[0] ?? ""),
    ),
  ],
  ["no media type", edited(BUNDLE, drop("mediaType"))],
  ["no run", edited(BUNDLE, drop("run"))],
  ["a run that is no name", edited(BUNDLE, put("run", "../run-1"))],
  ["a run of null", edited(BUNDLE, put("run", null))],
  ["no receipts", edited(BUNDLE, drop("receipts"))],
  ["receipts by number", edited(BUNDLE, put("receipts", { "0": {} }))],
  ["no artifacts", edited(BUNDLE, drop("artifacts"))],
  ["artifacts in a list", edited(BUNDLE, put("artifacts", []))],
  ["artifacts of null", edited(BUNDLE, put("artifacts", null))],
  ["an artifact that is a list of bytes", edited(BUNDLE, put("artifacts.stray", [1, 2, 3]))],
  ["an artifact named __proto__ that is an object", edited(BUNDLE, put("artifacts.__proto__", {}))],
  ["an unknown member", edited(BUNDLE, put("trust", TRUST))],
];

const policies: readonly (readonly [name: string, trust: Json])[] = [
  ["null", null],
  ["a plain key set", isRecord(TRUST) ? { keys: TRUST.keys ?? null } : null],
  ["version 2", edited(TRUST, put("version", 2))],
  ["no issuer", edited(TRUST, drop("issuer"))],
  ["an empty issuer", edited(TRUST, put("issuer", ""))],
  ["no key", edited(TRUST, put("keys", []))],
  ["keys by role", edited(TRUST, put("keys", { agent: null }))],
  ["an unknown member", edited(TRUST, put("comment", "x"))],
  ["an unknown member of a key", edited(TRUST, put("keys.0.use", "sig"))],
  ["a secret key", edited(TRUST, put("keys.0.d", toBase64Url(seedOf("agent"))))],
  ["a key without a window", edited(TRUST, drop("keys.0.notAfter"))],
  ["a window that is no instant", edited(TRUST, put("keys.0.notAfter", "2027"))],
  ["a role outside the three", edited(TRUST, put("keys.0.role", "admin"))],
  ["another curve", edited(TRUST, put("keys.0.crv", "Ed448"))],
  ["another key type", edited(TRUST, put("keys.0.kty", "EC"))],
  ["a key id of one's own choice", edited(TRUST, put("keys.0.kid", "A".repeat(43)))],
  ["two keys with their ids exchanged", exchanged()],
  [
    "one key in two roles",
    trustOf(trusted("agent", "agent"), trusted("agent", "human"), trusted("runtime", "runtime")),
  ],
  [
    "one key twice in one role",
    edited(
      TRUST,
      changeList("keys", (old) => [...old, ...old.slice(0, 1)]),
    ),
  ],
  ["a key of 31 bytes", withKey(new Uint8Array(31).fill(9))],
  ["a key with trailing bits set", withX(looseX())],
  ["a padded key", withX(`${publicJwk(seedOf("agent")).x.slice(0, 42)}=`)],
  ["the neutral element", withKey(ed.Point.ZERO.toBytes())],
  ["a key of order 2", withKey(bytesOf(2n ** 255n - 20n))],
  ["a key of order 8", withKey(TORSION.toBytes())],
  ["a key of mixed order", withKey(ed.Point.BASE.multiply(7n).add(TORSION).toBytes())],
  ["a key whose y is not below p", withKey(NEUTRAL_NOT_CANONICAL)],
  [
    "a key with x = 0 and its sign set",
    withKey(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : i === 31 ? 128 : 0))),
  ],
  ["a key that is no point", withKey(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 2 : 0)))],
];

/** Cases that end before anything is verified. */
export const unusableCases: readonly UnusableCase[] = [
  ...bundles.map(
    ([name, bundle]): UnusableCase => ({
      name: `bundle: ${name}`,
      axis: "bundle",
      why: "Only a bundle of this version can be judged.",
      bundle,
      trust: TRUST,
      expect: { unusable: "ERR_BUNDLE" },
    }),
  ),
  ...policies.map(
    ([name, trust]): UnusableCase => ({
      name: `trust policy: ${name}`,
      axis: "trust policy",
      why: "Under a trust policy that is itself unsound nothing can be judged.",
      bundle: BUNDLE,
      trust,
      expect: { unusable: "ERR_TRUST_POLICY" },
    }),
  ),
];

/** The default policy with an agent key of these bytes, under its true thumbprint. */
function withKey(bytes: Uint8Array): Json {
  return withX(toBase64Url(bytes));
}

function withX(x: string): Json {
  const kid = thumbprint({ kty: "OKP", crv: "Ed25519", x });
  return edited(TRUST, all(put("keys.0.x", x), put("keys.0.kid", kid)));
}

/** The agent's key in text that decodes to the same bytes but is not how they are encoded. */
function looseX(): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const { x } = publicJwk(seedOf("agent"));
  return `${x.slice(0, 42)}${alphabet.charAt(alphabet.indexOf(x.charAt(42)) + 1)}`;
}

function exchanged(): Json {
  const [agent, human] = [publicJwk(seedOf("agent")), publicJwk(seedOf("human"))].map(thumbprint);
  return edited(TRUST, all(put("keys.0.kid", human ?? ""), put("keys.1.kid", agent ?? "")));
}
