// What a run continues and what continues it, over restarts, over HTTP and on the pages.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { loadSigningKeys } from "../../src/run/signing-keys.ts";
import { continuingRequest, takeOver } from "../../src/run/take-over.ts";
import { decided, get, request, startRun, stubOf } from "./client.ts";
import {
  continued,
  firstReceipt,
  followRun,
  lineageOf,
  rejectedFor,
  tamper,
  toldParent,
} from "./continuing.ts";
import { inside, runRequest, stepAndEvict } from "./instances.ts";

describe("lineage", () => {
  it("is told both ways: ancestors from the chain, what follows from unsigned notes", async () => {
    const first = await rejectedFor("Answer 409 instead.");
    const second = await decided(await continued(first.run), "reject", { reason: "Add a metric." });
    const third = await continued(second.run);
    const sibling = await continued(second.run);
    for (const { run } of [second, third, sibling]) await toldParent(run);
    const issuer = "http://localhost:8787";
    expect(await lineageOf(third.run)).toEqual({
      run: third.run,
      ancestors: [
        { run: second.run, issuer, handoff: second.head },
        { run: first.run, issuer, handoff: first.head },
      ],
      continuedBy: [],
    });
    const { ancestors, continuedBy } = await lineageOf(second.run);
    expect(ancestors).toEqual([{ run: first.run, issuer, handoff: first.head }]);
    expect(continuedBy.map(({ run }) => run)).toEqual([third.run, sibling.run]);
    expect((await lineageOf(first.run)).continuedBy).toMatchObject([{ run: second.run }]);
    // A note is none of the chain's business.
    expect((await get<RunView>(`/api/runs/${second.run}`)).head).toBe(second.head);
  });

  it("stands on the pages, with a form that continues a finished run without script", async () => {
    const parent = await rejectedFor("Answer 409 instead.");
    const started = await request(`/runs/${parent.run}/continue`, { method: "POST", redirect: "manual" });
    expect(started.status).toBe(303);
    const childPage = started.headers.get("location") ?? "";
    await toldParent(childPage.replace("/runs/", ""));
    const child = await (await request(childPage)).text();
    expect(child).toContain("It continues another run");
    expect(child).toContain(`href="/runs/${parent.run}"`);
    expect(child).toContain("The alert of the run before, raised again");
    expect(child).not.toContain("Continue in a new run");
    const shown = await (await request(`/runs/${parent.run}`)).text();
    expect(shown).toContain(`href="${childPage}"`);
    expect(shown).toContain("unsigned");
    // What it hands on, in words, and the reviewer's own.
    expect(shown).toMatch(/Revision 1: rejected, withheld\..*The reviewer: “.*Answer 409 instead\..*”/s);
    expect(shown).toContain(`action="/runs/${parent.run}/continue"`);
  });

  it("is not begun by another site's form, nor from a run that is open", async () => {
    const parent = await rejectedFor("No.");
    const from = (path: string, headers: Record<string, string> = {}) =>
      request(path, { method: "POST", redirect: "manual", headers });
    const cross = await from(`/runs/${parent.run}/continue`, { origin: "https://elsewhere.example" });
    expect(cross.status).toBe(403);
    const open = await startRun();
    const early = await from(`/runs/${open.run}/continue`);
    expect(early.status).toBe(409);
    expect(await early.text()).toContain("That run has not ended");
    expect((await from(`/runs/${nameRun(null)}/continue`)).status).toBe(422);
    expect((await from("/runs/nonsense/continue")).status).toBe(404);
    expect((await lineageOf(parent.run)).continuedBy).toEqual([]);
  });
});

/** Stores a run that continues another without letting its loop run. */
async function storeContinuing(run: string, parent: string): Promise<void> {
  await runInDurableObject(stubOf(run), async (instance, state) => {
    const keys = loadSigningKeys(env);
    const taken = keys.ok ? await takeOver({ run: parent }, env, keys.value) : keys;
    if (!taken.ok) throw new Error(taken.refusal.message);
    const asked = { ...runRequest(), alert: {}, parent: { run: parent } };
    await instance.store(run, continuingRequest(asked, taken.value), taken.value);
    await state.storage.deleteAlarm();
  });
}

describe("a restart", () => {
  it("between any two receipts of a continued run changes nothing in what it makes of its parent", async () => {
    const parent = await rejectedFor("Answer 409 instead.");
    const run = nameRun(null);
    await storeContinuing(run, parent.run);
    expect([await stepAndEvict(run), await stepAndEvict(run), await stepAndEvict(run)]).toEqual([
      "evidence",
      "proposal",
      "decision",
    ]);
    const child = await get<RunView>(`/api/runs/${run}`);
    expect(child.pending?.diff).toMatch(/^\+.*409/m);
    await evictDurableObject(stubOf(run));
    const revised = await decided(child, "request-changes", { feedback: "Add a metric." });
    // The revision still stands on what the parent's reviewer said.
    expect(revised.pending?.diff).toMatch(/^\+.*409/m);
    expect(revised.pending?.diff).toMatch(/count\(/);
    expect((await followRun(run)).verdict).toBe("incomplete");
    await toldParent(run);
    expect((await lineageOf(parent.run)).continuedBy).toMatchObject([{ run }]);
  });

  it("keeps no end of notes at a parent, and shows the newest", async () => {
    const { run } = await rejectedFor("No.");
    await inside(run, ({ store }, _instance, state) => {
      state.storage.sql.exec(
        `INSERT INTO notes (kind, at, by) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9998)
         SELECT 'continued', '2026-11-28T00:00:00.000Z', 'run-' || i FROM n`,
      );
      store.putNote({ kind: "continued", at: "2026-11-28T00:00:01.000Z", by: "run-last" });
      store.putNote({ kind: "continued", at: "2026-11-28T00:00:02.000Z", by: "run-too-many" });
    });
    const { continuedBy } = await lineageOf(run);
    expect([continuedBy.length, continuedBy.at(-1)?.run]).toEqual([100, "run-last"]);
  });

  it("does not let an altered parent's bundle pass: the run stops", async () => {
    const child = await continued((await rejectedFor("Answer 409 instead.")).run);
    const { subject } = await firstReceipt(child.run);
    await tamper(
      child.run,
      `UPDATE artifacts SET bytes = zeroblob(10) WHERE sha256 = '${subject[2]?.digest.sha256}'`,
    );
    const view = await request(`/api/runs/${child.run}`);
    expect(await view.json()).toMatchObject({
      code: "ERR_CHAIN_CORRUPT",
      findings: [{ seq: 0, code: "ERR_ARTIFACT_MISSING" }],
    });
    expect(await get(`/api/runs/${child.run}/gate`)).toMatchObject({ verified: false, allowsWrite: false });
  });
});
