// The report of a verification: which checks it lists, in which order, and what it leaves unsaid; and bundles made anew.
import { describe, expect, it } from "vitest";
import { createBundle, namedArtifacts, UnusableInputError, verify } from "../../src/chain/index.ts";
import { digestOf } from "../../src/receipt/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { ISSUER, signerOf, TRUST } from "../conformance/fixed-keys.ts";
import { all, changeText, drop, put } from "../conformance/json-edit.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { amend, type Step } from "../conformance/step.ts";
import { openChain } from "./open-chain.ts";

const approved = writeChain(SCENARIOS.approved);
const NOTHING = { digests: [] };

const summary = (checks: Awaited<ReturnType<typeof verify>>["checks"]) =>
  checks.map(({ id, ok, seq, code }) => [id, seq ?? "-", ok ? "ok" : code].join(" "));

describe("the report of a whole run", () => {
  it("lists every check, in order, each passed", async () => {
    const report = await verify(approved.bundle, TRUST);
    expect(summary(report.checks)).toEqual([
      "trust - ok",
      "bundle - ok",
      ...approved.digests.flatMap((_, seq) => [`signature ${seq} ok`, `chain ${seq} ok`]),
      "artifacts - ok",
      "complete - ok",
    ]);
    expect(report).toMatchObject({ verdict: "valid", run: "run-1", count: 8, head: approved.digests.at(-1) });
  });

  it("says in words what each check found", async () => {
    const { checks } = await verify(approved.bundle, TRUST);
    const [trust, bundle, signature, place] = checks.map(({ message }) => message);
    expect([trust, bundle, signature, place, ...checks.slice(-2).map(({ message }) => message)]).toEqual([
      `3 keys of ${ISSUER} are trusted, and no other`,
      "8 receipts of run run-1",
      `alert is signed by the trusted key ${signerOf("agent").kid}`,
      "alert follows lawfully from what stands before it",
      `14 artifacts hash to the names that receipts give them`,
      "the chain ends in a handoff",
    ]);
  });

  it("says of an open chain that it is incomplete, and nothing worse", async () => {
    const { bundle } = writeChain(SCENARIOS.approved.slice(0, 4));
    const report = await verify(bundle, TRUST);
    expect(report.verdict).toBe("incomplete");
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([
      {
        id: "complete",
        ok: false,
        code: "ERR_INCOMPLETE",
        message: "the chain is still open: it does not end in a handoff",
      },
    ]);
  });
});

describe("the report of a broken run", () => {
  it("judges no receipt's place after the first that is refused, but every signature", async () => {
    const steps = amend(SCENARIOS.approved, SEQ.preview, {
      edit: put("predicate.proposal", `sha256:${"0".repeat(64)}`),
    });
    const report = await verify(writeChain(steps).bundle, TRUST);
    expect(summary(report.checks)).toEqual([
      "trust - ok",
      "bundle - ok",
      ...[0, 1, 2].flatMap((seq) => [`signature ${seq} ok`, `chain ${seq} ok`]),
      "signature 3 ok",
      "chain 3 ERR_PROPOSAL",
      ...[4, 5, 6, 7].map((seq) => `signature ${seq} ok`),
      "artifacts - ok",
    ]);
    expect(report.verdict).toBe("invalid");
  });

  it("lists every bad signature, and does not call it incomplete", async () => {
    const broken = all(
      drop("receipts.2.payload"),
      changeText("receipts.5.signatures.0.sig", (old) => `${old.slice(0, 85)}B==`),
    )(approved.bundle, NOTHING);
    const failed = (await verify(broken, TRUST)).checks.filter(({ ok }) => !ok);
    expect(summary(failed)).toEqual(["signature 2 ERR_ENVELOPE", "signature 5 ERR_BASE64"]);
  });

  it("calls no artifact unnamed while a receipt is unread, for it may be that one's", async () => {
    const broken = drop("receipts.1.payload")(approved.bundle, NOTHING);
    const failed = (await verify(broken, TRUST)).checks.filter(({ ok }) => !ok);
    expect(summary(failed)).toEqual(["signature 1 ERR_ENVELOPE"]);
  });

  it("has no head when the last receipt cannot be read", async () => {
    const broken = put("receipts.7", null)(approved.bundle, NOTHING);
    expect((await verify(broken, TRUST)).head).toBeNull();
  });

  it("keeps its messages short, whatever the input", async () => {
    const long = "x".repeat(200_000);
    const edits = [put("predicateType", long), put("subject.0.name", long), put("predicate.run", long)];
    for (const edit of edits) {
      const { bundle } = writeChain(amend(SCENARIOS.approved, 1, { edit }));
      for (const { message } of (await verify(bundle, TRUST)).checks)
        expect(message.length).toBeLessThan(1_000);
    }
    const stray = put(`artifacts.${long}`, "")(approved.bundle, NOTHING);
    for (const { message } of (await verify(stray, TRUST)).checks) expect(message.length).toBeLessThan(1_000);
  });
});

