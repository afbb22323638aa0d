// Every state that a run's page can be in, by name: what pictures are taken of and what the checks of every page go through.
import type { RunStory } from "../../src/host/run-story.ts";
import { AFTER, BEFORE, GUARD, side, textEffect } from "./content.ts";
import { measured, story } from "./stories.ts";

const APPROVED = {
  decisions: [{ decision: "approve" as const }],
  execution: { status: "executed" as const },
};
const revised = AFTER.replace("Start a new cart, then try again.", "Start a new cart.").replace(
  "return json(400, {",
  "return json(404, {",
);
const feedback = {
  text: "Answer 404 instead of 400, and shorten the message",
  applied: ["The answer is 404 now"],
  notApplied: [],
};
const flags = {
  connector: "flags",
  method: "set",
  title: "Switch new_pricing off",
  summary: "Carts are priced wrong since new_pricing is on.",
  args: { flag: "new_pricing", on: false },
  effects: [{ resource: "flag:new_pricing", before: side(true), after: side(false) }],
  code: `async () => {\n  const result = await flags.set({ flag: "new_pricing", on: false });\n  return { result };\n}`,
  checks: [
    { name: "carts priced wrong", before: { total: 4, failed: 3 }, rehearsed: { total: 4, failed: 0 } },
  ],
};
const flagPolicy = {
  domain: "flags",
  rule: "A human approves every change of a flag.",
  effects: [
    {
      connector: "flags",
      method: "set",
      own: false,
      effects: [{ resource: "flag:{flag}", before: "read", after: "$on" }],
    },
  ],
};

export const SCENES: Readonly<Record<string, () => RunStory>> = {
  waiting: () => story(),
  "waiting-revision": () =>
    story({
      rounds: [
        { decisions: [{ decision: "request_changes", reason: feedback.text }] },
        {
          title: "Answer 404 when a session has no cart",
          feedback,
          effects: [textEffect("file:src/checkout.js", BEFORE, revised)],
          args: { path: "src/checkout.js", content: revised, before: "sha256:0" },
        },
      ],
    }),
  "waiting-flag": () =>
    story({ title: "Carts are priced wrong", rounds: [flags], policy: flagPolicy, suggestions: [] }),
  "waiting-several": () =>
    story({
      rounds: [
        {
          title: "Move the guard into a module of its own",
          connector: "repository",
          method: "write_files",
          args: { message: "Guard carts", force: true },
          effects: [
            textEffect("file:src/checkout.js", BEFORE, AFTER),
            textEffect(
              "file:src/guard.js",
              null,
              `export const guard = (cart) => cart?.items !== undefined;\n`,
            ),
            textEffect("file:src/old-guard.js", GUARD, null),
            {
              resource: "settings:checkout",
              before: side({ retries: 1, guard: false }),
              after: side({ retries: 3, guard: true, note: "guarded" }),
            },
            {
              resource: "release:latest",
              before: { digest: "unknown", value: null },
              after: { digest: null, value: null },
            },
          ],
          risk: "medium",
        },
      ],
    }),
  "waiting-plan": () =>
    story({
      title: "The orders database is 91 % full",
      rounds: [
        {
          title: "Delete orders of closed accounts",
          connector: "sql",
          method: "run",
          args: {
            statement: "DELETE FROM orders WHERE account IN (SELECT id FROM accounts WHERE closed)",
            limit: 5000,
          },
          effects: [],
          plan: "DELETE FROM orders …\n  Scan accounts (closed)      812 rows\n  Search orders (account)  4 102 rows\n  would delete             4 102 rows, 71 MB\n",
          checks: [],
          risk: "high",
          code: null,
          author: { kind: "reviewer", id: "bob" },
        },
      ],
      policy: { domain: "sql", effects: [], rule: "A human approves every statement that writes." },
    }),
  "waiting-approvals": () =>
    story({
      rounds: [
        {
          decisions: [
            {
              decision: "approve",
              role: "operator",
              reviewer: { id: "alice", method: "token" },
              assertion: "webauthn",
              listed: true,
            },
          ],
          missing: [
            { role: "operator", count: 1 },
            { role: "security", count: 1 },
          ],
        },
      ],
      policy: {
        approvals: [
          { role: "operator", count: 2 },
          { role: "security", count: 1 },
        ],
        reviewerKey: "present",
      },
    }),
  working: () => story({ rounds: [], status: "investigating", due: "proposal" }),
  executing: () =>
    story({ rounds: [{ decisions: [{ decision: "approve" }] }], status: "executing", due: "execution" }),
  fixed: () => story({ rounds: [{ ...APPROVED }], outcome: { checks: measured(0, 0) } }),
  worse: () =>
    story({ rounds: [{ ...APPROVED }], outcome: { status: "unresolved", checks: measured(32, 16) } }),
  better: () =>
    story({ rounds: [{ ...APPROVED }], outcome: { status: "unresolved", checks: measured(2, 0) } }),
  same: () => story({ rounds: [{ ...APPROVED }], outcome: { status: "unresolved", checks: measured(6, 0) } }),
  unmeasured: () =>
    story({
      rounds: [{ ...APPROVED }],
      outcome: {
        status: "unmeasured",
        checks: measured(null, null),
        reason: "What came of it could not be measured: no answer in 30 s",
      },
    }),
  rejected: () =>
    story({
      rounds: [{ decisions: [{ decision: "reject", reason: "Not in a freeze" }], execution: {} }],
      status: "rejected",
      outcome: { status: "not_run", checks: measured(null, null) },
    }),
  expired: () =>
    story({
      rounds: [{ decisions: [], execution: { status: "withheld", reason: "Nobody decided before 08:52." } }],
      status: "expired",
      outcome: { status: "not_run", checks: measured(null, null) },
    }),
  "not-done": () =>
    story({
      rounds: [
        {
          ...APPROVED,
          execution: { status: "failed", reason: "file:src/checkout.js has changed since the proposal" },
        },
      ],
      status: "failed",
      outcome: { status: "not_run", checks: measured(null, null) },
    }),
  unknown: () =>
    story({
      rounds: [
        {
          ...flags,
          ...APPROVED,
          execution: { status: "unknown", reason: "The call was sent, and no answer came within 600 s." },
        },
      ],
      policy: flagPolicy,
      status: "unknown",
      outcome: { status: "unmeasured", checks: [] },
    }),
  nothing: () =>
    story({
      rounds: [],
      status: "failed",
      outcome: {
        status: "not_run",
        checks: measured(null, null),
        reason: "No file in evidence reads “items” where a guard could answer.",
      },
    }),
  "sent-back": () =>
    story({
      rounds: [
        {},
        {
          decisions: [{ decision: "request_changes", reason: "Do it in Rust" }],
          execution: { status: "withheld" },
        },
      ],
      status: "failed",
      outcome: {
        status: "not_run",
        checks: measured(null, null),
        reason: "The agent understood none of the words.",
      },
      lineage: { continuedBy: [{ run: "run-1111", notedAt: "2026-11-29T09:00:00.000Z" }] },
    }),
  hostile: () => hostile(),
};

