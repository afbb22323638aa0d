// The rounds of a chain, as the fold had them one after the other.
import { describe, expect, it } from "vitest";
import { EMPTY, type Round, roundsOf } from "../../src/chain/index.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { openChain } from "./open-chain.ts";

describe("roundsOf", () => {
  it.each(Object.entries(SCENARIOS))("gives the rounds of %s as the fold had them", async (_, scenario) => {
    const { receipts, states } = await openChain(scenario);
    const folded: Round[] = [];
    for (const [seq, { kind }] of receipts.entries()) {
      const { round } = states[seq + 1] ?? EMPTY;
      if (round) folded.splice(kind === "proposal" ? folded.length : folded.length - 1, 1, round);
      expect(roundsOf(receipts.slice(0, seq + 1))).toEqual(folded);
    }
    expect(folded).toHaveLength(scenario.filter(({ kind }) => kind === "proposal").length);
  });

  it("are none of a chain without a proposal, and none of what comes before one", async () => {
    const { receipts } = await openChain(SCENARIOS.approved);
    const withoutProposal = receipts.filter(({ kind }) => kind !== "proposal");
    expect(roundsOf(withoutProposal)).toEqual([]);
  });

  it("says which call a round goes on from", async () => {
    const { receipts } = await openChain(SCENARIOS.secondWriteRevised);
    expect(roundsOf(receipts).map(({ continues }) => continues)).toEqual([
      null,
      { id: "exec-1", seq: 1 },
      null,
    ]);
  });
});
