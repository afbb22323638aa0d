// The write happens exactly as approved, or the chain says why not: drift, useless patches, two writes, switched arguments.
import { describe, expect, it } from "vitest";
import type { RunContext } from "../../src/run/run-context.ts";
import { decide, decided, kindsOf, receiptsOf, verifyRun } from "./client.ts";
import { inside, proposing, startWith } from "./instances.ts";

const WRITE = (path: string, text: string) => `async () => {
  const file = await repository.read_file({ path: ${JSON.stringify(path)} });
  return await repository.write_file({ path: file.path, content: file.content + ${JSON.stringify(text)}, before: file.digest });
}`;

const TWO_WRITES = `async () => {
  for (const path of ["src/http.js", "src/pricing.js"]) {
    const file = await repository.read_file({ path });
    await repository.write_file({ path, content: file.content + "\\n// seen\\n", before: file.digest });
  }
  return "done";
}`;

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
    expect(await lastExecution(view.run)).toMatchObject({ status: "executed", written: true });
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

/** The call that waits for a decision, and a way to approve it without letting the run go on. */
function openCall({ chain, gate, store }: RunContext) {
  const { proposal, preview } = chain.state.round ?? {};
  const action = proposal && store.artifact(proposal.statement.subject[0]?.digest.sha256 ?? "");
  if (!action || !preview) throw new Error("expected an open preview");
  const { args }: { args: { path: string; content: string; before: string } } = JSON.parse(
    new TextDecoder().decode(action),
  );
  return {
    id: preview.statement.predicate.execution.id,
    args,
    approve() {
      const decided = chain.commit(({ append }) =>
        append("decision", [["action", action]], {
          decision: "approve",
          proposal: proposal.digest,
          preview: preview.digest,
          reason: "",
          reviewer: { id: "r", method: "test" },
        }),
      );
      expect(decided.ok).toBe(true);
    },
    /** Signs that the approved call failed, as the step would, but leaves the fence as it is. */
    fail() {
      const decision = chain.state.round?.decision?.digest ?? null;
      const told = chain.commit(({ append }) =>
        append("execution", [["action", action]], {
          decision,
          execution: preview.statement.predicate.execution,
          status: "failed",
          reason: "Told as failed.",
          written: false,
          changes: [],
          more: false,
          recovered: false,
        }),
      );
      expect(told.ok).toBe(true);
    },
    async attempt(execution: string, received: unknown) {
      try {
        return `wrote version ${(await gate.write(execution, received)).version}`;
      } catch (error) {
        return String(error);
      }
    },
  };
}

describe("the gate itself", () => {
  it("lets exactly the approved call through, once, and only after the approval", async () => {
    const view = await startWith(proposing(WRITE("src/http.js", "\n// once\n")));
    const answers = await inside(view.run, async (context) => {
      const { id, args, approve, attempt } = openCall(context);
      const early = await attempt(id, args);
      approve();
      return [
        early,
        await attempt(id, { ...args, content: "// something else" }),
        await attempt(id, { ...args, path: "src/pricing.js" }),
        await attempt("exec_another", args),
        await attempt(id, args),
        await attempt(id, args),
      ];
    });
    expect(answers).toEqual([
      expect.stringContaining("no approval"),
      expect.stringContaining("not the approved one"),
      expect.stringContaining("not the approved one"),
      expect.stringContaining("another execution"),
      "wrote version 1",
      expect.stringContaining("used up"),
    ]);
  });
});

describe("a chain that moves on while the gate verifies it", () => {
  it("takes the approval with it, though no fence was set", async () => {
    const view = await startWith(proposing(WRITE("src/http.js", "\n// late\n")));
    const [answer, version] = await inside(view.run, async (context) => {
      const { id, args, approve, attempt, fail } = openCall(context);
      approve();
      const late = attempt(id, args);
      fail();
      return [await late, context.repository.read("src/http.js")?.version];
    });
    expect([answer, version]).toEqual([expect.stringContaining("the chain has moved on"), 0]);
  });
});

describe("a gate that has verified the chain once before", () => {
  /** Approves the second of two writes, does something to the rows, and then makes the call. */
  async function secondWrite(damage: string | null): Promise<string> {
    const view = await decided(await startWith(proposing(TWO_WRITES)), "approve");
    expect(view.count).toBe(8);
    return inside(view.run, async (context, _, state) => {
      const { id, args, approve, attempt } = openCall(context);
      approve();
      if (damage !== null) state.storage.sql.exec(damage);
      const answer = await attempt(id, args);
      const { version } = context.repository.read(args.path) ?? {};
      return `${answer}; the file has version ${version}`;
    });
  }

  const SIGNATURE = `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA')`;
  const ARTIFACT = "(SELECT min(sha256) FROM artifacts WHERE sha256 NOT IN (SELECT sha256 FROM files))";

  it.each([
    ["a signature among the receipts it has verified", `${SIGNATURE} WHERE seq = 1`],
    ["the approval that it acted on then", `${SIGNATURE} WHERE seq = 4`],
    ["a signature of a receipt that came since", `${SIGNATURE} WHERE seq = 6`],
    ["the signature of this approval", `${SIGNATURE} WHERE seq = 8`],
    ["a receipt replaced by another of its chain", copy(0, "UPDATE", 3)],
    ["this approval replaced by the one before", copy(4, "UPDATE", 8)],
    ["a receipt taken away", "DELETE FROM receipts WHERE seq = 2"],
    ["a receipt put in before the first", copy(0, "INSERT", -1)],
    ["a receipt put in at the end", copy(4, "INSERT", 9)],
    ["an artifact altered", `UPDATE artifacts SET bytes = zeroblob(3) WHERE sha256 = ${ARTIFACT}`],
    ["an artifact taken away", `DELETE FROM artifacts WHERE sha256 = ${ARTIFACT}`],
  ])("refuses the next write: %s", async (_, damage) => {
    const answer = await secondWrite(damage);
    expect(answer).toMatch(/the stored chain does not verify: ERR_\w+; the file has version 0$/);
  });

  it.each([
    ["nothing was touched", null],
    ["a row was spelled otherwise", "UPDATE receipts SET envelope = envelope || ' ' WHERE seq = 1"],
  ])("lets it through when %s", async (_, damage) => {
    expect(await secondWrite(damage)).toBe("wrote version 1; the file has version 1");
  });

  /** A statement that puts a copy of one receipt's envelope at another place. */
  function copy(from: number, how: "UPDATE" | "INSERT", to: number): string {
    const envelope = `(SELECT envelope FROM receipts WHERE seq = ${from})`;
    if (how === "UPDATE") return `UPDATE receipts SET envelope = ${envelope} WHERE seq = ${to}`;
    return `INSERT INTO receipts (seq, digest, envelope) VALUES (${to}, 'sha256:${to}', ${envelope})`;
  }
});
