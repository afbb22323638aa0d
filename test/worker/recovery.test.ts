// A restart is a fold: an instance thrown away between any two receipts changes nothing in what follows.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Bundle, RunView } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { canonicalBytes } from "../../src/receipt/index.ts";
import { decide, decided, get, kindsOf, receiptsOf, request, startRun, stubOf, verifyRun } from "./client.ts";
import { inside, onlyDecide, proposing, startWith, stepAndEvict, storeRun } from "./instances.ts";

const viewOf = (run: string) => get<RunView>(`/api/runs/${run}`);

/** Walks a stored run to where it waits, throwing the instance away after each step. */
async function walk(run: string): Promise<number> {
  let steps = 0;
  for (; steps < 20; steps += 1) {
    const due = await stepAndEvict(run);
    if (due === null || due === "decision") return steps + 1;
  }
  throw new Error("the run never came to rest");
}

const ALL_KINDS = [
  ...["alert", "evidence", "proposal", "preview", "decision", "execution", "outcome", "handoff"],
];

describe("eviction", () => {
  it.each(["approve", "reject"] as const)(
    "between any two receipts changes nothing on the way to %s",
    async (how) => {
      const run = nameRun(null);
      await storeRun(run);
      expect(await walk(run)).toBe(3);
      const view = await viewOf(run);
      expect(view.status).toBe("awaiting_decision");
      await onlyDecide(run, how);
      expect(await walk(run)).toBe(2);
      expect(await kindsOf(run)).toEqual(ALL_KINDS);
      expect(await viewOf(run)).toMatchObject({
        status: how === "approve" ? "completed" : "rejected",
        due: null,
      });
      expect((await verifyRun(run)).verdict).toBe("valid");
    },
  );

  it("between an outcome and its handoff, which once were signed apart, leaves the handoff to be signed", async () => {
    const run = nameRun(null);
    await storeRun(run);
    await walk(run);
    await onlyDecide(run, "reject");
    await stepAndEvict(run);
    await inside(run, async ({ chain, measure, repository }) => {
      const before = await measure(repository.originalContents());
      const fields = {
        ...{ execution: chain.state.head, status: "not_run" as const, reason: "" },
        ...{ before: before.tally, after: null },
      };
      const report = canonicalBytes({ before, after: null });
      expect(chain.commit(({ append }) => append("outcome", [["report", report]], fields)).ok).toBe(true);
    });
    await evictDurableObject(stubOf(run));
    expect(await viewOf(run)).toMatchObject({ due: "handoff" });
    expect(await walk(run)).toBe(1);
    expect(await kindsOf(run)).toEqual(ALL_KINDS);
    expect((await verifyRun(run)).verdict).toBe("valid");
  });

  it("while waiting keeps the pause, and the approval still executes", async () => {
    const view = await startRun();
    await evictDurableObject(stubOf(view.run));
    expect(await decided(view, "approve")).toMatchObject({
      status: "completed",
      outcome: { status: "resolved" },
    });
  });

  it("of a run that was only stored leaves it to the alarm", async () => {
    const run = nameRun(null);
    const stub = stubOf(run);
    await storeRun(run);
    await inside(run, (_context, _instance, state) => state.storage.setAlarm(Date.now() + 60_000));
    await evictDurableObject(stub);
    expect(await runDurableObjectAlarm(env.RUN.getByName(run))).toBe(true);
    expect(await viewOf(run)).toMatchObject({ status: "awaiting_decision", count: 4 });
  });
});

