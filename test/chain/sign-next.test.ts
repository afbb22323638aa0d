// Signing the next receipt: framed from the state, lawful where it stands, or not handed out at all.
import { describe, expect, it } from "vitest";
import {
  apply,
  createBundle,
  createTrustPolicy,
  type Draft,
  EMPTY,
  readTrustPolicy,
  signNext,
  verify,
} from "../../src/chain/index.ts";
import { type Kind, publicJwk, SIGNER_OF } from "../../src/receipt/index.ts";
import { ISSUER, seedOf, signerOf, TRUST } from "../conformance/fixed-keys.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { openChain } from "./open-chain.ts";

const TIME = "2026-11-23T05:30:00.000Z";

const FRAME = ["run", "seq", "prev", "kid", "issuedAt", "policy"];

/** The drafts from which a scenario's receipts come: their subjects, own fields and times, without the frame. */
function draftOf({
  kind,
  statement,
}: Awaited<ReturnType<typeof openChain>>["receipts"][number]): Draft<Kind> {
  const own = Object.entries(statement.predicate).filter(([name]) => !FRAME.includes(name));
  return {
    run: "run-1",
    kind,
    subject: statement.subject,
    fields: Object.fromEntries(own),
    now: statement.predicate.issuedAt,
  };
}

describe("signNext", () => {
  it.each(Object.entries(SCENARIOS))("signs %s again, byte for byte", async (_, scenario) => {
    const { receipts, states, artifacts } = await openChain(scenario);
    let state = EMPTY;
    for (const [seq, receipt] of receipts.entries()) {
      const signed = signNext(state, draftOf(receipt), signerOf(SIGNER_OF[receipt.kind]), artifacts);
      if (!signed.ok) throw new Error(signed.refusal.message);
      expect(signed.value.receipt).toEqual(receipt);
      expect(signed.value.state).toEqual(states[seq + 1]);
      state = signed.value.state;
    }
    expect((await verify(createBundle("run-1", receipts, artifacts), TRUST)).verdict).toBe("valid");
  });

  it("never lets time run backwards", async () => {
    const { receipts, states, artifacts } = await openChain(SCENARIOS.approved);
    const [, evidence] = receipts;
    if (!evidence) throw new Error("expected evidence");
    const early = { ...draftOf(evidence), now: "2020-01-01T00:00:00.000Z" };
    const signed = signNext(states[1] ?? EMPTY, early, signerOf("agent"), artifacts);
    expect(signed.ok && signed.value.receipt.statement.predicate.issuedAt).toBe(TIME);
  });

  it("hands out no receipt that may not stand there", async () => {
    const { receipts, states, artifacts } = await openChain(SCENARIOS.approved);
    const [alert, , proposal] = receipts;
    if (!alert || !proposal) throw new Error("expected an alert and a proposal");
    const sign = (draft: Draft<Kind>, at: number, found = artifacts) =>
      signNext(states[at] ?? EMPTY, draft, signerOf("agent"), found);
    expect(sign(draftOf(proposal), 1)).toMatchObject({ refusal: { code: "ERR_KIND_ORDER" } });
    expect(sign({ ...draftOf(proposal), run: "run-2" }, 2)).toMatchObject({ refusal: { code: "ERR_RUN" } });
    expect(sign(draftOf(alert), 0, () => undefined)).toMatchObject({
      refusal: { code: "ERR_ARTIFACT_MISSING" },
    });
    expect(sign({ ...draftOf(alert), now: "today" }, 0)).toMatchObject({
      refusal: { code: "ERR_STATEMENT" },
    });
    expect(sign({ ...draftOf(alert), subject: [] }, 0)).toMatchObject({ refusal: { code: "ERR_STATEMENT" } });
  });

  it("hands out what apply takes at the same place", async () => {
    const { receipts, states, artifacts } = await openChain(SCENARIOS.revisedOnce);
    const [, , proposal] = receipts;
    if (!proposal) throw new Error("expected a proposal");
    const signed = signNext(states[2] ?? EMPTY, draftOf(proposal), signerOf("agent"), artifacts);
    if (!signed.ok) throw new Error(signed.refusal.message);
    expect(apply(states[2] ?? EMPTY, signed.value.receipt, artifacts)).toEqual({
      ok: true,
      value: signed.value.state,
    });
  });
});

describe("createTrustPolicy", () => {
  const [agent, human, runtime] = (["agent", "human", "runtime"] as const).map((role) =>
    publicJwk(seedOf(role)),
  );

  it("makes a sound policy of three keys, under which their chains are valid", async () => {
    if (!agent || !human || !runtime) throw new Error("expected three keys");
    const policy = createTrustPolicy(ISSUER, { agent, human, runtime });
    expect(policy.keys.map(({ role, kid }) => [role, kid])).toEqual(
      (["agent", "human", "runtime"] as const).map((role) => [role, signerOf(role).kid]),
    );
    const { receipts, artifacts } = await openChain(SCENARIOS.approved);
    expect((await verify(createBundle("run-1", receipts, artifacts), policy)).verdict).toBe("valid");
  });

  it("makes no sound policy of one key in two roles", () => {
    if (!agent || !runtime) throw new Error("expected keys");
    const policy = createTrustPolicy(ISSUER, { agent, human: agent, runtime });
    expect(readTrustPolicy(policy)).toMatchObject({ refusal: { code: "ERR_TRUST_POLICY" } });
  });
});
