// The gate, for a runtime that is about to resume: each state of a run after a cold start, and rows that somebody changed.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Gate } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { subjectDigest } from "../../src/receipt/index.ts";
import { decided, get, receiptsOf, request, startRun, stubOf } from "./client.ts";
import { inside, onlyDecide, startWith, stepAndEvict, storeRun } from "./instances.ts";

/** The gate as an instance tells it that has never looked before. */
async function coldGate(run: string): Promise<Gate> {
  // Only an instance that is there can be thrown away.
  await runInDurableObject(stubOf(run), () => {});
  await evictDurableObject(stubOf(run));
  return get(`/api/runs/${run}/gate`);
}

/** A stored run that has come to wait for a decision, by itself and without its loop. */
async function waitingRun(): Promise<string> {
  const run = nameRun(null);
  await storeRun(run);
  for (let steps = 0; steps < 3; steps += 1) await stepAndEvict(run);
  return run;
}

const sql = (run: string, statement: string) =>
  runInDurableObject(stubOf(run), (_, state) => {
    state.storage.sql.exec(statement);
  });

describe("the gate", () => {
  it("tells what is due at each step to a decision, and allows nothing on the way", async () => {
    const run = nameRun(null);
    await storeRun(run);
    const nothing = { run, verified: true, allowsWrite: false, decision: null };
    expect(await coldGate(run)).toEqual({ ...nothing, head: null, due: "alert" });
    for (const due of ["evidence", "proposal", "decision"]) {
      await stepAndEvict(run);
      const head = (await inside(run, ({ chain }) => chain.state.head)) ?? "";
      expect(await coldGate(run)).toEqual({ ...nothing, head, due });
    }
  });

  it("allows the write by the approval at the head, until the step is done, and never after", async () => {
    const run = await waitingRun();
    const approval = await onlyDecide(run, "approve");
    const decision = { digest: approval, decision: "approve" };
    expect(await coldGate(run)).toEqual({
      ...{ run, head: approval, verified: true },
      ...{ due: "execution", allowsWrite: true, decision },
    });
    for (const due of ["outcome", null]) {
      await stepAndEvict(run);
      expect(await coldGate(run)).toMatchObject({ verified: true, due, allowsWrite: false, decision });
    }
    const { head } = await receiptsOf(run);
    expect(await coldGate(run)).toMatchObject({ head });
  });

  it("allows nothing by an approval whose write is made, though no receipt tells of it yet", async () => {
    const run = await waitingRun();
    const approval = await onlyDecide(run, "approve");
    await inside(run, async ({ chain, store, gate }) => {
      const { round } = chain.state;
      const action = store.artifact(
        subjectDigest(round?.proposal.statement ?? { subject: [] }, "action") ?? "",
      );
      const { args } = JSON.parse(new TextDecoder().decode(action));
      await gate.write(round?.preview?.statement.predicate.execution.id ?? "", args);
    });
    expect(await coldGate(run)).toMatchObject({ head: approval, due: "execution", allowsWrite: false });
  });

  it("allows nothing by an approval whose step is closed", async () => {
    const run = await waitingRun();
    const approval = await onlyDecide(run, "approve");
    await inside(run, ({ store }) => store.setFence(approval, { state: "closed" }));
    expect(await coldGate(run)).toMatchObject({ head: approval, due: "execution", allowsWrite: false });
  });

  it.each(["reject", "request_changes"] as const)("allows nothing by a %s", async (how) => {
    const run = await waitingRun();
    const digest = await onlyDecide(run, how);
    const decision = { digest, decision: how };
    expect(await coldGate(run)).toMatchObject({ due: "execution", allowsWrite: false, decision });
    await stepAndEvict(run);
    const due = how === "reject" ? "outcome" : "proposal";
    expect(await coldGate(run)).toMatchObject({ due, allowsWrite: false, decision });
  });

  it("forgets a decision once another proposal is open", async () => {
    const view = await startRun();
    const revised = await decided(view, "request-changes", { feedback: "Answer 409." });
    expect(await coldGate(view.run)).toMatchObject({ head: revised.head, due: "decision", decision: null });
  });

  it("allows nothing when nobody decided", async () => {
    const view = await startWith({}, { decisionSeconds: 1 });
    await inside(view.run, async (_, instance) => {
      instance.now = () => Date.now() + 2_000;
      await instance.alarm();
    });
    expect(await coldGate(view.run)).toMatchObject({ due: null, allowsWrite: false, decision: null });
  });

  it("needs a run", async () => {
    expect((await request(`/api/runs/${nameRun(null)}/gate`)).status).toBe(404);
    expect((await request("/api/runs/nonsense/gate")).status).toBe(404);
  });
});

describe("the gate of rows that somebody changed", () => {
  const damages: [what: string, statement: string][] = [
    [
      "a signature",
      `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA') WHERE seq = 2`,
    ],
    ["an envelope that is no JSON", "UPDATE receipts SET envelope = 'x' WHERE seq = 1"],
    [
      "an envelope that is another's",
      "UPDATE receipts SET envelope = (SELECT envelope FROM receipts WHERE seq = 0) WHERE seq = 3",
    ],
    ["a receipt missing in the middle", "DELETE FROM receipts WHERE seq = 2"],
    ["a gap in the numbers", "UPDATE receipts SET seq = 9 WHERE seq = 4"],
    ["the digest of the last row", "UPDATE receipts SET digest = 'sha256:other' WHERE seq = 4"],
    [
      "an artifact missing",
      "DELETE FROM artifacts WHERE sha256 = (SELECT min(sha256) FROM artifacts WHERE sha256 NOT IN (SELECT sha256 FROM files))",
    ],
    ["every artifact altered", "UPDATE artifacts SET bytes = zeroblob(3)"],
    ["the run's name", "UPDATE request SET run = 'run-other'"],
  ];

  it.each(damages)("is closed: %s", async (_, statement) => {
    const run = await waitingRun();
    await onlyDecide(run, "approve");
    expect(await coldGate(run)).toMatchObject({ verified: true, allowsWrite: true });
    // Asked of the instance that has just read everything, and then of one that has not.
    await sql(run, statement);
    const closed = { head: null, verified: false, due: null, allowsWrite: false, decision: null };
    expect(await get(`/api/runs/${run}/gate`)).toMatchObject(closed);
    expect(await coldGate(run)).toMatchObject(closed);
  });

  it("is not opened by taking receipts away from the end", async () => {
    const view = await decided(await startRun(), "approve");
    for (const last of [7, 6, 5, 4, 3, 2, 1, 0]) {
      await sql(view.run, `DELETE FROM receipts WHERE seq = ${last}`);
      expect(await coldGate(view.run)).toMatchObject({ verified: true, allowsWrite: false });
    }
  });
});
