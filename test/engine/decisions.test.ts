// Decisions of several reviewers, in roles, in time and with edits: nothing is done before every approval is there.
import { describe, expect, it } from "vitest";
import type { TrustPolicy } from "../../src/chain/index.ts";
import { ownFlags, switcher } from "./flag-domains.ts";
import { inRun, verified } from "./in-run.ts";
import { type TestRun, trusting } from "./worker.ts";

const open = { notBefore: null, notAfter: null };
const reviewer = (id: string, ...roles: string[]): TrustPolicy["reviewers"][number] => ({
  id,
  roles: roles.map((role) => ({ role, ...open })),
  keys: [],
});
const trust = trusting([reviewer("dora", "dev"), reviewer("oscar", "ops"), reviewer("both", "dev", "ops")]);
const approvals = [
  { role: "dev", count: 1 },
  { role: "ops", count: 1 },
];
const by = (id: string, role?: string) => ({ reviewer: { id, method: "test" }, ...(role && { role }) });
const isOn = async (run: TestRun) => (await run.engine()).context.own.contents().get("flag:new_pricing");

/** Inside a run that waits for a developer and an operator. */
function inTwoRoles(work: (run: TestRun) => Promise<void>, settings = {}): Promise<void> {
  return inRun(async (run) => {
    run.configure({ domain: ownFlags, planner: switcher, trust });
    run.create({ approvals, ...settings });
    expect(await run.drive()).toMatchObject({ for: "human" });
    await work(run);
  });
}

async function code(answer: ReturnType<TestRun["decide"]>): Promise<string> {
  const got = await answer;
  return got.ok ? "ok" : got.refusal.code;
}

describe("two approvals in two roles", () => {
  it.each([
    ["dora", "oscar"],
    ["oscar", "dora"],
  ])("have the call made once both are there, %s first", async (first, second) => {
    await inTwoRoles(async (run) => {
      expect(await code(run.decide("approve", by(first)))).toBe("ok");
      expect(await run.drive()).toMatchObject({ for: "human" });
      run.forget();
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(await isOn(run)).toBe(true);
      expect(await code(run.decide("approve", by(second)))).toBe("ok");
      expect(await run.drive()).toEqual({ for: "end" });
      expect(await isOn(run)).toBe(false);
      const said = await verified(run);
      expect(said.rounds[0]?.decisions.map(({ reviewer, role }) => [reviewer, role])).toEqual([
        [first, first === "dora" ? "dev" : "ops"],
        [second, second === "dora" ? "dev" : "ops"],
      ]);
      expect(said.rounds[0]?.execution?.status).toBe("executed");
    });
  });

  it("are not given by one person, nor twice in one role, nor by strangers", async () => {
    await inTwoRoles(async (run) => {
      expect(await code(run.decide("approve", by("both")))).toBe("ERR_ROLE");
      expect(await code(run.decide("approve", by("both", "dev")))).toBe("ok");
      expect(await code(run.decide("approve", by("both", "ops")))).toBe("ERR_APPROVALS");
      expect(await code(run.decide("approve", by("dora")))).toBe("ERR_APPROVALS");
      expect(await code(run.decide("approve", by("mallory")))).toBe("ERR_ROLE");
      expect(await code(run.decide("approve", by("mallory", "ops")))).toBe("ERR_ROLE");
      expect(await code(run.decide("approve", by("oscar", "dev")))).toBe("ERR_ROLE");
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(await isOn(run)).toBe(true);
    });
  });

  it("do nothing when they are half given and the time runs out", async () => {
    await inTwoRoles(async (run) => {
      await run.decide("approve", by("dora"));
      run.now = () => Date.now() + 3_600_001;
      expect(await code(run.decide("approve", by("oscar")))).toBe("ERR_DECISION_LATE");
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.rounds[0]?.execution?.status).toBe("withheld");
      expect(said.rounds[0]?.execution?.reason).toContain("Not all approvals came before");
      expect(said.outcome?.status).toBe("not_run");
      expect(await isOn(run)).toBe(true);
    });
  });

  it("do nothing when one of them rejects, who may have approved", async () => {
    await inTwoRoles(async (run) => {
      await run.decide("approve", by("dora"));
      expect(await code(run.decide("reject", by("dora")))).toBe("ok");
      expect(await code(run.decide("approve", by("oscar")))).toBe("ERR_DECISION_STALE");
      expect(await run.drive()).toEqual({ for: "end" });
      expect((await verified(run)).rounds[0]?.execution?.status).toBe("withheld");
      expect(await isOn(run)).toBe(true);
    });
  });

  it("start anew with a revision", async () => {
    await inTwoRoles(async (run) => {
      await run.decide("approve", by("dora"));
      await run.decide("request_changes", { ...by("oscar"), reason: "say why" });
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(await code(run.decide("approve", by("oscar")))).toBe("ok");
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(await isOn(run)).toBe(true);
    });
  });

  it("are not given by who started the run, or wrote the proposal, where they must be others", async () => {
    await inTwoRoles(
      async (run) => {
        const edit = { connector: "flags", method: "set", args: { flag: "new_pricing", on: null } };
        expect(await code(run.decide("request_changes", { ...by("oscar"), edit }))).toBe("ERR_EDIT");
        const fits = { ...edit, args: { flag: "other", on: true } };
        expect(await code(run.decide("request_changes", { ...by("oscar"), edit: fits }))).toBe("ok");
        await run.drive();
        expect(await code(run.decide("approve", by("oscar")))).toBe("ERR_REVIEWER");
        expect(await code(run.decide("approve", by("dora")))).toBe("ok");
      },
      { separateReviewer: true },
    );
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: switcher });
      run.create({ separateReviewer: true }, { startedBy: "alice" });
      await run.drive();
      expect(await code(run.decide("approve"))).toBe("ERR_REVIEWER");
      expect(await code(run.decide("reject"))).toBe("ok");
    });
  });
});

