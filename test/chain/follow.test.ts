// The verifier across runs: what makes a run the continuation of another, and every way in which it is not.
import { describe, expect, it } from "vitest";
import { follow, type Lineage, verify } from "../../src/chain/index.ts";
import { canonicalBytes, sha256Hex } from "../../src/receipt/index.ts";
import { abroad } from "../conformance/abroad.ts";
import { type Chain, type ChainOptions, writeChain } from "../conformance/chain-writer.ts";
import { alterParent, continued, flip } from "../conformance/continued.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { isRecord, type Json, put } from "../conformance/json-edit.ts";
import { SCENARIOS, type ScenarioName, SEQ } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";

const NOTHING = { digests: [] };
const finished = (name: ScenarioName, run: string, options: ChainOptions = {}) =>
  writeChain(SCENARIOS[name], { run, ...options });

const rejected = finished("rejected", "run-0");

/** Verdicts, newest first, and the first failing check of the newest. */
function brief({ verdict, runs }: Lineage) {
  const failing = runs[0]?.report.checks.filter(({ ok }) => !ok).at(-1);
  return {
    verdict,
    runs: runs.map(({ report }) => `${report.run} ${report.verdict}`),
    code: failing?.code ?? null,
    message: failing?.message ?? "",
  };
}

describe("a run that continues another", () => {
  it("is valid when both chains verify and it starts where the other ends", async () => {
    const lineage = await follow(continued(rejected).bundle, [TRUST]);
    expect(brief(lineage)).toMatchObject({ verdict: "valid", runs: ["run-1 valid", "run-0 valid"] });
    expect(lineage.runs[0]?.report.checks.at(-1)).toEqual({
      id: "parent",
      ok: true,
      message:
        "the run starts from the handoff of run-0, a chain of https://countersign.example that verifies",
    });
  });

  it("is followed over every generation", async () => {
    const second = continued(rejected, { steps: SCENARIOS.expired, run: "run-1" });
    const third = continued(second, { run: "run-2" });
    const lineage = await follow(third.bundle, [TRUST], { run: "run-2" });
    expect(brief(lineage)).toMatchObject({
      verdict: "valid",
      runs: ["run-2 valid", "run-1 valid", "run-0 valid"],
    });
  });

  it("starts from what its parent wrote", async () => {
    const parent = finished("unresolved", "run-0");
    const files = { "README.md": "# Checkout\n", "src/checkout.js": "export const status = 401;\n" };
    const steps = amend(SCENARIOS.approved, SEQ.proposal, { content: "export const status = 422;\n" });
    expect(brief(await follow(continued(parent, { files, steps }).bundle, [TRUST])).verdict).toBe("valid");
  });

  it("is incomplete while it is open itself", async () => {
    const open = continued(rejected, { steps: SCENARIOS.approved.slice(0, 4) });
    expect(brief(await follow(open.bundle, [TRUST])).runs).toEqual(["run-1 incomplete", "run-0 valid"]);
    expect((await follow(open.bundle, [TRUST])).verdict).toBe("incomplete");
  });

  it("reports as verify does when it continues none", async () => {
    const { runs } = await follow(rejected.bundle, [TRUST]);
    expect(runs.map(({ report }) => report)).toEqual([await verify(rejected.bundle, TRUST)]);
  });
});

