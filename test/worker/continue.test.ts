// A finished run is picked up: verified whole, taken over, bound, and not repeated. Everything over HTTP, in workerd.
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { canonicalBytes, digestOf, sha256Hex } from "../../src/receipt/index.ts";
import { decided, get, kindsOf, post, receiptsOf, request, startRun } from "./client.ts";
import {
  bundleOf,
  continued,
  DAMAGE,
  firstReceipt,
  followRun,
  keyed,
  rejectedFor,
  tamper,
} from "./continuing.ts";
import { inside, proposing, startWith } from "./instances.ts";

describe("a run that continues a rejected one", () => {
  it("binds the parent's handoff and its exact bundle into its first receipt", async () => {
    const parent = await rejectedFor("Answer 409 instead.");
    const child = await continued(parent.run);
    const { predicate, subject } = await firstReceipt(child.run);
    expect(predicate.continues).toEqual({ run: parent.run, handoff: parent.head });
    const bytes = canonicalBytes(await bundleOf(parent.run));
    expect(subject).toContainEqual({ name: "parent", digest: { sha256: sha256Hex(bytes) } });
    const artifact = await request(`/api/runs/${child.run}/artifacts/${digestOf(bytes)}`);
    expect(new Uint8Array(await artifact.arrayBuffer())).toEqual(bytes);
  });

  it("proposes something else, as the reviewer's reason asks, and verifies across both runs", async () => {
    const first = await startRun();
    const parent = await decided(first, "reject", { reason: "Answer 409 instead." });
    const child = await continued(parent.run);
    expect(child).toMatchObject({ status: "awaiting_decision", pending: { revision: 1 } });
    expect(child.pending?.action).not.toBe(first.pending?.action);
    expect(first.pending?.diff).not.toMatch(/^\+.*409/m);
    expect(child.pending?.diff).toMatch(/^\+.*409/m);
    expect(child.pending?.summary).toContain(
      `rejected the proposal of ${parent.run}: “Answer 409 instead.” Taken up from there: answers 409`,
    );
    const done = await decided(child, "approve");
    expect(done).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
    const lineage = await followRun(child.run);
    expect(lineage.verdict).toBe("valid");
    expect(lineage.runs.map(({ report }) => report.run)).toEqual([child.run, parent.run]);
  });

  it("does not repeat the rejected action when the reason gives no direction, and says so", async () => {
    const parent = await rejectedFor("No.");
    const child = await continued(parent.run);
    expect(child).toMatchObject({ status: "failed", due: null, outcome: { status: "not_run" } });
    expect(child.outcome?.reason).toContain("has rejected this very patch");
    expect((await followRun(child.run)).verdict).toBe("valid");
  });

  it("remembers over generations what was rejected, and why", async () => {
    const second = await continued((await rejectedFor("Answer 409 instead.")).run);
    const third = await continued((await decided(second, "reject", { reason: "Add a metric." })).run);
    expect(third.pending?.diff).toMatch(/^\+.*409/m);
    expect(third.pending?.diff).toMatch(/count\(/);
    const fourth = await continued((await decided(third, "reject", { reason: "Answer 409 instead." })).run);
    expect(fourth.outcome?.reason).toContain("has rejected this very patch");
    const lineage = await followRun(fourth.run);
    expect(lineage.verdict).toBe("valid");
    expect(lineage.runs).toHaveLength(4);
  });

  it("tells the planner what was tried, from the chain and not from the handoff's summary", async () => {
    const parent = await decided(await startWith(proposing(WRITE)), "reject", { reason: "Not so." });
    const child = await continued(parent.run);
    const { receipts } = await receiptsOf(child.run);
    const evidence = receipts[1]?.statement.predicate;
    expect(evidence && "summary" in evidence ? evidence.summary : "").toContain(
      `Continues ${parent.run}, which ended with nothing written, 6 of 32 requests failing; 1 proposal so far, 1 rejected.`,
    );
    // Another patch than the rejected one, so it is proposed.
    expect(child.pending?.summary).toContain("Not taken up: “Not so”");
  });
});

const WRITE = `async () => {
  const file = await repository.read_file({ path: "src/http.js" });
  return await repository.write_file({ path: file.path, content: file.content + "\\n// tried\\n", before: file.digest });
}`;

describe("what is taken over", () => {
  it("is the repository as the parent left it, and a cured fault is left alone", async () => {
    const parent = await decided(await startRun(), "approve");
    const child = await continued(parent.run);
    expect(child).toMatchObject({
      status: "failed",
      outcome: { status: "not_run", before: { failed: 0, goodFailed: 0 } },
    });
    expect(child.outcome?.reason).toContain("No request fails, so there is nothing to cure.");
    const manifest = (run: string) => inside(run, ({ repository }) => repository.manifest());
    expect(await manifest(child.run)).toEqual(await manifest(parent.run));
    expect(await kindsOf(child.run)).toEqual(["alert", "evidence", "outcome", "handoff"]);
    const page = await (await request(`/runs/${child.run}`)).text();
    expect(page).toContain("Nothing to do");
    expect((await followRun(child.run)).verdict).toBe("valid");
  });

  it("is worked on further where a write cured nothing", async () => {
    const parent = await decided(await startWith(proposing(WRITE)), "approve");
    expect(parent.outcome?.status).toBe("unresolved");
    const child = await continued(parent.run);
    const done = await decided(child, "approve");
    expect(done.outcome).toMatchObject({ status: "resolved", before: { failed: 6 } });
    const file = await inside(child.run, ({ repository }) => repository.read("src/http.js"));
    expect(file).toMatchObject({ version: 0, content: expect.stringContaining("// tried") });
    expect((await followRun(child.run)).verdict).toBe("valid");
  });

  it("is not the parent's when somebody edits it meanwhile, and following the chain shows that", async () => {
    const child = await continued((await rejectedFor("Answer 409 instead.")).run);
    await inside(child.run, (_, instance) => instance.edit("src/pricing.js", "// edited\n"));
    await decided(child, "approve");
    const { verdict, runs } = await followRun(child.run);
    expect(verdict).toBe("invalid");
    expect(runs[0]?.report.checks.filter(({ ok }) => !ok)).toMatchObject([
      { id: "parent", code: "ERR_PARENT_REPOSITORY", message: expect.stringContaining("src/pricing.js") },
    ]);
  });

  it("comes with the parent's alert raised again, unless the client gives another", async () => {
    const parent = await rejectedFor("Answer 409 instead.");
    const again = await firstReceipt((await continued(parent.run)).run);
    expect(again.predicate).toMatchObject({ source: "handoff", title: "Checkout is answering 5xx" });
    const response = await post("/api/runs", {
      continues: { run: parent.run },
      alert: { source: "pager", title: "Still failing", ticket: 7 },
    });
    const other: RunView = await response.json();
    const { predicate, subject } = await firstReceipt(other.run);
    expect(predicate).toMatchObject({ source: "pager", title: "Still failing" });
    const alert = await get(`/api/runs/${other.run}/artifacts/${subject[0]?.digest.sha256}`);
    expect(alert).toMatchObject({ alert: { source: "pager", ticket: 7 } });
  });
});

describe("a run that cannot be continued", () => {
  async function refused(run: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const { headers, run: name } = keyed();
    const response = await post("/api/runs", { continues: { run } }, headers);
    // Nothing was begun: there is no run of that name.
    expect((await request(`/api/runs/${name}`)).status).toBe(404);
    return { status: response.status, body: await response.json() };
  }

  it("is one that is not there", async () => {
    for (const run of [nameRun(null), "run-of-another-kind"]) {
      expect(await refused(run)).toMatchObject({ status: 422, body: { code: "ERR_PARENT_UNKNOWN" } });
    }
    expect((await post("/api/runs", { continues: { run: "no/name" } })).status).toBe(422);
    expect((await post("/api/runs", { continues: { run: "a", handoff: "b" } })).status).toBe(422);
  });

  it("is one that has not ended", async () => {
    const { run } = await startRun();
    expect(await refused(run)).toMatchObject({
      status: 409,
      body: { code: "ERR_PARENT_UNFINISHED", findings: [{ run, code: "ERR_INCOMPLETE" }] },
    });
  });

  it.each([0, 4, 7])("is one whose stored receipt %i does not verify; the refusal names it", async (seq) => {
    const { run } = await rejectedFor("No.");
    await tamper(run, `${DAMAGE} WHERE seq = ${seq}`);
    expect(await refused(run)).toMatchObject({
      status: 422,
      body: {
        code: "ERR_PARENT_INVALID",
        detail: expect.stringContaining(`receipt ${seq}: ERR_`),
        findings: [{ run, seq, code: expect.stringMatching(/^ERR_/) }],
      },
    });
  });

  it("is one of whose artifacts one is gone while its instance remembers a sound chain", async () => {
    const { run } = await rejectedFor("No.");
    await inside(run, ({ chain, store }, _instance, state) => {
      const code = chain.receipts[1]?.statement.subject[0]?.digest.sha256 ?? "";
      expect(store.artifact(code)).toBeDefined();
      state.storage.sql.exec("DELETE FROM artifacts WHERE sha256 = ?", code);
    });
    expect(await refused(run)).toMatchObject({
      status: 422,
      body: { code: "ERR_PARENT_INVALID", findings: [{ run, seq: 1, code: "ERR_ARTIFACT_MISSING" }] },
    });
  });

  it("is one whose bundle, with all the runs before it, is too large to be bound", async () => {
    const filler = `async () => {
      const file = await repository.read_file({ path: "src/http.js" });
      const content = "// " + Math.random() + "x".repeat(600000);
      return await repository.write_file({ path: file.path, content, before: file.digest });
    }`;
    const view = await decided(await startWith(proposing(filler)), "request-changes", {
      feedback: "Shorter.",
    });
    await decided(view, "reject");
    expect(await refused(view.run)).toMatchObject({ status: 422, body: { code: "ERR_PARENT_TOO_LARGE" } });
  });
});

describe("a reviewer who changes their mind in a later run", () => {
  it("is understood, in the next run and in those after it", async () => {
    const reject = (view: RunView, reason: string) => decided(view, "reject", { reason });
    const first = await startRun();
    await reject(first, "Answer 409 instead.");
    const second = await continued(first.run);
    expect(second.pending?.after).not.toBe(first.pending?.after);
    await reject(second, "400 was right after all.");
    const third = await continued(second.run);
    expect(third).toMatchObject({ status: "awaiting_decision", pending: { after: first.pending?.after } });
    // Nobody has said anything against it since.
    await reject(third, "");
    const fourth = await continued(third.run);
    expect(fourth).toMatchObject({ status: "failed", outcome: { status: "not_run" } });
    expect(fourth.outcome?.reason).toContain("has rejected this very patch");
  });
});

describe("the same request twice", () => {
  it("leads to the same run, and the same key with another parent is refused", async () => {
    const { run } = await rejectedFor("Answer 409 instead.");
    const { headers, run: name } = keyed();
    const answers = await Promise.all(
      [1, 2, 3].map(() => post("/api/runs", { continues: { run } }, headers)),
    );
    const views = await Promise.all(answers.map((answer) => answer.json<RunView>()));
    expect(new Set(views.map((view) => view.run))).toEqual(new Set([name]));
    expect(views.map(({ count }) => count)).toEqual([4, 4, 4]);
    const other = await post("/api/runs", { continues: { run: (await rejectedFor("No.")).run } }, headers);
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: "ERR_IDEMPOTENCY_KEY_REUSED" });
  });
});
