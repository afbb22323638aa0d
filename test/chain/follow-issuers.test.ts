// The verifier across runs of two deployments: each chain stands under the keys of its own issuer and of no other.
import { describe, expect, it } from "vitest";
import { follow } from "../../src/chain/index.ts";
import { abroad, FOREIGN_TRUST } from "../conformance/abroad.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { continued } from "../conformance/continued.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";

describe("chains of two issuers", () => {
  const parent = writeChain(abroad(SCENARIOS.rejected), { run: "run-0" });
  const { bundle } = continued(parent);

  it("are each verified under the policy of their own issuer", async () => {
    expect((await follow(bundle, [TRUST, FOREIGN_TRUST])).verdict).toBe("valid");
  });

  it("never lend each other a key: a foreign human's decision does not count here", async () => {
    const steps = amend(SCENARIOS.approved, SEQ.decision, { signer: "human2" });
    const seen = await follow(continued(parent, { steps }).bundle, [TRUST, FOREIGN_TRUST]);
    expect(seen.verdict).toBe("invalid");
    expect(seen.runs[0]?.report.checks.find(({ ok }) => !ok)).toMatchObject({
      seq: SEQ.decision,
      code: "ERR_KEY_UNKNOWN",
    });
  });

  it("never lend each other a key: a local decision does not count in the foreign parent", async () => {
    const steps = amend(abroad(SCENARIOS.rejected), SEQ.decision, { signer: "human" });
    const child = continued(writeChain(steps, { run: "run-0" }));
    const { runs } = await follow(child.bundle, [TRUST, FOREIGN_TRUST]);
    const failing = runs[0]?.report.checks.filter(({ ok }) => !ok).at(-1);
    expect(failing?.message).toMatch(/receipt 4: ERR_KEY_UNKNOWN/);
  });

  it("do not let a foreign policy speak for the run itself", async () => {
    const { runs } = await follow(bundle, [FOREIGN_TRUST, TRUST]);
    expect(runs[0]?.report.checks.find(({ ok }) => !ok)).toMatchObject({ seq: 0, code: "ERR_KEY_UNKNOWN" });
  });

  it("need one policy for each issuer, and no two", async () => {
    await expect(follow(bundle, [TRUST, FOREIGN_TRUST, TRUST])).rejects.toMatchObject({
      code: "ERR_TRUST_POLICY",
      message: "expected one trust policy for an issuer, got two for https://countersign.example",
    });
    await expect(follow(bundle, [])).rejects.toMatchObject({
      code: "ERR_TRUST_POLICY",
      message: "expected a trust policy",
    });
    await expect(follow(bundle, [TRUST, { ...FOREIGN_TRUST, keys: [] }])).rejects.toThrow(/not a version 1/);
  });
});
