// The write happens exactly as approved, or the chain says why not: drift, useless patches, two writes, switched arguments.
import { describe, expect, it } from "vitest";
import { decide, decided, kindsOf, receiptsOf, verifyRun } from "./client.ts";
import { openCall, TWO_WRITES, WRITE } from "./gated-write.ts";
import { inside, proposing, startWith } from "./instances.ts";

async function lastExecution(run: string) {
  const { receipts } = await receiptsOf(run);
  return receipts.filter(({ kind }) => kind === "execution").at(-1)?.statement.predicate;
}

describe("the gated write", () => {
  it("is refused when somebody edited the file meanwhile, and the edit stays", async () => {
    const view = await startWith(proposing(WRITE("src/checkout.js", "\n// patched\n")));
    const path = view.pending?.path ?? "";
    await inside(view.run, (_, instance) => instance.edit(path, "// somebody else was here\n"));
    const done = await decided(view, "approve");
    expect(done).toMatchObject({ status: "failed", outcome: { status: "not_run" } });
    const execution = await lastExecution(view.run);
    expect(execution).toMatchObject({ status: "failed", written: false, changes: [] });
    expect(execution && "reason" in execution && execution.reason).toMatch(/has changed since the proposal/);
    expect(await inside(view.run, ({ repository }) => repository.read(path)?.content)).toBe(
      "// somebody else was here\n",
    );
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("is told as unresolved when the patch cures nothing", async () => {
    const view = await startWith(proposing(WRITE("src/checkout.js", "\n// cures nothing\n")));
    const done = await decided(view, "approve");
    expect(done).toMatchObject({ status: "completed", outcome: { status: "unresolved" } });
    expect(done.outcome?.after?.failed).toBe(done.outcome?.before.failed);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("is told as unresolved when the patch breaks good checkouts", async () => {
    const code = `async () => {
      const file = await repository.read_file({ path: "src/worker.js" });
      const content = "export default { fetch: () => new Response('no', { status: 403 }) };";
      return await repository.write_file({ path: file.path, content, before: file.digest });
    }`;
    const done = await decided(await startWith(proposing(code)), "approve");
    expect(done).toMatchObject({
      status: "completed",
      outcome: { status: "unresolved", after: { failed: 0 } },
    });
    expect(done.outcome?.after?.goodFailed).toBeGreaterThan(0);
  });

  it("needs an approval of its own for each of two writes in one script", async () => {
    const first = await startWith(proposing(TWO_WRITES));
    expect(first.pending?.path).toBe("src/http.js");
    const second = await decided(first, "approve");
    expect(second).toMatchObject({
      status: "awaiting_decision",
      pending: { path: "src/pricing.js", revision: 1 },
    });
    expect((await decide({ ...second, pending: first.pending }, "approve")).status).toBe(409);
    const done = await decided(second, "approve");
    expect(done.status).toBe("completed");
    const round = ["proposal", "preview", "decision", "execution"];
    expect(await kindsOf(first.run)).toEqual(["alert", "evidence", ...round, ...round, "outcome", "handoff"]);
    const { receipts } = await receiptsOf(first.run);
    const executions = receipts
      .filter(({ kind }) => kind === "execution")
      .map(({ statement }) => statement.predicate);
    expect(executions).toMatchObject([
      { status: "executed", more: true },
      { status: "executed", more: false },
    ]);
    expect((await verifyRun(first.run)).verdict).toBe("valid");
  });

  it("leaves the second of two writes undone when only the first is approved", async () => {
    const first = await startWith(proposing(TWO_WRITES));
    const done = await decided(await decided(first, "approve"), "reject");
    expect(done).toMatchObject({ status: "rejected", outcome: { status: "unresolved" } });
    const versions = await inside(first.run, ({ repository }) =>
      ["src/http.js", "src/pricing.js"].map((path) => repository.read(path)?.version),
    );
    expect(versions).toEqual([1, 0]);
    expect((await verifyRun(first.run)).verdict).toBe("valid");
  });

  it("tells a write as executed though the script threw after it", async () => {
    const code = WRITE("src/http.js", "\n// kept\n")
      .replace("return await", "await")
      .replace(/}$/, `throw new Error("late");\n}`);
    const view = await startWith(proposing(code));
    expect((await decided(view, "approve")).status).toBe("completed");
    expect(await lastExecution(view.run)).toMatchObject({
      status: "executed",
      written: true,
      reason: expect.stringMatching(/^The write was made; after it the script failed: .*late$/),
    });
  });

  it("tells a swallowed refusal as failed though the script went on", async () => {
    const code = `async () => {
      const file = await repository.read_file({ path: "src/http.js" });
      try { await repository.write_file({ path: file.path, content: "// x", before: file.digest }); } catch {}
      return "all is well";
    }`;
    const view = await startWith(proposing(code));
    await inside(view.run, (_, instance) => instance.edit("src/http.js", "// drift\n"));
    expect((await decided(view, "approve")).status).toBe("failed");
    const reason = expect.stringMatching(/^src\/http\.js has changed since the proposal/);
    expect(await lastExecution(view.run)).toMatchObject({ status: "failed", written: false, reason });
  });

  it("does not give the refusal of an earlier call as the reason of this one", async () => {
    const code = `async () => {
      let first = false;
      await codemode.step("once", () => { first = true; return 0; });
      if (first) await repository.write_file({ path: "src/new.js", content: "// x", before: null });
      return "nothing to do after all";
    }`;
    const view = await startWith(proposing(code));
    await inside(view.run, async (context) => {
      const { id, args, attempt } = openCall(context);
      expect(await attempt(id, args)).toMatch(/no approval/);
    });
    expect((await decided(view, "approve")).status).toBe("failed");
    const reason = "The script never made the approved call.";
    expect(await lastExecution(view.run)).toMatchObject({ status: "failed", written: false, reason });
  });

  it.each([
    ["a cycle", "args.self = args;"],
    ["a Map", "args.extra = new Map([[1, 2]]);"],
    ["a date", "args.when = new Date(0);"],
    ["another content", `args.content = "// switched";`],
  ])("refuses arguments that the script switches after the pause: %s", async (_, change) => {
    // A step that is recorded is not run again on replay, so the script can tell the pass after the pause from the first.
    const code = `async () => {
      const file = await repository.read_file({ path: "src/http.js" });
      const args = { path: file.path, content: "// approved", before: file.digest };
      let first = false;
      await codemode.step("once", () => { first = true; return 0; });
      if (!first) { args.content = "// switched"; ${change} }
      return await repository.write_file(args);
    }`;
    const view = await startWith(proposing(code));
    const done = await decided(view, "approve");
    expect(done.status).toBe("failed");
    const file = await inside(view.run, ({ repository }) => repository.read("src/http.js"));
    expect(file?.version).toBe(0);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it.each([
    ["throws", `async () => { throw new Error("no idea"); }`, /no idea/],
    ["asks for nothing", "async () => 1", /without asking/],
    ["asks with junk", `async () => repository.write_file({ path: 3 })`, /cannot be proposed/],
    [
      "lies about the file as it is",
      `async () => repository.write_file({ path: "src/http.js", content: "", before: null })`,
      /would write/,
    ],
    [
      "sends bytes",
      `async () => repository.write_file({ path: "a", content: new Uint8Array(3), before: null })`,
      /./,
    ],
  ])("is never reached by a script that %s, and the run says so", async (_, code, reason) => {
    const view = await startWith(proposing(code));
    expect(view).toMatchObject({ status: "failed", outcome: { status: "not_run" } });
    expect(view.outcome?.reason).toMatch(reason);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });
});
