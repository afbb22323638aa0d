// What a run's state says of itself, after every receipt of every scenario: what is due, its status, its view and its gate.
import { describe, expect, it } from "vitest";
import {
  approvalAtHead,
  closedGate,
  EMPTY,
  gateOf,
  nextStep,
  RUN_STATUSES,
  runStatus,
  runView,
} from "../../src/chain/index.ts";
import { SIGNER_OF, subjectDigest } from "../../src/receipt/index.ts";
import { SCENARIOS, type ScenarioName } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";
import { openChain } from "./open-chain.ts";

/** A round as `due status` after its proposal, preview, decision; what follows its execution is the next entry. */
const SEEK = "proposal investigating";
const ROUND = ["preview investigating", "decision awaiting_decision"];
const DECIDED = "execution executing";
const SENT_BACK = "execution investigating";
const BEGIN = ["alert investigating", "evidence investigating", SEEK];
const SUM_UP = ["outcome executing", "handoff executing"];

/** `due status` after 0, 1, 2, … receipts. */
const STORY: Readonly<Record<ScenarioName, readonly string[]>> = {
  approved: [...BEGIN, ...ROUND, DECIDED, ...SUM_UP, "- completed"],
  unresolved: [...BEGIN, ...ROUND, DECIDED, ...SUM_UP, "- completed"],
  recovered: [...BEGIN, ...ROUND, DECIDED, ...SUM_UP, "- completed"],
  rejected: [...BEGIN, ...ROUND, DECIDED, ...SUM_UP, "- rejected"],
  failed: [...BEGIN, ...ROUND, DECIDED, ...SUM_UP, "- failed"],
  expired: [...BEGIN, ...ROUND, ...SUM_UP, "- expired"],
  notRun: [...BEGIN, "handoff executing", "- failed"],
  revisedOnce: [...BEGIN, ...ROUND, SENT_BACK, SEEK, ...ROUND, DECIDED, ...SUM_UP, "- completed"],
  revisedTwice: [
    ...BEGIN,
    ...[...ROUND, SENT_BACK, SEEK],
    ...[...ROUND, SENT_BACK, SEEK],
    ...[...ROUND, DECIDED, ...SUM_UP, "- completed"],
  ],
  revisedThenRejected: [...BEGIN, ...ROUND, SENT_BACK, SEEK, ...ROUND, DECIDED, ...SUM_UP, "- rejected"],
  revisedThenNothing: [...BEGIN, ...ROUND, SENT_BACK, SEEK, "handoff executing", "- failed"],
  revisedThenExpired: [...BEGIN, ...ROUND, SENT_BACK, SEEK, ...ROUND, ...SUM_UP, "- expired"],
  twoWrites: [...BEGIN, ...ROUND, DECIDED, SEEK, ...ROUND, DECIDED, ...SUM_UP, "- completed"],
  secondWriteRejected: [...BEGIN, ...ROUND, DECIDED, SEEK, ...ROUND, DECIDED, ...SUM_UP, "- rejected"],
  secondWriteRevised: [
    ...BEGIN,
    ...[...ROUND, DECIDED, SEEK],
    ...[...ROUND, SENT_BACK, SEEK],
    ...[...ROUND, DECIDED, ...SUM_UP, "- completed"],
  ],
  moreButNothing: [...BEGIN, ...ROUND, DECIDED, SEEK, "handoff executing", "- completed"],
};

const stories = Object.entries(STORY).map(([name, story]) => {
  const scenario = Object.entries(SCENARIOS).find(([each]) => each === name)?.[1];
  if (!scenario) throw new Error(`expected a scenario, got ${name}`);
  return { name, story, scenario };
});

describe("nextStep and runStatus", () => {
  it.each(stories)("tell the story of $name", async ({ story, scenario }) => {
    const { states } = await openChain(scenario);
    expect(states.map((state) => `${nextStep(state)?.kind ?? "-"} ${runStatus(state)}`)).toEqual(story);
    for (const state of states) expect(RUN_STATUSES).toContain(runStatus(state));
  });

  it.each(stories)("name the role that signs each step of $name", async ({ scenario }) => {
    const { states, receipts } = await openChain(scenario);
    for (const state of states) {
      const step = nextStep(state);
      if (state.last === "handoff" || !step) expect([state.last, step]).toEqual(["handoff", null]);
      else expect(step.by).toBe(SIGNER_OF[step.kind]);
      if (step?.kind === "decision") {
        const preview = receipts[state.count - 1];
        expect(preview?.kind === "preview" && preview.statement.predicate.expiresAt).toBe(step.expiresAt);
      }
    }
  });
});

