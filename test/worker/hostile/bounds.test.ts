// What a script may use up. A pass ends by itself or is ended; the run then goes on to its outcome and says why.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { runProbe } from "../../../src/codemode/run-probe.ts";
import { LOADED_WORKER_LIMITS, limitedLoader, SCRIPT_LIMITS } from "../../../src/codemode/sandbox.ts";
import { ScriptCalls } from "../../../src/codemode/script-calls.ts";
import { ScriptRuntime } from "../../../src/codemode/script-runtime.ts";
import { CHECKOUT_FILES } from "../../../src/workload/checkout-source.ts";
import { decided, receiptsOf } from "../client.ts";
import { inside } from "../instances.ts";
import { APPROVED, attack, bodies, expectWritten, newest, runScript, TARGET, WRITE } from "./attack.ts";

/** Long enough for a script to begin, also on a busy machine: these scripts never end by themselves. */
const SOON = 300;

const LOOP = `const wait = setTimeout; const turn = () => new Promise((r) => wait(r, 5));`;

describe("work that never ends", () => {
  it.each([
    ["turns for ever", `${LOOP} for (;;) await turn();`],
    [
      "has stopped the sandbox's own clock",
      `${LOOP} globalThis.setTimeout = () => 0; for (;;) await turn();`,
    ],
    ["has replaced the race it runs in", `${LOOP} Promise.race = ([mine]) => mine; for (;;) await turn();`],
    [
      "grows until then",
      `${LOOP} const kept = []; for (;;) { if (kept.length < 1000) kept.push("x".repeat(1000) + kept.length); await turn(); }`,
    ],
    [
      "ends its own isolate",
      `const { abortIsolate } = await import("cloudflare:workers"); abortIsolate("gone");`,
    ],
    ["answers with what never settles", `${LOOP} return { then: async () => { for (;;) await turn(); } };`],
  ])("is ended when a script %s, and the run says so", async (_, propose) => {
    const view = await attack(bodies({ propose }), SOON);
    expect(view).toMatchObject({ status: "failed", due: null, outcome: { status: "not_run" } });
    expect(view.outcome?.reason).toContain("Execution timed out");
    await expectWritten(view.run, {});
  });

  it("ends an investigation too, and the run goes on", async () => {
    const investigate = `${LOOP} globalThis.setTimeout = () => 0; for (;;) await turn();`;
    const view = await attack(bodies({ investigate, propose: "return 1;" }), SOON);
    expect((await newest(view.run, "evidence"))?.predicate).toMatchObject({
      summary: expect.stringContaining("Execution timed out"),
    });
    await expectWritten(view.run, {});
  });

  it("after an approved write is ended, and the write is told as the fence knows it", async () => {
    const view = await attack(bodies({ propose: `${WRITE} ${LOOP} for (;;) await turn();` }));
    await inside(view.run, (_, instance) => {
      instance.scriptTimeoutMs = 1500;
    });
    await decided(view, "approve");
    await settled(view.run);
    const execution = await newest(view.run, "execution");
    const written = execution && "written" in execution.predicate && execution.predicate.written;
    // Where the machine is too slow for the write to begin in time, it is told as not made.
    await expectWritten(view.run, written ? { [TARGET]: APPROVED } : {});
  });
});

/** Waits for a run that was ended by its bound to be at rest. */
async function settled(run: string): Promise<void> {
  await expect
    .poll(async () => (await receiptsOf(run)).receipts.at(-1)?.kind, { timeout: 15_000 })
    .toBe("handoff");
}

