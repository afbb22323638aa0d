// Decisions that a reviewer did not make, each signed by all three keys of the server: by name, where the corpus has them, and what both
// verifiers say. The last part is the whole claim: with the Worker's keys and its database, and no more, nothing executed verifies.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type ChainCode, readBundle, verify } from "../../src/chain/index.ts";
import type { Asserter } from "../conformance/asserter.ts";
import type { CorpusCase } from "../conformance/case.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { corpusCases } from "../conformance/corpus.ts";
import { put } from "../conformance/json-edit.ts";
import { PINNED, WORKER_KEYS } from "../conformance/pinned.ts";
import { canonicalBytes } from "../conformance/primitives.ts";
import { publish } from "../conformance/published-form.ts";
import { alicePasskey, aliceSsh, otherPasskey, otherSk, otherSsh } from "../conformance/reviewer-keys.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { ssh } from "../conformance/ssh.ts";
import type { Step } from "../conformance/step.ts";
import { webauthn } from "../conformance/webauthn.ts";

/** A forgery, the code that refuses it, and the cases that are it. */
const FORGERIES: readonly (readonly [what: string, code: ChainCode, ...cases: string[]])[] = [
  [
    "another challenge",
    "ERR_ASSERTION",
    "rule 64, client data: with the challenge of another intent",
    "rule 64, SSH signature inside: over another intent",
  ],
  ["another origin", "ERR_ASSERTION", "rule 64, passkey's site: another origin"],
  ["another rpId", "ERR_ASSERTION", "rule 64, passkey's site: another relying party"],
  ["a user who was not verified", "ERR_ASSERTION", "rule 64, authenticator data: without flag UV"],
  [
    "a user who was not there",
    "ERR_ASSERTION",
    "rule 64, authenticator data: without flag UP",
    "rule 64, SSH signature inside: of a security key, without flag UP",
  ],
  ["a frame of another site", "ERR_ASSERTION", "rule 64, client data: from a frame of another site"],
  [
    "someone else's credential",
    "ERR_REVIEWER_KEY",
    "rule 65, reviewer's key: Alice's passkey, by Bob",
    "rule 65, reviewer's key: Bob's security key, by Alice",
    "rule 65, reviewer's key: Alice's passkey, by one who is not listed",
    "rule 65, reviewer's key: a passkey under another credential",
  ],
  [
    "an old assertion on a new round",
    "ERR_ASSERTION",
    "rule 64, assertion: of the round before",
    "rule 64, the Worker's keys: her request for changes, under the approval of the next round",
    "rule 64, the Worker's keys: her approval of the first call, under that of the second",
  ],
  [
    "an altered reason, over the old intent",
    "ERR_INTENT",
    "rule 63, intent: another reason",
    "rule 63, intent: a reason that the intent has, left out",
  ],
  [
    "an altered reason, over a new intent",
    "ERR_ASSERTION",
    "rule 64, assertion: of an approval with another reason",
    "rule 64, assertion by SSH: of an approval with another reason",
  ],
  [
    "an altered role",
    "ERR_ASSERTION",
    "rule 64, assertion: of an approval in another role",
    "rule 64, assertion by SSH: of an approval in another role",
  ],
  ["an altered role, over the old intent", "ERR_INTENT", 'rule 63, intent: of another role, "owner"'],
  [
    "an approval made of a rejection",
    "ERR_ASSERTION",
    "rule 64, assertion: of a rejection, for an approval",
    "rule 64, assertion by SSH: of a rejection, for an approval",
    "rule 64, the Worker's keys: her rejection, under an approval",
  ],
  [
    "an approval made of a rejection, over the old intent",
    "ERR_INTENT",
    "rule 63, intent: a rejection made an approval",
    "rule 63, the Worker's keys: her rejection, with its intent, under an approval",
  ],
  [
    "a key outside its window",
    "ERR_REVIEWER_KEY",
    "rule 65, reviewer's key: a passkey a millisecond before its window",
    "rule 65, reviewer's key: a passkey at the instant that its window ends",
    "rule 65, reviewer's key: an SSH key a millisecond before its window",
    "rule 65, reviewer's key: an SSH key at the instant that its window ends",
  ],
  [
    "a key that was revoked, before or after",
    "ERR_REVIEWER_KEY",
    "rule 65, reviewer's key: a passkey revoked before the run",
    "rule 65, reviewer's key: a passkey revoked after the run",
    "rule 65, reviewer's key: an SSH key revoked before the run",
    "rule 65, reviewer's key: an SSH key revoked after the run",
  ],
  [
    "a role outside its window",
    "ERR_ROLE",
    "rule 59, role: a role a millisecond before its window",
    "rule 59, role: a role at the instant that its window ends",
    "rule 59, role: a role between two windows",
  ],
  [
    "lax DER",
    "ERR_ASSERTION",
    "rule 64, ECDSA in DER: with a byte after it",
    "rule 64, ECDSA in DER: with a length in two bytes",
    "rule 64, ECDSA in DER: with an indefinite length",
    "rule 64, ECDSA in DER: with a zero byte too many before r",
    "rule 64, ECDSA in DER: with a negative integer",
    "rule 64, ECDSA in DER: with s + n",
    "rule 64, ECDSA in DER: with r = 0 and s = 0",
    "rule 64, ECDSA in SSH: with a zero byte too many before r",
  ],
  [
    "an unlisted key for a listed reviewer",
    "ERR_REVIEWER_KEY",
    "rule 65, reviewer's key: a passkey that nobody lists, by Alice",
    "rule 65, reviewer's key: an SSH key that nobody lists, by Alice",
    "rule 65, reviewer's key: a key that nobody lists, by one who is listed without keys",
  ],
];