describe("a decision", () => {
  it("that is sent twice in the same words is one", async () => {
    await inTwoRoles(async (run) => {
      const [one, other] = await Promise.all([
        run.decide("approve", by("dora")),
        run.decide("approve", by("dora")),
      ]);
      expect(one.ok && other.ok && one.value.digest === other.value.digest).toBe(true);
      expect((await run.engine()).context.chain.all("decision")).toHaveLength(1);
    });
  });

  it("on what is no longer open is stale, and is told so", async () => {
    await inTwoRoles(async (run) => {
      const { round } = (await run.engine()).context.chain.state;
      const proposal = round?.proposal.digest;
      await run.decide("request_changes", { ...by("oscar"), reason: "say why" });
      await run.drive();
      if (!proposal) throw new Error("expected a proposal");
      expect(await code(run.decide("approve", { ...by("dora"), proposal }))).toBe("ERR_DECISION_STALE");
    });
  });

  it("on nobody's watch lets the proposal lapse", async () => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: switcher });
      run.create({ decisionSeconds: 1 });
      const waiting = await run.drive();
      expect(waiting).toMatchObject({ for: "human" });
      run.now = () => Date.now() + 1_001;
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.rounds[0]?.execution).toMatchObject({ status: "withheld" });
      expect(said.rounds[0]?.execution?.reason).toContain("Nobody decided before");
    });
  });
});

describe("an edit", () => {
  const flags = (args: unknown) => ({ connector: "flags", method: "set", args });

  it.each<[string, unknown]>([
    ["does not fit the schema", flags({ flag: "new_pricing", on: "yes" })],
    ["has a member too many", flags({ flag: "new_pricing", on: true, force: true })],
    ["is the proposal's own call", flags({ flag: "new_pricing", on: false })],
    ["is another call", { connector: "flags", method: "get", args: { flag: "new_pricing" } }],
    ["is no plain JSON", flags({ flag: "new_pricing", on: new Date() })],
    ["has an empty resource", flags({ flag: "\ud800", on: true })],
    ["has no arguments", flags(undefined)],
  ])("that %s is refused, and signs nothing", async (_, edit) => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: switcher });
      run.create();
      await run.drive();
      expect(await code(run.decide("request_changes", { edit: edit as never }))).toBe("ERR_EDIT");
      expect((await run.engine()).context.chain.all("decision")).toEqual([]);
      expect(await code(run.decide("approve", { edit: flags({ flag: "b", on: true }) }))).toBe("ERR_EDIT");
      expect((await run.engine()).context.chain.all("decision")).toEqual([]);
    });
  });

  it("can be sent back in its turn, with words or with another edit", async () => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: switcher });
      run.create();
      await run.drive();
      await run.decide("request_changes", { edit: flags({ flag: "b", on: true }), reason: "rather b" });
      await run.drive();
      await run.decide("request_changes", { edit: flags({ flag: "c", on: true }) });
      await run.drive();
      await run.decide("request_changes", { reason: "no, as it was" });
      expect(await run.drive()).toMatchObject({ for: "human" });
      const { round } = (await run.engine()).context.chain.state;
      expect(round?.proposal.statement.predicate).toMatchObject({
        revision: 4,
        author: { kind: "agent", id: "switcher" },
        feedback: { text: "no, as it was" },
      });
      await run.decide("approve");
      await run.drive();
      const { rounds } = await verified(run);
      expect(rounds.map(({ action, execution }) => [action.args, execution?.status])).toEqual([
        [{ flag: "new_pricing", on: false }, "withheld"],
        [{ flag: "b", on: true }, "withheld"],
        [{ flag: "c", on: true }, "withheld"],
        [{ flag: "new_pricing", on: false }, "executed"],
      ]);
    });
  });

  it("is executed as the reviewer wrote it, with no script to hand the result to", async () => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: switcher });
      run.create();
      await run.drive();
      await run.decide("request_changes", { edit: flags({ flag: "b", on: true }) });
      await run.drive();
      run.forget();
      await run.decide("approve");
      await run.drive();
      expect((await run.engine()).context.own.contents().get("flag:b")).toBe(true);
      expect(await isOn(run)).toBe(true);
      expect((await verified(run)).rounds[1]?.execution).toEqual({ status: "executed", reason: "" });
    });
  });
});
