// A chain replayed from its envelopes: the state it comes to, what became of each, and the first refusal.
import { describe, expect, it } from "vitest";
import { decodeArtifacts, readBundle, readTrustPolicy, replay } from "../../src/chain/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { put } from "../conformance/json-edit.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { amend, type Step } from "../conformance/step.ts";
import { openChain } from "./open-chain.ts";

async function replayed(steps: readonly Step[]) {
  const bundle = readBundle(writeChain(steps).bundle);
  const trust = readTrustPolicy(TRUST);
  if (!bundle.ok || !trust.ok) throw new Error("expected a usable bundle and a sound trust policy");
  const { sound } = decodeArtifacts(bundle.value.artifacts);
  return replay(bundle.value.receipts, trust.value, (sha256) => sound.get(sha256));
}

describe("replay", () => {
  it("comes to the state that the fold comes to, and refuses nothing", async () => {
    const { state, receipts, refusal } = await replayed(SCENARIOS.approved);
    const folded = await openChain(SCENARIOS.approved);
    expect(refusal).toBeNull();
    expect(state).toEqual(folded.states.at(-1));
    expect(receipts).toEqual(
      folded.receipts.map((receipt, seq) => ({ seq, receipt, signature: null, place: null })),
    );
  });

  it("stops the fold at a receipt that may not stand there, and says which and why", async () => {
    const steps = amend(SCENARIOS.approved, 4, { edit: put("predicate.run", "run-2") });
    const { state, receipts, refusal } = await replayed(steps);
    const why = { code: "ERR_RUN", message: "expected run run-1, got run-2" };
    expect(refusal).toEqual({ seq: 4, ...why });
    expect(state.count).toBe(4);
    expect(receipts.map(({ place }) => place)).toEqual([
      ...[null, null, null, null, why],
      ...[undefined, undefined, undefined],
    ]);
  });

  it("stops the fold at a receipt that cannot be opened, and opens the rest all the same", async () => {
    const steps = amend(SCENARIOS.approved, 2, { envelope: put("payloadType", "text/plain") });
    const { state, receipts, refusal } = await replayed(steps);
    const why = {
      code: "ERR_PAYLOAD_TYPE",
      message: "expected the payload type application/vnd.in-toto+json, got text/plain",
    };
    expect(refusal).toEqual({ seq: 2, ...why });
    expect(state.count).toBe(2);
    expect(receipts.map(({ signature }) => signature)).toEqual([null, null, why, ...new Array(5).fill(null)]);
    expect(receipts.map(({ receipt }) => receipt?.kind)).toEqual(
      SCENARIOS.approved.map(({ kind }, seq) => (seq === 2 ? undefined : kind)),
    );
    expect(receipts.map(({ place }) => place)).toEqual([null, null, ...new Array(6).fill(undefined)]);
  });
});