const byName = new Map(corpusCases.map((each) => [each.name, each]));
const attacks = corpusCases.filter(({ axis }) => axis === WORKER_KEYS);
const isRefused = ({ rule }: CorpusCase) => rule !== undefined;

/** Verifies a case with our own verifier. */
const judged = ({ bundle, trust }: CorpusCase) => verify(bundle, trust);

/** What the receipts say, one text each. */
function payloadsOf({ bundle }: Pick<CorpusCase, "bundle">): string[] {
  const read = readBundle(bundle);
  if (!read.ok) throw new Error(read.refusal.message);
  const envelopes = z.array(z.object({ payload: z.string() })).parse(read.value.receipts);
  return envelopes.map(({ payload }) => Buffer.from(payload, "base64").toString());
}

const tellsOfExecuted = (each: Pick<CorpusCase, "bundle">) =>
  payloadsOf(each).some((payload) => payload.includes('"status":"executed"'));

describe("a forged decision", () => {
  it.each(FORGERIES)(
    "with %s is refused, and its receipt is signed by the human key",
    async (_, code, ...names) => {
      for (const name of names) {
        const each = byName.get(name);
        expect(each, `the corpus has ${name}`).toBeDefined();
        if (!each) continue;
        const { report } = await judged(each);
        expect(
          report.checks.filter(({ id, ok }) => id === "signature" && !ok),
          name,
        ).toEqual([]);
        expect([name, report.verdict, report.checks.find(({ ok }) => !ok)?.code]).toEqual([
          name,
          "invalid",
          code,
        ]);
      }
    },
  );
});