describe("a storm of calls", () => {
  it.each([
    ["at once", `await Promise.allSettled(Array.from({ length: 2000 }, () => workspace.read_notes({})));`],
    ["for ever", `for (;;) try { await workspace.read_notes({}); } catch {}`],
    ["with junk", `for (;;) try { await repository.nothing(1); } catch {}`],
    ["of steps", `for (;;) await codemode.step("x", () => 1);`],
  ])("ends the script that makes it: %s", async (_, propose) => {
    const view = await attack(bodies({ propose: `try { ${propose} } finally { ${WRITE} }` }));
    expect(view).toMatchObject({ status: "failed", due: null, outcome: { status: "not_run" } });
    expect(view.outcome?.reason).toContain(`expected at most ${SCRIPT_LIMITS.calls} calls of one script`);
    await expectWritten(view.run, {});
  });

  it("stops at what Code Mode could still hand over, and the run goes on", async () => {
    const step = `await codemode.step("big", () => "x".repeat(900_000));`;
    const view = await attack(bodies({ investigate: `for (let i = 0; i < 60; i += 1) ${step}` }));
    expect((await newest(view.run, "evidence"))?.predicate).toMatchObject({
      summary: expect.stringContaining(`expected at most ${SCRIPT_LIMITS.traffic} characters`),
    });
    await expectWritten(view.run, {});
  });

  it("is not possible with long questions to Code Mode itself", async () => {
    const { run } = await attack(bodies({}));
    for (const ask of ["search", "describe", "run", "step"]) {
      const call = `codemode.${ask}("a ".repeat(1e6), () => 1)`;
      const pass = await runScript(run, `return await ${call}.catch(({ message }) => message);`);
      expect(pass).toMatchObject({ result: expect.stringContaining("at most 1000 characters") });
    }
  });

  it("is over when the answers are too long, however short the questions", async () => {
    const calls = new ScriptCalls({ ...SCRIPT_LIMITS, traffic: 1_000 });
    const callTool = async () => "x".repeat(600);
    const { binding } = calls.guardConnector({ name: "any", binding: { callTool } });
    await binding.callTool("read", {});
    await binding.callTool("read", {});
    await expect(binding.callTool("read", {})).rejects.toThrow("at most 1000 characters");
    expect(await calls.ended).toContain("at most 1000 characters");
  });

  it("brings plain data to the host and nothing else", async () => {
    const asked: unknown[] = [];
    const callTool = async (_: string, args: unknown) => asked.push(args);
    for (const args of [new Map(), { toJSON: () => "plain" }, { at: new Date(0) }, [undefined]]) {
      const calls = new ScriptCalls(SCRIPT_LIMITS);
      const { binding } = calls.guardConnector({ name: "any", binding: { callTool } });
      await binding.callTool("read", { plain: [1, "two", null] });
      await expect(binding.callTool("read", args)).rejects.toMatchObject({ name: "NotCanonicalError" });
      // Whatever the script catches, it is over: a further call reaches nobody, and is never answered.
      expect(await calls.ended).not.toBe("");
      void binding.callTool("read", { plain: "again" });
      await calls.close();
    }
    expect(asked).toEqual(Array(4).fill({ plain: [1, "two", null] }));
  });

  it("is nothing to the host once the pass is over, which waits only for the one under way", async () => {
    const calls = new ScriptCalls(SCRIPT_LIMITS);
    const asked: string[] = [];
    const slow = Promise.withResolvers<string>();
    const callTool = (method: string) => {
      asked.push(method);
      return slow.promise;
    };
    const { binding } = calls.guardConnector({ name: "any", binding: { callTool } });
    const first = binding.callTool("first", {});
    const second = binding.callTool("second", {});
    await expect.poll(() => asked).toEqual(["first"]);
    const soon = (...answers: unknown[]) =>
      Promise.race([...answers, new Promise((resolve) => setTimeout(resolve, 20, "none"))]);
    const closing = calls.close().then(() => "closed");
    expect(await soon(closing)).toBe("none");
    slow.resolve("done");
    expect(await closing).toBe("closed");
    expect(await first).toBe("done");
    expect(await soon(second, binding.callTool("third", {}))).toBe("none");
    expect(asked).toEqual(["first"]);
  });
});

describe("what a pass sends", () => {
  it("counts from when it comes, also while it waits behind a call that is under way", async () => {
    const calls = new ScriptCalls(SCRIPT_LIMITS);
    const binding = { callTool: () => new Promise<unknown>(() => {}) };
    const guarded = calls.guardConnector({ name: "any", binding }).binding;
    void guarded.callTool("slow", {});
    const content = "x".repeat(SCRIPT_LIMITS.traffic / 8);
    const waiting = Array.from({ length: 8 }, () => Promise.resolve(guarded.callTool("read", { content })));
    expect(await calls.ended).toContain(`at most ${SCRIPT_LIMITS.traffic} characters`);
    await expect(waiting.at(-1)).rejects.toThrow("characters");
  });
});

