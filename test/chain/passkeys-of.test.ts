// Which passkeys a page may ask for: a reviewer's own, at this address, now.
import { describe, expect, it } from "vitest";
import { passkeysOf, type ReviewerEntry, readReviewers, readTrustPolicy } from "../../src/chain/index.ts";
import { passkeyOf } from "../engine/passkey.ts";

const HOME = "https://review.example";
const NOW = "2026-11-29T12:00:00.000Z";
const [alices, bobs] = [passkeyOf("alice", HOME), passkeyOf("bob", HOME)];
const always = { notBefore: null, notAfter: null };

type Key = ReviewerEntry["keys"][number];

async function usable(change: Partial<Key>, { reviewer = "alice", origin = HOME, now = NOW } = {}) {
  const keys = [{ ...alices.entry, ...change } as Key];
  const trust = readTrustPolicy({
    version: 2,
    issuer: HOME,
    keys: [
      {
        kty: "OKP",
        crv: "Ed25519",
        x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        role: "human",
        ...always,
        revokedAt: null,
      },
    ],
    reviewers: [
      { id: "alice", roles: [{ role: "reviewer", ...always }], keys },
      { id: "bob", roles: [], keys: [bobs.entry] },
    ],
    policies: null,
    log: null,
  });
  if (!trust.ok) throw new Error(trust.refusal.message);
  return passkeysOf(trust.value, reviewer, origin, now).map(({ credential }) => credential);
}

const { credential } = alices.entry as Extract<Key, { type: "webauthn" }>;

describe("the passkeys of a reviewer", () => {
  it("are those listed for them, and nobody else's", async () => {
    expect(await usable({})).toEqual([credential]);
    expect(await usable({}, { reviewer: "bob" })).not.toContain(credential);
    expect(await usable({}, { reviewer: "carol" })).toEqual([]);
  });

  it("are those of this very address", async () => {
    for (const origin of ["http://review.example", `${HOME}:8443`, "https://example"])
      expect(await usable({}, { origin }), origin).toEqual([]);
    expect(await usable({ origins: ["https://other.example", HOME] })).toEqual([credential]);
  });

  it.each<[what: string, change: Partial<Key>, counts: boolean]>([
    ["from its beginning", { notBefore: NOW }, true],
    ["not before", { notBefore: "2026-11-29T12:00:00.001Z" }, false],
    ["up to its end", { notAfter: "2026-11-29T12:00:00.001Z" }, true],
    ["not from its end on", { notAfter: NOW }, false],
    ["not once it is revoked", { revokedAt: "2030-01-01T00:00:00.000Z" }, false],
  ])("count %s", async (_, change, counts) => {
    expect(await usable(change)).toEqual(counts ? [credential] : []);
  });
});

describe("a reviewers' file", () => {
  it("is read as it is, and refused with the place of its first fault", () => {
    const entry = { id: "alice", roles: [], keys: [alices.entry] };
    expect(readReviewers([entry])).toEqual({ ok: true, value: [entry] });
    const fault = readReviewers([entry, { ...entry, id: "" }]);
    expect(fault).toMatchObject({
      refusal: { code: "ERR_TRUST_POLICY", message: expect.stringMatching(/^1\.id: /) },
    });
    for (const input of [null, {}, "[]", [null]])
      expect(readReviewers(input).ok, JSON.stringify(input)).toBe(false);
  });
});