describe("the fold", () => {
  it.each(stories)("counts and links $name", async ({ scenario }) => {
    const { states, receipts } = await openChain(scenario);
    for (const [count, state] of states.entries()) {
      const last = receipts[count - 1];
      expect([state.count, state.head, state.last]).toEqual([
        count,
        last?.digest ?? null,
        last?.kind ?? null,
      ]);
      expect(state.run).toBe(count === 0 ? null : "run-1");
      expect(state.issuedAt).toBe(last?.statement.predicate.issuedAt ?? null);
    }
  });

  it("remembers of each ended round its execution, the decision answered and what was written", async () => {
    const { states, receipts } = await openChain(SCENARIOS.secondWriteRevised);
    const { ended, written } = states.at(-1) ?? EMPTY;
    const [first, second, third] = receipts.flatMap(({ kind, digest }) =>
      kind === "decision" ? [digest] : [],
    );
    const change = { path: "src/checkout.js" };
    expect(ended).toMatchObject({
      execution: "exec-2",
      decision: third,
      changes: [change],
      before: {
        execution: "exec-1",
        decision: second,
        changes: [],
        before: { execution: "exec-1", decision: first, changes: [change], before: null },
      },
    });
    expect(written).toBe(true);
  });

  it("forgets nothing of a write when a later call is withheld", async () => {
    const { states } = await openChain(SCENARIOS.secondWriteRejected);
    expect(states.at(-1)).toMatchObject({ written: true, ended: { before: { before: null } } });
  });
});

describe("gateOf", () => {
  it.each(stories)(
    "allows the write of $name exactly when an unanswered approval is at the head",
    async (each) => {
      const { states, receipts } = await openChain(each.scenario);
      for (const state of states) {
        const head = receipts[state.count - 1];
        const approved = head?.kind === "decision" && head.statement.predicate.decision === "approve";
        const open = gateOf("run-1", state, () => false);
        expect(open).toMatchObject({
          run: "run-1",
          head: state.head,
          verified: true,
          due: nextStep(state)?.kind ?? null,
          allowsWrite: approved,
        });
        expect(approvalAtHead(state)?.digest ?? null).toBe(approved ? head.digest : null);
        expect(gateOf("run-1", state, () => true).allowsWrite).toBe(false);
        // Nor does a fence row of another decision close it.
        expect(gateOf("run-1", state, (digest) => digest !== state.head).allowsWrite).toBe(approved);
        const decision = state.round?.decision;
        expect(open.decision?.digest ?? null).toBe(decision?.digest ?? null);
        expect(open.decision?.decision).toBe(decision?.statement.predicate.decision);
      }
    },
  );

  it("allows nothing of a chain that does not verify", () => {
    expect(closedGate("run-1")).toEqual({
      run: "run-1",
      head: null,
      verified: false,
      due: null,
      allowsWrite: false,
      decision: null,
    });
  });
});