describe("a run whose parent is not as it says", () => {
  const cases: [code: string, name: string, Chain, message: RegExp][] = [
    [
      "ERR_PARENT_INVALID",
      "holds a parent with one altered byte, and signed for that",
      continued(rejected, { bound: flip("receipts.4.payload")(rejected.bundle, NOTHING) }),
      /run-0 is invalid: receipt 4: ERR_SIGNATURE/,
    ],
    [
      "ERR_PARENT_INVALID",
      "holds a parent whose first receipt cannot be read, so that nobody knows whose it is",
      continued(rejected, { bound: put("receipts.0", null)(rejected.bundle, NOTHING) }),
      /^the parent run-0 is invalid: receipt 0: ERR_ENVELOPE: expected a DSSE envelope/,
    ],
    [
      "ERR_PARENT_INVALID",
      "continues a run that is still open",
      continued(writeChain(SCENARIOS.approved.slice(0, 4), { run: "run-0" })),
      /run-0 is incomplete: ERR_INCOMPLETE/,
    ],
    [
      "ERR_PARENT_INVALID",
      "continues a run whose own parent does not verify",
      continued(
        continued(rejected, {
          bound: flip("receipts.2.signatures.0.sig")(rejected.bundle, NOTHING),
          steps: SCENARIOS.expired,
        }),
        { run: "run-2" },
      ),
      /run-1 is invalid: ERR_PARENT_INVALID: the parent run-0 is invalid: receipt 2: ERR_SIGNATURE/,
    ],
    [
      "ERR_PARENT_RUN",
      "names another run than its parent's bundle",
      continued(rejected, { edit: put("predicate.continues.run", "run-9") }),
      /expected the bundle of run-9, got that of run-0/,
    ],
    [
      "ERR_PARENT_HANDOFF",
      "names another receipt than the handoff",
      continued(rejected, { edit: put("predicate.continues.handoff", rejected.digests[6] ?? "") }),
      /^expected the handoff sha256:[0-9a-f]{64}, got sha256:[0-9a-f]{64}$/,
    ],
    [
      "ERR_PARENT_REPOSITORY",
      "changes a file that the parent did not hand on so",
      continued(finished("approved", "run-0")),
      /^receipt 3: src\/checkout\.js is not as run-0 handed it on and this run's receipts changed it$/,
    ],
    [
      "ERR_PARENT_REPOSITORY",
      "hands on a file that nobody wrote",
      continued(rejected, {
        files: { "README.md": "# Other\n", "src/checkout.js": "export const status = 500;\n" },
      }),
      /receipt 7: README\.md/,
    ],
    [
      "ERR_PARENT_REPOSITORY",
      "hands on less than it was handed",
      continued(rejected, { files: { "src/checkout.js": "export const status = 500;\n" } }),
      /receipt 7: README\.md/,
    ],
    [
      "ERR_PARENT_BUNDLE",
      "names a parent that is no bundle",
      continued(rejected, { bound: { a: "parent" } }),
      /^the parent is not a application\/vnd\.countersign\.bundle/,
    ],
    [
      "ERR_PARENT_ISSUER",
      "continues a run of an issuer for whom no policy was given",
      continued(writeChain(abroad(SCENARIOS.rejected), { run: "run-0" })),
      /^the parent run-0 is of https:\/\/elsewhere\.example, and no trust policy of that issuer was given$/,
    ],
  ];

  it.each(cases)("is refused with %s when it %s", async (code, _, { bundle }, message) => {
    // Its own chain is sound: only following it tells.
    expect((await verify(bundle, TRUST)).verdict).toBe("valid");
    const seen = brief(await follow(bundle, [TRUST]));
    expect(seen).toMatchObject({ verdict: "invalid", code, message: expect.stringMatching(message) });
  });

  it("is refused when the parent's bundle is written in another spelling", async () => {
    const run = { run: "run-0", handoff: rejected.digests.at(-1) ?? "" };
    const bundle = JSON.stringify(rejected.bundle, null, 1);
    const child = writeChain(amend(SCENARIOS.approved, SEQ.alert, { parent: { ...run, bundle } }));
    expect(brief(await follow(child.bundle, [TRUST]))).toMatchObject({
      code: "ERR_PARENT_BUNDLE",
      message:
        "the parent's bundle: expected RFC 8785 canonical JSON, got another spelling of the same value",
    });
  });

  it("names the parent's altered receipt though the altered bytes are no longer those that were signed for", async () => {
    const { bundle } = continued(rejected);
    for (const seq of rejected.digests.keys()) {
      const altered = alterParent(bundle, flip(`receipts.${seq}.payload`));
      const { verdict, runs } = await follow(altered, [TRUST]);
      expect(verdict).toBe("invalid");
      expect(runs[0]?.report.checks.filter(({ ok }) => !ok)).toMatchObject([
        { id: "chain", seq: 0, code: "ERR_ARTIFACT_MISSING" },
        { id: "artifacts", code: "ERR_ARTIFACT_ALTERED" },
        { id: "parent", code: "ERR_PARENT_BUNDLE" },
      ]);
      expect(runs[1]?.report.checks.find(({ ok }) => !ok)).toMatchObject({ seq, code: "ERR_SIGNATURE" });
    }
  });

  it("is refused when its parent's bundle is left out", async () => {
    const child = continued(rejected);
    const sha256 = sha256Hex(canonicalBytes(rejected.bundle));
    const bundle = put("artifacts", without(child.bundle, sha256))(child.bundle, NOTHING);
    expect(brief(await follow(bundle, [TRUST]))).toMatchObject({
      runs: ["run-1 invalid"],
      code: "ERR_PARENT_BUNDLE",
      message: "the bundle of the parent run-0 is not at hand",
    });
  });
});

