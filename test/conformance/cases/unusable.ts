// Input that cannot be judged at all: no bundle of this version, or a trust policy that does not fit §6.1 or is not sound.
import type { CorpusCase, Unusable } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { OPEN_TRUST, seedOf, TRUST, trusted, trustOf } from "../fixed-keys.ts";
import { BAD_KEYS } from "../forged-signatures.ts";
import { all, at, changeList, changeText, drop, type Edit, edited, type Json, put } from "../json-edit.ts";
import { publicJwk, thumbprint, toBase64Url } from "../primitives.ts";
import { SCENARIOS } from "../scenarios.ts";
import { badLogPolicies } from "./log-policies.ts";

const BUNDLE = writeChain(SCENARIOS.approved.slice(0, 2)).bundle;

const bundles: readonly (readonly [name: string, bundle: Json])[] = [
  ["null", null],
  ["a number", 7],
  ["a text", "bundle"],
  ["a list of envelopes", at(BUNDLE, "receipts")],
  ["an empty object", {}],
  ...(
    [
      ["the version before", changeText("mediaType", (old) => old.replace("=2", "=1"))],
      ["the version after", changeText("mediaType", (old) => old.replace("=2", "=3"))],
      ["a media type without its version", changeText("mediaType", (old) => old.split(";")[0] ?? "")],
      ["a media type with a space", changeText("mediaType", (old) => old.replace(";", "; "))],
      ["no media type", drop("mediaType")],
      ["no run", drop("run")],
      ["a run that is no name", put("run", "../run-1")],
      ["a run of 65 characters", put("run", "r".repeat(65))],
      ["a run with a trailing newline", put("run", "run-1\n")],
      ["a run with a lone surrogate", put("run", "\ud800")],
      ["a run of null", put("run", null)],
      ["no receipts", drop("receipts")],
      ["receipts by number", put("receipts", { "0": {} })],
      ["receipts of null", put("receipts", null)],
      ["no artifacts", drop("artifacts")],
      ["artifacts in a list", put("artifacts", [])],
      ["artifacts of null", put("artifacts", null)],
      ["an artifact that is a list of bytes", put("artifacts.stray", [1, 2, 3])],
      ["an artifact of null", put("artifacts.stray", null)],
      ["an artifact named __proto__ that is an object", put("artifacts.__proto__", {})],
      ["no anchors", drop("anchors")],
      ["anchors of null", put("anchors", null)],
      ["an anchor without a proof", put("anchors", [{ seq: 4 }])],
      ["an anchor with a member too many", put("anchors", [{ seq: 4, proof: "", kind: "decision" }])],
      ["an anchor before the first receipt", put("anchors", [{ seq: -1, proof: "" }])],
      ["an anchor at a place in quotes", put("anchors", [{ seq: "4", proof: "" }])],
      ["a proof of 100001 units", put("anchors", [{ seq: 4, proof: "x".repeat(100_001) }])],
      ["a proof of null", put("anchors", [{ seq: 4, proof: null }])],
      ["an anchor of null", put("anchors", [null])],
      ["an unknown member", put("trust", TRUST)],
      ["a member named __proto__", put("__proto__", null)],
    ] satisfies [string, Edit][]
  ).map(([name, edit]) => [name, edited(BUNDLE, edit)] as const),
];

const key =
  (edit: Edit): Edit =>
  (value, written) =>
    put("keys.0", edit(at(value, "keys.0"), written))(value, written);
const long = (length: number): Edit =>
  put("policies", new Array<Json>(length).fill(`sha256:${"0".repeat(64)}`));

const policies: readonly (readonly [name: string, edit: Edit])[] = [
  ["null", put("", null)],
  ["a list", put("", [])],
  ["a plain key set", put("", { keys: at(TRUST, "keys") })],
  ["the version before", put("version", 1)],
  ["the version before, whole", all(put("version", 1), drop("reviewers"), drop("policies"), drop("log"))],
  ["the version after", put("version", 3)],
  ["version 2 in quotes", put("version", "2")],
  ["version true", put("version", true)],
  ["no version", drop("version")],
  ["no issuer", drop("issuer")],
  ["an empty issuer", put("issuer", "")],
  ["an issuer of 301 units", put("issuer", "i".repeat(301))],
  ["an issuer with a lone surrogate", put("issuer", "https://\ud800.example")],
  ["no keys", drop("keys")],
  ["an empty list of keys", put("keys", [])],
  ["keys by role", put("keys", { agent: null })],
  ["no reviewers", drop("reviewers")],
  ["reviewers of null", put("reviewers", null)],
  ["reviewers by name", put("reviewers", {})],
  ["no policies", drop("policies")],
  ["policies that are one digest", put("policies", `sha256:${"0".repeat(64)}`)],
  ["a policy in bare digits", put("policies", ["0".repeat(64)])],
  ["a policy with a trailing newline", put("policies", [`sha256:${"0".repeat(64)}\n`])],
  ["1001 policies", long(1001)],
  ["no log", drop("log")],
  ...badLogPolicies.map(([name, log]) => [`a log that is no policy: ${name}`, put("log", log)] as const),
  ["an unknown member", put("comment", "x")],
  ["a member named __proto__", put("__proto__", null)],
  ["an unknown member of a key", key(put("use", "sig"))],
  ["a secret key", key(put("d", toBase64Url(seedOf("agent"))))],
  ["a key without a window", key(drop("notAfter"))],
  ["a window that is no instant", key(put("notAfter", "2027"))],
  ["a window that is no date", key(put("notBefore", "2027-02-29T00:00:00.000Z"))],
  ["a revocation that is true", key(put("revokedAt", true))],
  ["a role outside the three", key(put("role", "reviewer"))],
  ["another curve", key(put("crv", "Ed448"))],
  ["another key type", key(put("kty", "EC"))],
  ["a key id of one's own choice", key(put("kid", "A".repeat(43)))],
  ["a key id and a newline", key(changeText("kid", (old) => `${old}\n`))],
  ["two keys with their ids exchanged", exchanged],
  ["one key in two roles", changeList("keys", (old) => [...old, trusted("agent", "human")])],
  [
    "one key twice in one role",
    changeList("keys", (old) => [
      ...old,
      trusted("agent", "agent", { notAfter: "2026-01-01T00:00:00.000Z" }),
    ]),
  ],
  ["a key of 31 bytes", withX(toBase64Url(new Uint8Array(31).fill(9)))],
  ["a key of 33 bytes", withX(toBase64Url(new Uint8Array(33).fill(9)))],
  ["a key with trailing bits set", withX(loose())],
  ["a padded key", withX(`${publicJwk(seedOf("agent")).x}=`)],
  ...BAD_KEYS.map(([name, bytes]) => [`${name} for a key`, withX(toBase64Url(bytes))] as const),
];

