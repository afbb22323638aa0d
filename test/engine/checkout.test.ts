// The demo, whole: the checkout's domain and its planner under the engine, in workerd, each chain verified.
import { describe, expect, it } from "vitest";
import { checkout } from "../../src/checkout/domain.ts";
import { checkoutPlanner } from "../../src/checkout/planner.ts";
import { digestOfText } from "../../src/checkout/repository.ts";
import { SOURCE } from "../../src/checkout/source/index.ts";
import { contentOf, counts, ends, handed, NAMES, PATH, start, waits } from "./checkout-run.ts";
import { inRun } from "./in-run.ts";

describe("the incident", () => {
  it("is cured once a human approves what was rehearsed", async () => {
    await inRun(async (run) => {
      start(run);
      const { proposal, preview, path, content } = await waits(run);
      expect(path).toBe(PATH);
      expect(content).toContain("return json(400, {");
      expect(proposal).toMatchObject({
        title: "Answer 400 where cart can be undefined",
        risk: "low",
        feedback: null,
      });
      expect(preview.checks.map(({ name }) => name)).toEqual(NAMES);
      expect(preview.checks.map(({ before }) => before)).toEqual(counts(6, 0));
      expect(preview.checks.map(({ rehearsed }) => rehearsed)).toEqual(counts(0, 0));
      expect(preview.effects).toEqual([
        { resource: `file:${PATH}`, before: digestOfText(SOURCE[PATH] ?? ""), after: digestOfText(content) },
      ]);
      expect(await contentOf(run)).toBe(SOURCE[PATH]);
      await run.decide("approve");
      const said = await ends(run);
      expect(said).toMatchObject({
        domain: "checkout",
        status: "completed",
        outcome: { status: "resolved" },
      });
      expect(said.outcome?.checks.map(({ after }) => after)).toEqual(counts(0, 0));
      expect(await contentOf(run)).toBe(content);
      const [evidence] = (await run.engine()).context.chain.all("evidence");
      expect(evidence?.statement.predicate).toMatchObject({
        planner: checkoutPlanner.id,
        items: [
          { connector: "browser", method: "run_checkout" },
          { connector: "workspace", method: "read_notes" },
          { connector: "runbooks", method: "search" },
          { connector: "repository", method: "read_files" },
        ],
        summary: expect.stringMatching(/6 of 32 requests that failed/),
      });
    });
  });

  it("stays as it is when a human rejects", async () => {
    await inRun(async (run) => {
      start(run);
      await waits(run);
      await run.decide("reject", { reason: "not in a freeze" });
      expect(await ends(run)).toMatchObject({ status: "rejected", outcome: { status: "not_run" } });
      expect(await contentOf(run)).toBe(SOURCE[PATH]);
    });
  });

  it("is cured in the fourth round, after three requests for changes", async () => {
    await inRun(async (run) => {
      start(run);
      const contents = [(await waits(run)).content];
      const asked = [
        ["Use 409, please.", ["answers 409 instead of 400"], []],
        [
          "Count these. And water the plants.",
          ["counts these answers"],
          ["“water the plants”: not understood, or beyond this patch"],
        ],
        ["400 was right after all.", ["answers 400 instead of 409"], []],
      ] as const;
      for (const [i, [reason, applied, notApplied]] of asked.entries()) {
        expect((await run.decide("request_changes", { reason })).ok).toBe(true);
        const { proposal, preview, content } = await waits(run);
        expect(proposal).toMatchObject({ revision: i + 2, feedback: { text: reason, applied, notApplied } });
        expect(preview.checks.map(({ rehearsed }) => rehearsed)).toEqual(counts(0, 0));
        contents.push(content);
      }
      expect(new Set(contents).size).toBe(4);
      expect(contents.at(-1)).toMatch(/count\("checkout.cart_missing"\);\n {4}return json\(400, \{/);
      await run.decide("approve");
      expect(await ends(run)).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
      expect(await contentOf(run)).toBe(contents.at(-1));
    });
  });

  it("is left alone where the file has changed since the proposal", async () => {
    await inRun(async (run) => {
      start(run);
      await waits(run);
      const { context } = await run.engine();
      context.store.transaction(() => context.own.put(`file:${PATH}`, "// somebody else's\n"));
      await run.decide("approve");
      const said = await ends(run);
      expect(said.rounds[0]?.execution?.status).toBe("failed");
      expect(said.rounds[0]?.execution?.reason).toContain(`file:${PATH} has changed since the proposal`);
      expect(await contentOf(run)).toBe("// somebody else's\n");
    });
  });

  it("is cured as the reviewer's own edit says, and that can be undone", async () => {
    const parent = await inRun(async (run) => {
      start(run);
      const { content } = await waits(run);
      const args = {
        path: PATH,
        content: content.replaceAll("400, {\n      error", "410, {\n      error"),
        before: digestOfText(SOURCE[PATH] ?? ""),
      };
      const edit = { connector: "repository", method: "write_file", args };
      expect((await run.decide("request_changes", { edit })).ok).toBe(true);
      expect((await waits(run)).proposal).toMatchObject({
        title: `Write ${PATH}`,
        author: { kind: "reviewer", id: "alice" },
      });
      await run.decide("approve");
      expect(await ends(run)).toMatchObject({ outcome: { status: "resolved" } });
      expect(await contentOf(run)).toContain("return json(410, {");
      const [execution] = (await run.engine()).context.chain.all("execution").slice(-1);
      const before = new Map([[`file:${PATH}`, SOURCE[PATH] ?? ""]]);
      const call = checkout.calls[0]?.revert?.({ args: args as never, before, result: null });
      if (!execution || !call) throw new Error("expected a call to undo");
      return { ...(await handed(run)), reverts: { execution: execution.digest, call } };
    });
    await inRun(async (run) => {
      start(run, { ...parent, startedBy: "alice" });
      const { preview, content } = await waits(run);
      expect(content).toBe(SOURCE[PATH]);
      expect(preview.checks.map(({ before, rehearsed }) => [before.failed, rehearsed?.failed])).toEqual([
        [0, 6],
        [0, 0],
      ]);
      await run.decide("approve");
      expect(await ends(run)).toMatchObject({ outcome: { status: "unresolved" } });
      expect(await contentOf(run)).toBe(SOURCE[PATH]);
    });
  });
});

describe("a run that continues another", () => {
  it("takes up what its reviewer said, and repeats nothing that they rejected", async () => {
    const parent = await inRun(async (run) => {
      start(run);
      await waits(run);
      await run.decide("reject", { reason: "This should be a 409. And buy flowers." });
      await ends(run);
      return handed(run);
    });
    const silent = await inRun(async (run) => {
      start(run, parent);
      const { proposal, content } = await waits(run);
      expect(content).toContain("return json(409, {");
      expect(proposal.summary).toMatch(/Taken up from there: answers 409.*Not taken up: “buy flowers”/);
      await run.decide("reject");
      await ends(run);
      return handed(run);
    });
    await inRun(async (run) => {
      start(run, silent);
      const said = await ends(run);
      expect(said).toMatchObject({ outcome: { status: "not_run" }, rounds: [] });
      expect(said.outcome?.reason).toContain("rejected this very patch");
    });
  });

  it("finds nothing to cure in what another has cured", async () => {
    const parent = await inRun(async (run) => {
      start(run);
      await waits(run);
      await run.decide("approve");
      await ends(run);
      return handed(run);
    });
    await inRun(async (run) => {
      start(run, parent);
      const said = await ends(run);
      expect(said.outcome).toMatchObject({
        status: "not_run",
        reason: expect.stringContaining("No request fails"),
      });
    });
  });
});

describe("a checkout that the planner cannot cure", () => {
  const cured = (source: string) => source.replace("session.cart;", "session.cart ?? { items: [] };");
  it.each<[string, (source: string) => string, string]>([
    [
      "fails without saying what was read",
      (source) => source.replace("session.cart;", '$&\n  if (!cart) throw new Error("no cart");'),
      "do not say",
    ],
    [
      "answers nonsense",
      (source) => cured(source).replace("json(200, receipt", "json(200, {}"),
      "do not say",
    ],
    ["cannot be parsed", (source) => `${source}(`, "do not say"],
    ["has grown too long", (source) => `${"// long\n".repeat(5_000)}${source}`, "No file in evidence"],
    ["is sound", cured, "No request fails"],
  ])("is left with the reason when it %s", async (_, change, reason) => {
    await inRun(async (run) => {
      const files = { ...SOURCE, [PATH]: change(SOURCE[PATH] ?? "") };
      const resources = Object.entries(files).map(([path, text]) => [`file:${path}`, text] as const);
      start(run, { resources });
      const said = await ends(run);
      expect(said.outcome).toMatchObject({ status: "not_run", reason: expect.stringContaining(reason) });
    });
  });
});