describe("a parent's bundle that the caller holds", () => {
  const { bundle } = continued(rejected);

  it("is compared with the one that the child names", async () => {
    const { verdict } = await follow(bundle, [TRUST], { parents: [rejected.bundle] });
    expect(verdict).toBe("valid");
  });

  it("is refused when one byte of it is altered, and the report says which receipt", async () => {
    const parents = [flip("receipts.5.payload")(rejected.bundle, NOTHING)];
    const lineage = await follow(bundle, [TRUST], { parents });
    expect(brief(lineage)).toMatchObject({
      verdict: "invalid",
      code: "ERR_PARENT_BUNDLE",
      message: `the bundle of the parent run-0 is not the one that the first receipt names (${sha256Hex(canonicalBytes(rejected.bundle))})`,
    });
    expect(lineage.runs[1]?.report.checks.find(({ ok }) => !ok)).toMatchObject({
      seq: 5,
      code: "ERR_SIGNATURE",
    });
    // What was read of it are the other receipts.
    const read = lineage.runs[1]?.receipts.map(({ statement }) => statement.predicate.seq);
    expect(read).toEqual([0, 1, 2, 3, 4, 6, 7]);
  });

  it("is refused when it is another chain of the same run, though that verifies", async () => {
    const other = writeChain(amend(SCENARIOS.rejected, SEQ.decision, { reason: "Another." }), {
      run: "run-0",
    });
    const lineage = await follow(bundle, [TRUST], { parents: [other.bundle] });
    expect(brief(lineage)).toMatchObject({
      code: "ERR_PARENT_BUNDLE",
      runs: ["run-1 invalid", "run-0 valid"],
    });
  });

  it("is not passed over in silence when nothing continues it", async () => {
    const parents = [finished("expired", "run-7").bundle];
    await expect(follow(bundle, [TRUST], { parents })).rejects.toMatchObject({
      name: "UnusableInputError",
      code: "ERR_BUNDLE",
      message: "the bundle of run-7 was handed over as a parent, but nothing here continues that run",
    });
  });

  it("that nothing continues does not hide that the run itself is invalid", async () => {
    const parents = [finished("expired", "run-7").bundle];
    const { verdict } = await follow(bundle, [TRUST], { parents, run: "run-9" });
    expect(verdict).toBe("invalid");
  });

  it("is refused when it has no canonical form to compare", async () => {
    const parents = [put("artifacts", { a: "\ud800" })(rejected.bundle, NOTHING)];
    expect(brief(await follow(bundle, [TRUST], { parents }))).toMatchObject({
      code: "ERR_PARENT_BUNDLE",
      message: "the bundle of the parent run-0 is not at hand",
    });
  });

  it("is refused unread when it is no bundle", async () => {
    await expect(follow(bundle, [TRUST], { parents: [{}] })).rejects.toMatchObject({ code: "ERR_BUNDLE" });
    await expect(follow({}, [TRUST])).rejects.toMatchObject({ code: "ERR_BUNDLE" });
  });
});

function without(bundle: Json, sha256: string): Json {
  const artifacts = isRecord(bundle) && isRecord(bundle.artifacts) ? bundle.artifacts : {};
  return Object.fromEntries(Object.entries(artifacts).filter(([name]) => name !== sha256));
}
