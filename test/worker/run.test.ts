// The main job, end to end in workerd: real Durable Objects, SQLite, Worker Loader and Code Mode, nothing replaced.
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { decided, get, kindsOf, receiptsOf, startRun, stubOf, verifyRun } from "./client.ts";

const SCRIPTED = ["alert", "evidence", "proposal", "preview"];
const DECIDED = ["decision", "execution"];
const ENDED = ["outcome", "handoff"];

async function contentOf(run: string, path: string): Promise<string> {
  return runInDurableObject(stubOf(run), async (instance) => {
    const opened = await instance.open();
    if (!opened.ok) throw new Error(opened.refusal.message);
    return opened.value.context.repository.read(path)?.content ?? "";
  });
}

describe("a run", () => {
  it("pauses with a proposal that nothing has executed", async () => {
    const view = await startRun();
    expect(view).toMatchObject({ due: "decision", count: 4, outcome: null });
    expect(view.pending).toMatchObject({ connector: "repository", method: "write_file", revision: 1 });
    expect(await kindsOf(view.run)).toEqual(SCRIPTED);
    expect((await verifyRun(view.run)).verdict).toBe("incomplete");
  });

  it("executes exactly the approved write and measures that it helped", async () => {
    const view = await startRun();
    const before = await contentOf(view.run, view.pending?.path ?? "");
    const done = await decided(view, "approve", { reason: "Reads well." });
    expect(done).toMatchObject({
      status: "completed",
      due: null,
      pending: null,
      outcome: { status: "resolved" },
    });
    expect(done.outcome?.before.failed).toBeGreaterThan(0);
    expect(done.outcome?.after).toMatchObject({ failed: 0, goodFailed: 0 });
    expect(done.outcome?.after?.good).toBeGreaterThan(0);
    expect(await kindsOf(view.run)).toEqual([...SCRIPTED, ...DECIDED, ...ENDED]);
    const after = await contentOf(view.run, view.pending?.path ?? "");
    expect(after).not.toBe(before);
    const { receipts } = await receiptsOf(view.run);
    const preview = receipts[3]?.statement.predicate;
    expect(receipts[5]?.statement.predicate).toMatchObject({
      status: "executed",
      written: true,
      changes: preview && "changes" in preview ? preview.changes : null,
    });
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("ends without the write when rejected", async () => {
    const view = await startRun();
    const before = await contentOf(view.run, view.pending?.path ?? "");
    const done = await decided(view, "reject", { reason: "Not tonight." });
    expect(done).toMatchObject({ status: "rejected", outcome: { status: "not_run", after: null } });
    expect(await contentOf(view.run, view.pending?.path ?? "")).toBe(before);
    const { receipts } = await receiptsOf(view.run);
    expect(receipts[5]?.statement.predicate).toMatchObject({
      status: "withheld",
      written: false,
      changes: [],
    });
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("signs a different action for each request for changes, then executes the last", async () => {
    let view = await startRun();
    const actions = [view.pending?.action];
    for (const feedback of ["Answer 422 instead.", "Also add a metric.", "Keep the cache-control header."]) {
      view = await decided(view, "request-changes", { feedback });
      expect(view.status).toBe("awaiting_decision");
      actions.push(view.pending?.action);
    }
    expect(view.pending?.revision).toBe(4);
    expect(new Set(actions).size).toBe(4);
    const done = await decided(view, "approve");
    expect(done).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("answers the gate from storage: nothing is allowed but by the approval at the head", async () => {
    const view = await startRun();
    const waiting = await get(`/api/runs/${view.run}/gate`);
    expect(waiting).toEqual({
      run: view.run,
      head: view.head,
      verified: true,
      due: "decision",
      allowsWrite: false,
      decision: null,
    });
    await decided(view, "approve");
    expect(await get(`/api/runs/${view.run}/gate`)).toMatchObject({ due: null, allowsWrite: false });
  });
});
