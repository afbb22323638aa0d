// Runs as the index lists them, one of every state: for tests and pictures of the desk.
import type { ListedRun } from "../../src/host/run-index.ts";

const tally = (failed: number, total = 32) => ({ total, failed });

/** An instant so many minutes from another. */
export function minutesFrom(now: string, minutes: number): string {
  return new Date(Date.parse(now) + minutes * 60_000).toISOString();
}

/** A run that waits for a decision, with changes. */
export function listed(now: string, run: string, changes: Partial<ListedRun> = {}): ListedRun {
  return {
    run,
    domain: "flags",
    status: "awaiting_decision",
    head: null,
    count: 4,
    createdAt: minutesFrom(now, -8),
    alert: "Checkout is answering 5xx",
    proposal: {
      title: "Answer 400 when a session has no cart",
      call: "repository.write_file",
      resources: ["file:src/checkout.js"],
      revision: 1,
      risk: "low",
    },
    expiresAt: minutesFrom(now, 52),
    given: [],
    missing: [{ role: "reviewer", count: 1 }],
    decided: null,
    outcome: null,
    links: { self: `/api/runs/${run}`, page: `/runs/${run}` },
    ...changes,
  };
}

function ended(now: string, run: string, changes: Partial<ListedRun>): ListedRun {
  const rest = { expiresAt: null, missing: [], createdAt: minutesFrom(now, -60 * run.length) };
  return listed(now, run, { ...rest, decided: { decision: "approve", by: "alice" }, ...changes });
}

function outcome(
  status: "resolved" | "unresolved" | "unmeasured" | "not_run",
  after: number | null,
  reason = "",
) {
  const check = { name: "requests that fail", before: tally(6), after: after === null ? null : tally(after) };
  return { status, reason, checks: [check] };
}

/** Runs that wait, those that do not, and those of somebody who means harm. */
export function entries(now: string) {
  const waiting = [
    listed(now, "run-840ab3c2", {}),
    listed(now, "run-5512fe90", {
      alert: "Carts are priced wrong",
      proposal: {
        title: "Switch new_pricing off",
        call: "flags.set",
        resources: ["flag:new_pricing", "flag:old_pricing"],
        revision: 2,
        risk: "high",
      },
      expiresAt: minutesFrom(now, 3),
      given: [{ role: "operator", reviewer: "alice", signed: "webauthn" }],
      missing: [
        { role: "reviewer", count: 1 },
        { role: "security", count: 1 },
      ],
    }),
    listed(now, "run-77aa0b1c", {
      proposal: {
        title: "Open a pull request",
        call: "github.create_pull_request",
        resources: [],
        revision: 1,
        risk: "medium",
      },
      missing: [],
    }),
  ];
  const others = [
    ended(now, "run-1a", { status: "completed", outcome: outcome("resolved", 0) }),
    ended(now, "run-2bb", { status: "completed", outcome: outcome("unresolved", 32) }),
    ended(now, "run-3ccc", { status: "completed", outcome: outcome("unmeasured", null) }),
    ended(now, "run-4dddd", {
      status: "rejected",
      decided: { decision: "reject", by: "alice" },
      outcome: outcome("not_run", null),
    }),
    ended(now, "run-5eeeee", { status: "expired", decided: null, outcome: outcome("not_run", null) }),
    ended(now, "run-6ffffff", {
      status: "failed",
      outcome: outcome("not_run", null, "src/checkout.js has changed since the proposal"),
    }),
    ended(now, "run-7ggggggg", { status: "unknown", outcome: outcome("unmeasured", null) }),
    ended(now, "run-8hhhhhhhh", {
      status: "failed",
      unopenable: "ERR_RUN_VERSION",
      outcome: null,
      decided: null,
    }),
    listed(now, "run-9i", { status: "investigating", proposal: null, expiresAt: null, missing: [] }),
    ended(now, "run-0j", { status: "executing" }),
  ];
  const hostile = [
    listed(now, "run-hostile1", {
      alert: `a${"\u0301".repeat(200)}b \u202egnp.exe  two  spaces ${"long".repeat(60)}`,
      proposal: {
        title: `W${"i".repeat(200)}de \u202etitle\u2066 ${"\u200b".repeat(50)}`,
        call: "x".repeat(100),
        resources: [`file:../ ${"deep/".repeat(150)}`, "b", "c"],
        revision: 999,
        risk: "high",
      },
      given: [{ role: "reviewer", reviewer: "\u202eeve\n".repeat(20), signed: null }],
      missing: [{ role: "\u202ereviewer and much longer name here", count: 20 }],
    }),
  ];
  return { waiting, others, hostile };
}