describe("a restart between an approval and its write", () => {
  /** Leaves the run as a host does that dies while the approved script is on its way to its call. */
  async function dieInScript(view: RunView): Promise<void> {
    await onlyDecide(view.run, "approve");
    await inside(view.run, async ({ chain }, _instance, { facets }) => {
      const id = chain.state.round?.preview?.statement.predicate.execution.id ?? "";
      const facet = facets.get("codemode:default", () => {
        throw new Error("expected Code Mode to have been used");
      }) as Fetcher & { resume(id: string): Promise<{ status: string } | null> };
      expect(await facet.resume(id)).toMatchObject({ status: "running" });
    });
    await evictDurableObject(stubOf(view.run));
  }

  const executionOf = async (run: string) => (await receiptsOf(run)).receipts[5]?.statement.predicate;
  const versionsOf = (run: string) =>
    inside(run, (_context, _instance, { storage }) =>
      storage.sql.exec("SELECT path, version FROM files WHERE version > 0").toArray(),
    );

  it("loses nothing: the approval stands, and the runtime makes the approved call", async () => {
    const view = await startRun();
    await dieInScript(view);
    await runDurableObjectAlarm(stubOf(view.run));
    expect(await viewOf(view.run)).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
    expect(await executionOf(view.run)).toMatchObject({
      ...{ status: "executed", written: true, recovered: true, more: false },
      reason: expect.stringContaining("interrupted before the write"),
    });
    expect(await versionsOf(view.run)).toEqual([{ path: view.pending?.path, version: 1 }]);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("writes once, whatever of the script may still come, and another restart or alarm may follow", async () => {
    const view = await startRun();
    await dieInScript(view);
    const [first, second] = await inside(view.run, async ({ chain, gate, store }) => {
      const { proposal, preview } = chain.state.round ?? {};
      const id = preview?.statement.predicate.execution.id ?? "";
      const bytes = store.artifact(proposal?.statement.subject[0]?.digest.sha256 ?? "");
      const { args } = JSON.parse(new TextDecoder().decode(bytes));
      return Promise.allSettled([gate.write(id, args), gate.write(id, args)]);
    });
    expect([first?.status, second?.status].sort()).toEqual(["fulfilled", "rejected"]);
    await evictDurableObject(stubOf(view.run));
    await runDurableObjectAlarm(stubOf(view.run));
    expect(await executionOf(view.run)).toMatchObject({ status: "executed", written: true, recovered: true });
    expect(await versionsOf(view.run)).toHaveLength(1);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("writes nothing over what somebody else has written meanwhile, and says so", async () => {
    const view = await startRun();
    const path = view.pending?.path ?? "";
    await dieInScript(view);
    await inside(view.run, ({ repository }) => repository.write(path, "// another's"));
    await runDurableObjectAlarm(stubOf(view.run));
    expect(await executionOf(view.run)).toMatchObject({
      ...{ status: "failed", written: false, recovered: true },
      reason: expect.stringMatching(/interrupted before the write, .* has changed since the proposal/),
    });
    expect(await versionsOf(view.run)).toEqual([{ path, version: 1 }]);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("makes no call for a rejection, nor with a stored chain that does not verify", async () => {
    const view = await startRun();
    await onlyDecide(view.run, "reject");
    await runDurableObjectAlarm(stubOf(view.run));
    expect(await executionOf(view.run)).toMatchObject({ status: "withheld", written: false });
    const other = await startRun();
    await dieInScript(other);
    await inside(other.run, (_context, instance, { storage }) => {
      storage.sql.exec(
        `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA') WHERE seq = 1`,
      );
      return instance.alarm();
    });
    expect(await executionOf(other.run).catch(() => null)).toMatchObject({
      status: "failed",
      written: false,
    });
    expect(await versionsOf(other.run)).toEqual([]);
  });
});

describe("expiry", () => {
  it("withholds a call that nobody decided on, by alarm", async () => {
    const view = await startWith({}, { decisionSeconds: 60 });
    const later = Date.now() + 61_000;
    await inside(view.run, (_, instance) => {
      instance.now = () => later;
    });
    const late = await decide(view, "approve");
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ code: "ERR_DECISION_LATE" });
    await runDurableObjectAlarm(stubOf(view.run));
    expect(await viewOf(view.run)).toMatchObject({ status: "expired", outcome: { status: "not_run" } });
    const { receipts } = await receiptsOf(view.run);
    expect(receipts.map(({ kind }) => kind)).not.toContain("decision");
    expect(receipts[4]?.statement.predicate).toMatchObject({ status: "withheld", decision: null });
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });
});

describe("an alarm that was lost", () => {
  const lose = (run: string) =>
    runInDurableObject(stubOf(run), (_, state) => state.storage.deleteAlarm()).then(() =>
      evictDurableObject(stubOf(run)),
    );
  const alarmOf = (run: string) => runInDurableObject(stubOf(run), (_, state) => state.storage.getAlarm());

  it("is set again when a run is loaded that waits, has ended, or was cut off in the middle", async () => {
    const waiting = await startRun();
    const ended = await decided(await startRun(), "reject");
    const cut = await startRun();
    await onlyDecide(cut.run, "reject");
    for (const { run } of [waiting, ended, cut]) await lose(run);
    await viewOf(waiting.run);
    await expect.poll(() => alarmOf(waiting.run)).toBe(Date.parse(waiting.pending?.expiresAt ?? ""));
    await viewOf(ended.run);
    await expect.poll(() => alarmOf(ended.run)).toBeGreaterThan(Date.now() + 20 * 86_400_000);
    await viewOf(cut.run);
    expect(await alarmOf(cut.run)).not.toBeNull();
    await runDurableObjectAlarm(stubOf(cut.run));
    expect(await viewOf(cut.run)).toMatchObject({ status: "rejected", due: null });
  });

  it("is not written anew at each load", async () => {
    const { run } = await startRun();
    await evictDurableObject(stubOf(run));
    const set = await runInDurableObject(stubOf(run), async (instance, state) => {
      const calls = vi.spyOn(state.storage, "setAlarm");
      await instance.view();
      return calls.mock.calls.length;
    });
    expect(set).toBe(0);
  });
});

describe("a storage that fails once", () => {
  it("while a run is being opened fails that request and no other", async () => {
    const { run } = await startRun();
    await evictDurableObject(stubOf(run));
    await runInDurableObject(stubOf(run), async (instance, state) => {
      vi.spyOn(state.storage, "getAlarm").mockRejectedValueOnce(new Error("storage hiccup"));
      await expect(instance.view()).rejects.toThrow("storage hiccup");
      expect(await instance.view()).toMatchObject({ ok: true, value: { run } });
    });
  });
});

describe("a database that somebody changed", () => {
  it("stops the run, and the gate allows nothing", async () => {
    const view = await startRun();
    await inside(view.run, (_context, _instance, state) => {
      state.storage.sql.exec(
        `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA') WHERE seq = 2`,
      );
    });
    await evictDurableObject(stubOf(view.run));
    expect(await get(`/api/runs/${view.run}/gate`)).toMatchObject({ verified: false, allowsWrite: false });
    const refused = await decide(view, "approve");
    expect(refused.status).toBe(500);
    expect(await refused.json()).toMatchObject({ code: "ERR_CHAIN_CORRUPT" });
  });

  it.each([
    [
      "a signature",
      `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA') WHERE seq = 2`,
    ],
    ["a row that is no JSON", "UPDATE receipts SET envelope = 'nothing of ours' WHERE seq = 2"],
    ["an artifact", "UPDATE artifacts SET bytes = zeroblob(10)"],
  ])("is handed out as evidence, as it stands, for a verifier to refuse: %s", async (_, change) => {
    const view = await startRun();
    const before = await get<Bundle>(`/api/runs/${view.run}/bundle`);
    await inside(view.run, (_context, _instance, state) => {
      state.storage.sql.exec(change);
    });
    await evictDurableObject(stubOf(view.run));
    const stored = await get<Bundle>(`/api/runs/${view.run}/bundle`);
    expect(stored.receipts).toHaveLength(4);
    expect(stored.receipts.filter((_, seq) => seq !== 2)).toEqual(
      before.receipts.filter((_, seq) => seq !== 2),
    );
    expect((await verifyRun(view.run)).verdict).toBe("invalid");
    const page = await request(`/runs/${view.run}`);
    expect([page.status, await page.text()]).toEqual([500, expect.stringContaining("chain does not hold")]);
  });

  it("cannot make the gated write happen behind the back of an instance that has already loaded", async () => {
    const view = await startRun();
    await inside(view.run, (_context, _instance, state) => {
      state.storage.sql.exec(
        `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA') WHERE seq = 1`,
      );
    });
    const done = await decided(view, "approve");
    expect(done.status).not.toBe("completed");
    const version = await inside(
      view.run,
      ({ repository }) => repository.read(view.pending?.path ?? "")?.version,
    ).catch(() => 0);
    expect(version).toBe(0);
  });
});

describe("a database that somebody changes under an instance that has loaded", () => {
  it.each([
    ["its last receipt is gone", "DELETE FROM receipts WHERE seq = 3"],
    ["its last receipt is another", "UPDATE receipts SET digest = 'sha256:0' WHERE seq = 3"],
    ["its last receipt has moved", "UPDATE receipts SET seq = 9 WHERE seq = 3"],
    ["it has one more", "INSERT INTO receipts (seq, digest, envelope) VALUES (9, 'sha256:0', '{}')"],
  ])("gets no receipt appended where %s", async (_, change) => {
    const view = await startRun();
    const rows = () => inside(view.run, ({ store }) => store.envelopeRows());
    await inside(view.run, (_context, _instance, state) => {
      state.storage.sql.exec(change);
    });
    const before = await rows();
    await expect(onlyDecide(view.run, "approve")).rejects.toThrow(
      "expected the stored chain to end at sha256:",
    );
    expect(await rows()).toEqual(before);
  });

  it("goes on where something was put that no receipt names, be it no bytes at all", async () => {
    const view = await startRun();
    await inside(view.run, ({ store }, _instance, state) => {
      state.storage.sql.exec("INSERT INTO artifacts (sha256, bytes) VALUES ('junk', 99999999999)");
      expect(store.artifact("junk")).toBeUndefined();
    });
    expect(await decided(view, "approve")).toMatchObject({ status: "completed", count: 8 });
  });

  it("gets the bytes that an artifact's name stands for, where they are stored anew", async () => {
    const { run } = await startRun();
    await inside(run, ({ chain, store }, _instance, state) => {
      const sha256 = chain.receipts[0]?.statement.subject[0]?.digest.sha256 ?? "";
      const bytes = store.artifact(sha256) ?? new Uint8Array();
      state.storage.sql.exec("UPDATE artifacts SET bytes = zeroblob(10) WHERE sha256 = ?", sha256);
      expect(store.artifact(sha256)).toBeUndefined();
      expect(store.putArtifact(bytes)).toBe(sha256);
      expect(store.artifact(sha256)).toEqual(bytes);
    });
  });
});

describe("what Code Mode holds", () => {
  it("while a run waits is the proposed call alone, whatever an investigation stopped at", async () => {
    const code = `async () => repository.write_file({ path: "src/a.js", content: "1;\\n", before: null })`;
    const view = await startWith({ investigate: () => ({ code }), ...proposing(code) });
    expect(view.status).toBe("awaiting_decision");
    const held = await inside(view.run, async (_context, _instance, { facets }) => {
      const facet = facets.get("codemode:default", () => {
        throw new Error("expected Code Mode to have been used");
      }) as Fetcher & { listExecutions(): Promise<{ id: string; status: string }[]> };
      return (await facet.listExecutions()).map(({ id, status }) => ({ id, status }));
    });
    expect(held).toEqual([{ id: expect.any(String), status: "paused" }]);
    const { receipts } = await receiptsOf(view.run);
    expect(receipts[3]?.statement.predicate).toMatchObject({ execution: { id: held[0]?.id } });
  });
});