describe("an answer", () => {
  it.each([
    [
      "whose few parts are shared so often that it would be written out for long",
      `let a = ["x"]; for (let i = 0; i < 22; i += 1) a = [a, a]; return { a };`,
    ],
    ["that is mostly holes", "const a = []; a[1e8] = 1; return a;"],
    ["that is no JSON", "return new Map([[1, 2]]);"],
  ])("%s is dropped, and the pass has ended", async (_, body) => {
    const { run } = await attack(bodies({}));
    expect(await runScript(run, body)).toMatchObject({ status: "completed", result: undefined });
  });

  it.each(["none: undefined", "seen: new Date()", "ask: () => 1", "deep: [NaN]"])(
    "keeps its words where it is more than plain data, as with %s",
    async (field) => {
      const { run } = await attack(bodies({}));
      const pass = await runScript(run, `return { summary: "Looked at it.", ${field} };`);
      expect(pass).toMatchObject({ status: "completed", result: { summary: "Looked at it." } });
    },
  );
});

describe("too much at once", () => {
  it.each([
    ["console output", `for (let i = 0; i < 40; i += 1) console.log("x".repeat(1e6)); return 1;`, /32MiB/],
    ["a result", `return "x".repeat(4e7);`, /32MiB/],
    ["text", `return "x".repeat(2 ** 30);`, /Invalid string length/],
    ["an array", `return new Array(2 ** 32);`, /Invalid array length/],
    ["memory", `return new ArrayBuffer(2 ** 53);`, /allocation failed|Invalid array buffer length/],
    ["nesting", `let deep = {}; for (let i = 0; i < 1e5; i += 1) deep = { deep }; return deep;`, /stack/],
    ["recursion", `const again = () => again() + 1; return again();`, /stack/],
    ["a step", `return await codemode.step("big", () => "x".repeat(2e6));`, /too large to record/],
    [
      "an argument",
      `await repository.write_file({ path: "x", content: "x".repeat(1_100_000), before: null });`,
      /too large to record/,
    ],
    ["a script", `return "${"x".repeat(1_100_000)}";`, /expected a script of at most 1048576 bytes/],
  ])("ends a script that makes it with %s", async (_, propose, reason) => {
    const view = await attack(bodies({ propose }));
    expect(view).toMatchObject({ status: "failed", due: null, outcome: { status: "not_run" } });
    expect(view.outcome?.reason).toMatch(reason);
    await expectWritten(view.run, {});
  });

  it.each([
    ["null", "throw null;"],
    ["undefined", "throw undefined;"],
    ["an object without words", "throw { message: { deep: 1 } };"],
    ["a function as its message", `throw { message: () => "x" };`],
    ["a message that throws", `throw { get message() { throw new Error("again"); } };`],
    ["a lone surrogate", `throw new Error("\\ud800");`],
    ["a proxy", `throw new Proxy({}, { get() { throw new Error("trap"); } });`],
    ["thirty million letters", `throw new Error("x".repeat(3e7));`],
  ])("is not a script that throws %s", async (_, propose) => {
    const view = await attack(bodies({ propose }));
    expect(view).toMatchObject({ status: "failed", due: null, outcome: { status: "not_run" } });
    expect(view.outcome?.reason).toMatch(/^The script ended before it asked for a write: ./);
    await expectWritten(view.run, {});
  });
});

describe("the limits that only Cloudflare enforces", () => {
  it("are on every Worker that is loaded for a script or a probe, and cannot be asked away", async () => {
    const loaded: WorkerLoaderWorkerCode[] = [];
    const watched: WorkerLoader = {
      get: (name, code) => env.LOADER.get(name, code),
      load: (code) => {
        loaded.push(code);
        return env.LOADER.load(code);
      },
    };
    const { run } = await attack(bodies({}));
    await inside(run, (_, __, state) =>
      new ScriptRuntime(state, watched, [], () => 5000).execute("async () => 1"),
    );
    await runProbe(watched, CHECKOUT_FILES);
    limitedLoader(watched).load({
      ...loaded[0],
      limits: { cpuMs: 1e9, subRequests: 1e9 },
    } as WorkerLoaderWorkerCode);
    expect(loaded).toHaveLength(3);
    for (const { limits, globalOutbound, env: bindings } of loaded) {
      expect(limits).toEqual(LOADED_WORKER_LIMITS);
      expect(globalOutbound).toBeNull();
      expect(bindings ?? {}).toEqual({});
    }
    expect(LOADED_WORKER_LIMITS).toEqual({ cpuMs: 2_000, subRequests: 200 });
  });
});