describe("somebody with the Worker's three keys and its database", () => {
  it.each(attacks.filter(isRefused))("has nothing executed that verifies: $name", async (each) => {
    expect(tellsOfExecuted(each)).toBe(true);
    expect(payloadsOf(each).at(-1)).toContain("urn:countersign:receipt:handoff:v2");
    const { report, run } = await judged(each);
    expect(report.checks.filter(({ id, ok }) => id === "signature" && !ok)).toEqual([]);
    expect([report.verdict, run]).toEqual(["invalid", null]);
  });

  it("needs no more than a listed key's signature, and without the pin not even that", async () => {
    const taken = attacks.filter((each) => !isRefused(each));
    const said = await Promise.all(
      taken.map(async (each) => {
        const { report, run } = await judged(each);
        return [each.name, report.verdict, run?.rounds[0]?.decisions[0]?.signed?.listed ?? false];
      }),
    );
    expect(said).toEqual([
      ["the Worker's keys: Alice's SSH key", "valid", true],
      ["the Worker's keys: Alice's passkey", "valid", true],
      ["the Worker's keys: Bob's security key", "valid", true],
      ["the Worker's keys: a policy that asks for no key, not pinned", "valid", false],
      [
        "the Worker's keys: a policy that asks for no key, in a name that nobody lists, not pinned",
        "valid",
        false,
      ],
    ]);
  });

  it("puts no scenario, name, key and old signature together so that an executed call verifies", async () => {
    const old = (over: Uint8Array) => ssh(aliceSsh, { over: () => over });
    const asserters: readonly (Asserter | undefined)[] = [
      undefined,
      ...[otherSsh, otherSk].map((key) => ssh(key)),
      webauthn(otherPasskey),
      webauthn({ ...otherPasskey, credential: alicePasskey.credential }),
      webauthn(alicePasskey, { secret: otherPasskey.secret }),
      old(canonicalBytes({ type: "countersign.decision", version: 2, decision: "approve" })),
      webauthn(alicePasskey, { challenge: () => "A".repeat(43) }),
    ];
    const policies = ["optional", "required", "present"].map((word) => put("reviewerKey", word));
    const attack = fc.record({
      scenario: fc.constantFrom(...Object.values<readonly Step[]>(SCENARIOS)),
      reviewer: fc.constantFrom("alice", "bob", "carol", "root", "Alice"),
      asserters: fc.array(fc.constantFrom(...asserters), { minLength: 3, maxLength: 3 }),
      approves: fc.boolean(),
      executes: fc.boolean(),
      policy: fc.constantFrom(...policies),
    });
    let executed = 0;
    await fc.assert(
      fc.asyncProperty(attack, async ({ scenario, reviewer, asserters, approves, executes, policy }) => {
        let decisions = 0;
        const steps = scenario.map((step: Step): Step => {
          if (step.kind === "execution" && executes) return { ...step, status: "executed" };
          if (step.kind !== "decision") return step;
          const assert = asserters[decisions++ % 3];
          return { ...step, reviewer, ...(assert && { assert }), ...(approves && { decision: "approve" }) };
        });
        const { bundle } = writeChain(steps, { policy });
        const { report, run } = await verify(bundle, PINNED);
        if (tellsOfExecuted({ bundle })) executed += 1;
        if (report.verdict === "invalid") return;
        expect(run?.rounds.map(({ execution }) => execution?.status ?? "withheld")).toEqual(
          run?.rounds.map(() => "withheld"),
        );
      }),
      { numRuns: 400 },
    );
    expect(executed).toBeGreaterThan(200);
  });
});

describe("verify.py, the second verifier", () => {
  const named = FORGERIES.flatMap(([, , ...names]) => names);
  const cases = [...attacks, ...named.flatMap((name) => byName.get(name) ?? [])];
  const folder = join(import.meta.dirname, "../conformance");
  const hasPython = spawnSync("python3", ["-c", "import cryptography"]).status === 0;
  if (!hasPython)
    process.stderr.write(
      "NOT TESTED: there is no python3 with cryptography, so verify.py judges no forgery\n",
    );

  it.skipIf(!hasPython)("says the same of every one of them", () => {
    const place = mkdtempSync(join(tmpdir(), "countersign-forgeries-"));
    onTestFinished(() => rmSync(place, { recursive: true, force: true }));
    const file = join(place, "forgeries.json");
    writeFileSync(file, publish([...new Set(cases)]));
    const { stdout, stderr } = spawnSync("python3", [join(folder, "judge_corpus.py"), file], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const said = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(said).toEqual([...new Set(cases)].map(({ name, expect: expected }) => [name, expected]));
  });
});