const CONTROLS = Array.from({ length: 32 }, (_, i) => String.fromCharCode(i)).join("");
const HEAP = `a${"\u0301".repeat(400)}`;
const REORDERED = "\u202Ereversed\u202C \u2066isolated";

/** A domain that means harm: 1 MB of arguments, a hundred effects, names of marks and controls, a plan of control characters. */
function hostile(): RunStory {
  const long = Array.from({ length: 10_000 }, (_, i) => `line ${i} ${REORDERED}`).join("\n");
  const effects = Array.from({ length: 100 }, (_, i) =>
    textEffect(
      `file:${HEAP} ${"\n ".repeat(9)}${REORDERED} ${i}`,
      i === 0 ? long : `old ${i}\u200b\n`,
      i === 0 ? long.replaceAll("line", "row") : `new ${i} ${HEAP}\n`,
    ),
  );
  return story({
    title: `${REORDERED} ${HEAP} ${CONTROLS}`.slice(0, 300),
    rounds: [
      {
        title: `${HEAP.slice(0, 90)} ${REORDERED}`,
        summary: `${CONTROLS}${HEAP}${REORDERED} `.repeat(7).slice(0, 4000),
        effects,
        args: { path: HEAP, content: "x\u202e".repeat(300_000), other: CONTROLS.repeat(9_000) },
        plan: CONTROLS.repeat(20_000),
        code: `async () => {\n${"\u200b".repeat(200_000)}\n await repository.write_file({})\n}`,
        checks: Array.from({ length: 50 }, (_, i) => ({
          name: `${i} ${HEAP.slice(0, 90)}`,
          before: { total: 9_000_000, failed: 8_000_000 },
          rehearsed: null,
        })),
      },
    ],
  });
}
