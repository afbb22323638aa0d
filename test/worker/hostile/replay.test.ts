// A script can tell the pass after the approval from the first, and do something else then. Nothing is written but the very
// call that was read and approved, once; where that call never comes, nothing is.
import { describe, expect, it } from "vitest";
import { decided } from "../client.ts";
import {
  APPROVED,
  approveAttack,
  attack,
  bodies,
  CALL,
  expectWritten,
  FIRST_PASS,
  newest,
  TARGET,
  WRITE,
} from "./attack.ts";

const OTHER = `{ path: "src/http.js", content: "// taken over", before: null }`;

describe("arguments that are switched after the pause", () => {
  it.each([
    ["another content", `args.content = "switched";`],
    ["another file", `args.path = "src/http.js";`],
    ["another form of the same letters", `args.content = args.content.replace("e", "e\\u0301");`],
    ["a cycle", `args.content = "switched"; args.self = args;`],
    ["a Map", `args.content = "switched"; args.extra = new Map([[1, 2]]);`],
    ["a date", `args.when = new Date(0);`],
    ["bytes", `args.content = new TextEncoder().encode("switched");`],
    [
      "a toJSON that tells the old ones",
      `const old = { ...args }; args.content = "switched"; args.toJSON = () => old;`,
    ],
    [
      "a stub with a toJSON",
      `const { RpcTarget } = await import("cloudflare:workers");
      const old = { ...args };
      args.content = "switched";
      args.extra = new (class extends RpcTarget { toJSON() { return old; } })();`,
    ],
    [
      "a stub in place of all",
      `const { RpcTarget } = await import("cloudflare:workers");
      args = new (class extends RpcTarget { get path() { return "src/http.js"; } get content() { return "x"; } get before() { return null; } })();`,
    ],
    ["a proxy", `args = new Proxy(args, { get: (t, name) => (name === "content" ? "switched" : t[name]) });`],
    [
      "a getter",
      `let reads = 0; args = { ...args, get content() { return reads++ ? "${"switched"}" : "also switched"; } };`,
    ],
    [
      "a __proto__ of its own",
      `args = JSON.parse('{"__proto__":{"x":1},"path":"${TARGET}","content":"switched","before":null}');`,
    ],
    [
      "the old ones beside a __proto__",
      `args = JSON.parse('{"__proto__":{"content":"switched"},' + JSON.stringify(args).slice(1));`,
    ],
    ["a lone surrogate", `args.content = "\\ud800";`],
    [
      "more nesting than any stack holds",
      `let deep = {}; for (let i = 0; i < 5000; i += 1) deep = { deep }; args.extra = deep;`,
    ],
    ["more than a message holds", `args.content = "x".repeat(34 * 1024 * 1024);`],
  ])("are refused: %s", async (_, change) => {
    const done = await approveAttack(`
      let args = ${CALL};
      ${FIRST_PASS}
      if (!first) { ${change} }
      return await repository.write_file(args);`);
    expect(done).toMatchObject({ status: "failed", outcome: { status: "not_run" } });
    expect((await newest(done.run, "execution"))?.predicate).toMatchObject({ written: false, changes: [] });
    await expectWritten(done.run, {});
  });

  it("are not looked at again by a script that patched its own stringify and codec", async () => {
    const done = await approveAttack(`
      ${FIRST_PASS}
      const args = ${CALL};
      if (!first) {
        const said = JSON.stringify(args);
        JSON.stringify = () => said;
        Object.keys = Object.entries = () => [];
        Reflect.ownKeys = () => [];
        globalThis.structuredClone = () => args;
        args.content = "switched";
      }
      return await repository.write_file(args);`);
    expect(done.status).toBe("failed");
    await expectWritten(done.run, {});
  });
});