describe("a long run", () => {
  // More receipts than the replay opens at a time.
  const rounds = Array.from({ length: 40 }, (_, i): Step[] => [
    { kind: "proposal", path: `src/${i}.js` },
    { kind: "preview" },
    { kind: "decision" },
    { kind: "execution", more: i < 39 },
  ]);
  const long: readonly Step[] = [
    ...SCENARIOS.approved.slice(0, 2),
    ...rounds.flat(),
    ...SCENARIOS.approved.slice(-2),
  ];

  it("is valid to its end", async () => {
    const report = await verify(writeChain(long).bundle, TRUST);
    expect(report).toMatchObject({ verdict: "valid", count: 164 });
    expect(report.checks.flatMap(({ id, seq }) => (id === "chain" ? [seq] : []))).toEqual(
      long.map((_, i) => i),
    );
  });

  it.each([63, 64, 127, 128, 163])("is invalid at receipt %i, and judges no place after it", async (seq) => {
    const { bundle } = writeChain(amend(long, seq, { edit: put("predicate.run", "run-2") }));
    const { checks, verdict } = await verify(bundle, TRUST);
    expect(verdict).toBe("invalid");
    expect(summary(checks.filter(({ ok }) => !ok))).toEqual([`chain ${seq} ERR_RUN`]);
    expect(checks.filter(({ id }) => id === "signature")).toHaveLength(164);
    expect(checks.filter(({ id }) => id === "chain")).toHaveLength(seq + 1);
  });
});

describe("a run that the caller means", () => {
  it("is valid when it is the one", async () => {
    expect((await verify(approved.bundle, TRUST, { run: "run-1" })).verdict).toBe("valid");
  });

  it("is invalid when it is another, however sound", async () => {
    const report = await verify(approved.bundle, TRUST, { run: "run-2" });
    expect(report.verdict).toBe("invalid");
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([
      { id: "bundle", ok: false, code: "ERR_RUN_UNEXPECTED", message: "expected run run-2, got run-1" },
    ]);
  });
});

describe("input that cannot be judged", () => {
  it("is told as such, with its code and in words", async () => {
    const [noBundle, noTrust] = await Promise.all(
      [verify({}, TRUST), verify(approved.bundle, {})].map((judged) =>
        judged.catch((error: unknown) => error),
      ),
    );
    for (const error of [noBundle, noTrust]) expect(error).toBeInstanceOf(UnusableInputError);
    expect(noBundle).toMatchObject({
      name: "UnusableInputError",
      code: "ERR_BUNDLE",
      message: expect.stringMatching(
        /^not a application\/vnd\.countersign\.bundle\+json;version=1: mediaType: /,
      ),
    });
    expect(noTrust).toMatchObject({
      code: "ERR_TRUST_POLICY",
      message: expect.stringMatching(/^not a version 1 trust policy: version: /),
    });
  });
});

describe("createBundle", () => {
  it.each(Object.entries(SCENARIOS))("packs %s again, artifact by artifact", async (_, scenario) => {
    const { receipts, artifacts } = await openChain(scenario);
    const bundle = createBundle("run-1", receipts, artifacts);
    expect(bundle).toEqual(writeChain(scenario).bundle);
    // The same bytes for the same run: artifacts stand in the order of their names.
    expect(Object.keys(bundle.artifacts)).toEqual(Object.keys(bundle.artifacts).sort());
  });

  it("leaves out what cannot be found, and the verifier says so", async () => {
    const { receipts, artifacts } = await openChain(SCENARIOS.approved);
    const lost = digestOf(new TextEncoder().encode("# Checkout\n")).slice(7);
    const bundle = createBundle("run-1", receipts, (sha256) =>
      sha256 === lost ? undefined : artifacts(sha256),
    );
    expect(bundle.artifacts[lost]).toBeUndefined();
    const failed = (await verify(bundle, TRUST)).checks.filter(({ ok }) => !ok);
    expect(summary(failed)).toEqual(["chain 7 ERR_ARTIFACT_MISSING"]);
  });

  it("reads a handoff's manifest once, however often the handoff stands in it", async () => {
    const { receipts, artifacts } = await openChain(SCENARIOS.approved);
    let reads = 0;
    namedArtifacts(new Array(1000).fill(receipts.at(-1)), (sha256) => {
      reads += 1;
      return artifacts(sha256);
    });
    expect(reads).toBe(1);
  });

  it("names the files of the handoff's repository with the subjects", async () => {
    const { receipts, artifacts } = await openChain(SCENARIOS.approved);
    const named = namedArtifacts(receipts, artifacts);
    expect(named.has(digestOf(new TextEncoder().encode("# Checkout\n")).slice(7))).toBe(true);
    expect(named.size).toBe(Object.keys(createBundle("run-1", receipts, artifacts).artifacts).length);
  });
});