const many = (count: number): Json => trustOf(...Array.from({ length: count }, (_, i) => numberedKey(i)));
const reviewers = (count: number): Json =>
  edited(
    TRUST,
    put(
      "reviewers",
      Array.from({ length: count }, (_, i) => ({ id: `${i}`, roles: [], keys: [] })),
    ),
  );
const ONE = writeChain(SCENARIOS.approved.slice(0, 1)).bundle;
const usable: readonly (readonly [name: string, trust: Json, code?: string])[] = [
  ["1000 pinned policies", edited(TRUST, long(1000)), "ERR_POLICY"],
  ["1000 keys", many(1000), "ERR_KEY_UNKNOWN"],
  ["one key", trustOf(trusted("runtime", "runtime"))],
  ["1000 reviewers", reviewers(1000)],
  [
    "a window that is over before it begins",
    edited(
      OPEN_TRUST,
      put("keys.0.notBefore", "9999-12-31T23:59:59.999Z"),
      put("keys.0.notAfter", "0000-01-01T00:00:00.000Z"),
    ),
  ],
  ["the longest issuer", edited(TRUST, put("issuer", "é".repeat(300))), "ERR_ISSUER"],
];

export const unusableCases: readonly CorpusCase[] = [
  ...bundles.map(([name, bundle]) =>
    unusable("bundle", name, "Only a bundle of this version can be judged.", bundle, TRUST, "ERR_BUNDLE"),
  ),
  ...policies.map(([name, edit]) => noTrust(name, edited(TRUST, edit))),
  noTrust("1001 keys", many(1001)),
  noTrust("1001 reviewers", reviewers(1001)),
  unusable(
    "bundle",
    "an unsound trust policy, and no bundle",
    "What is unusable is named in one order.",
    {},
    {},
    "ERR_TRUST_POLICY",
  ),
  ...usable.map(
    ([name, trust, code]): CorpusCase => ({
      name: `trust policy: ${name}`,
      axis: "trust policy",
      why: "This is a sound trust policy, whatever it says of this chain.",
      bundle: ONE,
      trust,
      expect: code ? { verdict: "invalid", code, seq: 0 } : { verdict: "incomplete", code: null },
    }),
  ),
];

/** A case that ends before anything is verified. */
export function unusable(
  axis: string,
  name: string,
  why: string,
  bundle: Json,
  trust: Json,
  code: Unusable,
): CorpusCase {
  return { name: `${axis}: ${name}`, axis, why, bundle, trust, expect: { unusable: code } };
}

/** A trust policy under which nothing can be judged. */
export function noTrust(name: string, trust: Json): CorpusCase {
  return unusable(
    "trust policy",
    name,
    "Under a trust policy that is itself unsound nothing can be judged.",
    BUNDLE,
    trust,
    "ERR_TRUST_POLICY",
  );
}

/** The agent's key replaced by this text, under its true thumbprint. */
function withX(x: string): Edit {
  return key(all(put("x", x), put("kid", thumbprint({ kty: "OKP", crv: "Ed25519", x }))));
}

/** The agent's key in text that decodes to the same bytes but is not how they are encoded. */
function loose(): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const { x } = publicJwk(seedOf("agent"));
  return `${x.slice(0, 42)}${alphabet.charAt(alphabet.indexOf(x.charAt(42)) + 1)}`;
}

function exchanged(value: Json): Json {
  const [a, b] = [at(value, "keys.0.kid"), at(value, "keys.1.kid")];
  return edited(value, put("keys.0.kid", b), put("keys.1.kid", a));
}

/** A key for each number; the seed is public like all others here. */
function numberedKey(i: number): Json {
  const seed = new Uint8Array(32).fill(0xa0);
  seed.set([i >> 8, i & 255]);
  const { kty, crv, x } = publicJwk(seed);
  return {
    kty,
    crv,
    x,
    kid: thumbprint({ kty, crv, x }),
    role: "agent",
    notBefore: null,
    notAfter: null,
    revokedAt: null,
  };
}