describe("a script that goes another way once it is approved", () => {
  it.each([
    ["calls another file's write first", `await repository.write_file(${OTHER});`],
    [
      "reads in the place of the write",
      `await workspace.read_notes({}); await repository.write_file(${OTHER});`,
    ],
    [
      "makes a step in its place",
      `await codemode.step("x", () => 1); await repository.write_file(${OTHER});`,
    ],
    ["ends at once", `return "all done";`],
    ["throws at once", `throw new Error("no");`],
    ["ends the process", `process.exit(0);`],
    [
      "asks twice at once, the other first",
      `await Promise.all([repository.write_file(${OTHER}), repository.write_file(${CALL})]);`,
    ],
    [
      "records its own result",
      `await codemode.__stepRecord(1, { path: "${TARGET}", version: 1 }); return 1;`,
    ],
  ])("and %s has written nothing", async (_, rest) => {
    const done = await approveAttack(`${FIRST_PASS} if (!first) { ${rest} } else { ${WRITE} }`);
    expect(done).toMatchObject({ status: "failed", outcome: { status: "not_run" }, due: null });
    await expectWritten(done.run, {});
  });

  it.each([
    ["swallows that and goes on", `await repository.write_file(${OTHER}).catch(() => 0); ${WRITE}`],
    [
      "swallows a lost place and asks for it all again",
      `await workspace.read_notes({}).catch(() => 0); for (let i = 0; i < 9; i += 1) { try { ${WRITE} } catch {} }`,
    ],
  ])("and %s has written nothing either", async (_, rest) => {
    const done = await approveAttack(`${FIRST_PASS} if (!first) { ${rest} } else { ${WRITE} }`);
    expect(done.status).toBe("failed");
    await expectWritten(done.run, {});
  });
});

describe("two gated calls at once", () => {
  const TWO = [CALL, `{ path: "second.md", content: "second", before: null }`];
  const both = TWO.map((args) => `repository.write_file(${args})`).join(", ");

  it.each([
    ["under Promise.all", `await Promise.all([${both}]);`],
    ["under Promise.allSettled", `await Promise.allSettled([${both}]);`],
    [
      "unawaited",
      `[${both}].map((call) => call.catch(() => 0)); await workspace.read_notes({}).catch(() => 0);`,
    ],
    [
      "behind slow reads",
      `await Promise.all([browser.run_checkout({}), ${both}, browser.run_checkout({})]);`,
    ],
  ])("are written one by one, each by its own approval: %s", async (_, body) => {
    const first = await approveAttack(body);
    expect(first).toMatchObject({ status: "awaiting_decision", pending: { path: "second.md" } });
    await expectWritten(first.run, { [TARGET]: APPROVED });
    expect(await decided(first, "approve")).toMatchObject({ status: "completed", due: null });
    await expectWritten(first.run, { [TARGET]: APPROVED, "second.md": "second" });
  });

  it("of the same arguments are one write", async () => {
    const done = await approveAttack(
      `await Promise.allSettled([1, 2, 3].map(() => repository.write_file(${CALL})));`,
    );
    expect(done).toMatchObject({ status: "completed", due: null });
    await expectWritten(done.run, { [TARGET]: APPROVED });
  });
});

describe("a write that was made", () => {
  it.each([
    ["throws after it", `${WRITE} throw new Error("nothing was written");`],
    [
      "throws what is no error",
      `${WRITE} throw { message: { toString: () => "x" }, get stack() { throw 1; } };`,
    ],
    [
      "does not wait for it",
      `repository.write_file(${CALL}).catch(() => 0); await workspace.read_notes({}).catch(() => 0); return "nothing";`,
    ],
    [
      "answers a stub",
      `${WRITE} const { RpcTarget } = await import("cloudflare:workers"); return new (class extends RpcTarget { get summary() { return "x"; } })();`,
    ],
    ["ends the process after it", `${WRITE} process.exit(1);`],
    [
      "leaves a rejection behind",
      `${WRITE} Promise.reject(new Error("late")); setTimeout(() => { throw 1; }, 5); return 1;`,
    ],
  ])("is told as made when the script %s", async (_, body) => {
    const done = await approveAttack(body);
    expect(done).toMatchObject({ status: "completed", due: null });
    expect((await newest(done.run, "execution"))?.predicate).toMatchObject({
      status: "executed",
      written: true,
    });
    await expectWritten(done.run, { [TARGET]: APPROVED });
  });

  it("is not made by a script that was rejected, however it goes on", async () => {
    const view = await attack(
      bodies({
        propose: `for (;;) { try { ${WRITE} } catch {} await new Promise((r) => setTimeout(r, 5)); if (globalThis.n = (globalThis.n ?? 0) + 1, n > 20) return; }`,
      }),
    );
    expect(await decided(view, "reject")).toMatchObject({ status: "rejected", due: null });
    await expectWritten(view.run, {});
  });
});