describe("runView", () => {
  const CREATED = "2026-11-23T05:30:00.000Z";

  it.each(stories)("shows of $name what is pending only while a decision is due", async ({ scenario }) => {
    const { states, artifacts } = await openChain(scenario);
    for (const state of states) {
      const view = runView("run-1", CREATED, state, artifacts);
      const due = nextStep(state)?.kind ?? null;
      expect(view).toMatchObject({
        run: "run-1",
        status: runStatus(state),
        head: state.head,
        count: state.count,
        createdAt: CREATED,
        due,
      });
      expect(view.pending !== null).toBe(due === "decision");
      expect(view.outcome !== null).toBe(state.outcome !== null);
    }
  });

  it("shows the open proposal, its preview and a diff of the signed bytes", async () => {
    const { states, receipts, artifacts } = await openChain(SCENARIOS.revisedOnce.slice(0, 8));
    const [proposal, preview] = receipts.slice(-2);
    if (proposal?.kind !== "proposal" || preview?.kind !== "preview") throw new Error("expected a round");
    const { pending } = runView("run-1", CREATED, states.at(-1) ?? EMPTY, artifacts);
    const [change] = preview.statement.predicate.changes;
    expect(pending).toEqual({
      proposal: proposal.digest,
      preview: preview.digest,
      action: `sha256:${subjectDigest(proposal.statement, "action")}`,
      revision: 2,
      summary: "Answer a session without a cart properly.",
      risk: "low",
      connector: "repository",
      method: "write_file",
      ...change,
      diff:
        "--- a/src/checkout.js\n+++ b/src/checkout.js\n@@ -1,1 +1,1 @@\n" +
        "-export const status = 500;\n+export const status = 402;\n",
      expiresAt: preview.statement.predicate.expiresAt,
    });
  });

  it("shows a new file as added from nothing", async () => {
    const scenario = amend(SCENARIOS.approved, 2, { path: "new.js", content: "1;\n" }).slice(0, 4);
    const { states, artifacts } = await openChain(scenario);
    const { pending } = runView("run-1", CREATED, states.at(-1) ?? EMPTY, artifacts);
    expect(pending).toMatchObject({ path: "new.js", before: null });
    expect(pending?.diff).toContain("@@ -0,0 +1,1 @@\n+1;\n");
  });

  it("shows no file for a call that changes none", async () => {
    const call = { connector: "pager", method: "page", args: {} };
    const { states, artifacts } = await openChain(amend(SCENARIOS.approved, 2, { call }).slice(0, 4), {
      policy: (value) => ({
        ...Object.fromEntries(Object.entries(value ?? {})),
        connector: "pager",
        method: "page",
      }),
    });
    const { pending } = runView("run-1", CREATED, states.at(-1) ?? EMPTY, artifacts);
    expect(pending).toMatchObject({ connector: "pager", path: null, before: null, after: null, diff: "" });
  });

  it("shows no pending proposal whose action is not at hand, rather than half of one", async () => {
    const { states } = await openChain(SCENARIOS.approved.slice(0, 4));
    expect(runView("run-1", CREATED, states.at(-1) ?? EMPTY, () => undefined).pending).toBeNull();
  });

  it("shows three lines around what changes, and no more", async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}\n`);
    const content = lines.with(10, "changed\n").join("");
    const scenario = amend(SCENARIOS.approved, 2, { path: "a.txt", content }).slice(0, 4);
    const { states, artifacts } = await openChain(scenario, { files: { "a.txt": lines.join("") } });
    const { pending } = runView("run-1", CREATED, states.at(-1) ?? EMPTY, artifacts);
    expect(pending?.diff).toBe(
      `--- a/a.txt\n+++ b/a.txt\n@@ -8,7 +8,7 @@\n${lines
        .slice(7, 14)
        .map((line, i) => (i === 3 ? `-${line}+changed\n` : ` ${line}`))
        .join("")}`,
    );
  });

  it("shows the outcome as it was measured", async () => {
    const { states, artifacts } = await openChain(SCENARIOS.unresolved);
    const { outcome } = runView("run-1", CREATED, states.at(-1) ?? EMPTY, artifacts);
    expect(outcome).toEqual({
      status: "unresolved",
      reason: "As measured.",
      before: { requests: 40, failed: 6, good: 30, goodFailed: 0 },
      after: { requests: 40, failed: 6, good: 30, goodFailed: 0 },
    });
  });

  it("links to everything of the run under its name", async () => {
    const { links } = runView("run-1", CREATED, EMPTY, () => undefined);
    expect(links).toEqual({
      self: "/api/runs/run-1",
      page: "/runs/run-1",
      receipts: "/api/runs/run-1/receipts",
      bundle: "/api/runs/run-1/bundle",
      gate: "/api/runs/run-1/gate",
      approve: "/api/runs/run-1/approve",
      reject: "/api/runs/run-1/reject",
      "request-changes": "/api/runs/run-1/request-changes",
      trust: "/.well-known/countersign.json",
    });
  });
});
