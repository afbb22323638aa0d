// Stories by hand: what a page is given, without a run behind it. Typed as runs tell them; the digests are of nothing.
import type { Json } from "../../src/domain/index.ts";
import type { RunStory, ToldDecision, ToldEffect, ToldRound } from "../../src/host/run-story.ts";
import type { Digest, Kind, Predicate } from "../../src/receipt/index.ts";
import { AFTER, artifact, at, BEFORE, CODE, digest, RUN, textEffect } from "./content.ts";
import { Tape } from "./tape.ts";

export type Checks = Predicate<"preview">["checks"];

export const CHECKS: Checks = [
  { name: "requests that failed", before: { total: 32, failed: 6 }, rehearsed: { total: 32, failed: 0 } },
  {
    name: "valid checkouts that failed",
    before: { total: 16, failed: 0 },
    rehearsed: { total: 16, failed: 0 },
  },
];

export interface RoundShape {
  readonly title?: string;
  readonly summary?: string;
  readonly risk?: "low" | "medium" | "high";
  readonly connector?: string;
  readonly method?: string;
  readonly args?: Json;
  readonly effects?: readonly ToldEffect[];
  readonly code?: string | null;
  readonly plan?: string | null;
  readonly checks?: Checks;
  readonly feedback?: Predicate<"proposal">["feedback"];
  readonly decisions?: readonly Partial<ToldDecision>[];
  readonly missing?: ToldRound["missing"];
  readonly execution?: Partial<Predicate<"execution">> | null;
  readonly author?: Predicate<"proposal">["author"];
  readonly isRevertible?: boolean;
}

export interface StoryShape {
  readonly title?: string;
  readonly status?: RunStory["view"]["status"];
  readonly due?: Kind | null;
  readonly rounds?: readonly RoundShape[];
  readonly outcome?: Partial<Predicate<"outcome">> | null;
  readonly policy?: Partial<NonNullable<RunStory["policy"]>>;
  readonly suggestions?: readonly string[];
  readonly lineage?: Partial<RunStory["lineage"]>;
  readonly notes?: Partial<RunStory["notes"]>;
}

const WRITE = { connector: "repository", method: "write_file" };

const POLICY: NonNullable<RunStory["policy"]> = {
  version: 2,
  domain: "checkout",
  rule: "A human approves every change of the checkout's source.",
  effects: [
    { ...WRITE, own: true, effects: [{ resource: "file:{+path}", before: "$before", after: "$content" }] },
  ],
  free: [],
  decisionSeconds: 3600,
  revisions: 6,
  approvals: [{ role: "reviewer", count: 1 }],
  separateReviewer: false,
  reviewerKey: "optional",
  logged: "no",
};

const CALLS = [
  ["browser", "run_checkout", {}, "Sent 32 requests to the checkout: 6 failed"],
  ["workspace", "read_notes", {}, "Read 5 notes of the team"],
  ["runbooks", "search", { query: "cart undefined 5xx" }, "Searched the runbooks: 3 pages found"],
  ["repository", "read_files", { paths: ["src/checkout.js", "src/cart.js"] }, "Read 7 source files"],
] as const;

export function story(shape: StoryShape = {}): RunStory {
  const tape = new Tape();
  const policy = { ...POLICY, ...shape.policy };
  const title = shape.title ?? "Checkout is answering 5xx";
  const alert = tape.add("alert", 0, {
    issuer: "http://localhost:8787",
    source: "desk",
    title,
    firedAt: at(0),
    startedBy: { id: "visitor", method: "open" },
    continues: null,
  });
  const evidence = tape.add("evidence", 33, {
    planner: "checkout-scripted-1",
    items: CALLS.map(([connector, method], i) => ({ name: `item-${i + 1}`, connector, method })),
    summary: "6 of 32 requests fail; all of them read items off a cart that is not there.",
    transcript: null,
  });
  const rounds = (shape.rounds ?? [{}]).map((round, i, all) => addRound(tape, round, i, all.length, policy));
  const outcome = shape.outcome
    ? tape.add("outcome", 41, {
        execution: rounds.at(-1)?.execution?.digest ?? null,
        status: "resolved",
        reason: "",
        checks: [],
        ...shape.outcome,
      })
    : null;
  const handoff = outcome && tape.add("handoff", 2, { outcome: outcome.digest });
  const last = rounds.at(-1);
  const due = shape.due === undefined ? (handoff ? null : "decision") : shape.due;
  const status = shape.status ?? (handoff ? "completed" : "awaiting_decision");
  return {
    view: {
      run: RUN,
      domain: "checkout",
      status,
      head: tape.receipts.at(-1)?.digest ?? null,
      count: tape.receipts.length,
      createdAt: at(0),
      due,
      pending: due === "decision" && last?.preview ? pendingOf(last) : null,
      outcome,
      links: { trust: "/.well-known/countersign.json", bundle: `/api/runs/${RUN}/bundle` },
    },
    issuer: alert.issuer,
    policy,
    startedBy: "visitor",
    alert: { ...alert, artifact: artifact(`{"source":"desk","title":${JSON.stringify(title)}}`) },
    evidence: [
      {
        ...evidence,
        code: artifact("async () => ({})"),
        calls: CALLS.map(([connector, method, args, line], i) => ({
          name: `item-${i + 1}`,
          digest: digest(`item-${i}`),
          ...{ connector, method, line },
          args: args as unknown as Json,
          result: { ok: true },
        })),
        told: null,
      },
    ],
    rounds,
    outcome: outcome && { ...outcome, report: null },
    handoff: handoff && {
      ...handoff,
      resources: { "file:src/checkout.js": digest(AFTER), "file:src/cart.js": digest("cart") },
    },
    receipts: tape.receipts,
    lineage: { run: RUN, ancestors: [], continuedBy: [], ...shape.lineage },
    notes: { resolved: null, repeated: null, ...shape.notes },
    logged: [],
    suggestions: shape.suggestions ?? ["Answer 404 instead of 400", "Say in a comment why"],
  };
}

function addRound(
  tape: Tape,
  shape: RoundShape,
  i: number,
  of: number,
  policy: NonNullable<RunStory["policy"]>,
): ToldRound {
  const { connector = WRITE.connector, method = WRITE.method } = shape;
  const args = shape.args ?? { path: "src/checkout.js", content: AFTER, before: digest(BEFORE) };
  const effects = shape.effects ?? [textEffect("file:src/checkout.js", BEFORE, AFTER)];
  const earlier = tape.receipts.findLast(({ kind }) => kind === "proposal")?.digest ?? null;
  const proposal = tape.add("proposal", 54, {
    author: shape.author ?? { kind: "agent", id: "checkout-scripted-1" },
    revision: i + 1,
    supersedes: i > 0 ? earlier : null,
    reverts: null,
    title: shape.title ?? "Answer 400 when a session has no cart",
    summary:
      shape.summary ??
      "Line 22 of src/checkout.js reads items off cart, which can be undefined. 6 of 32 probe requests fail, 6 of them with “Cannot read properties of undefined (reading 'items')”. The patch answers 400 with cart_missing before that line, as “A session without a cart” advises.",
    risk: shape.risk ?? "low",
    feedback: shape.feedback ?? null,
  });
  const code = shape.code === undefined ? CODE : shape.code;
  const preview = tape.add("preview", 0, {
    proposal: proposal.digest,
    execution: code === null ? null : { id: "execution-1", seq: 7 },
    effects: effects.map(({ resource, before, after }) => ({
      resource,
      before: before.digest,
      after: after.digest,
    })),
    plan: shape.plan ? digest(shape.plan) : null,
    checks: shape.checks ?? CHECKS,
    expiresAt: at(3_600_000),
  });
  const isLast = i === of - 1;
  const { decisions, execution } = endRound(tape, shape, isLast, {
    proposal: proposal.digest,
    preview: preview.digest,
  });
  const settled = decisions.at(-1)?.decision;
  const approved = decisions.filter(({ decision }) => decision === "approve").length;
  const [asked] = policy.approvals;
  return {
    proposal,
    preview,
    action: { connector, method, args, digest: digest({ connector, method, args }) },
    code: code === null ? null : artifact(code),
    effects,
    plan: planOf(shape),
    decisions,
    missing:
      shape.missing ?? (settled || !asked ? [] : [{ role: asked.role, count: asked.count - approved }]),
    execution: execution && {
      ...execution,
      result: execution.status === "executed" ? artifact("null") : null,
    },
    isRevertible: shape.isRevertible ?? execution?.status === "executed",
  };
}

const planOf = ({ plan }: RoundShape) => (plan ? artifact(plan) : null);

function endRound(tape: Tape, shape: RoundShape, isLast: boolean, of: { proposal: Digest; preview: Digest }) {
  const decisions = (
    shape.decisions ??
    (isLast ? [] : [{ decision: "request_changes" as const, reason: "Say what to do next" }])
  ).map((one) => {
    const decision = tape.add("decision", 92_000, {
      decision: "approve",
      ...of,
      reason: "",
      reviewer: { id: "alice", method: "token" },
      role: "reviewer",
      edit: null,
      assertion: null,
      ...one,
    } as Predicate<"decision">);
    return { ...decision, listed: one.listed ?? false };
  });
  const settled = decisions.at(-1)?.decision;
  const told =
    shape.execution === undefined ? (isLast ? null : { status: "withheld" as const }) : shape.execution;
  const execution =
    told &&
    tape.add("execution", 12, {
      decision: decisions.at(-1)?.digest ?? null,
      execution: null,
      status: settled === "approve" ? "executed" : "withheld",
      reason: "",
      more: false,
      recovered: false,
      ...told,
    });
  return { decisions, execution };
}

function pendingOf({ proposal, preview, action }: ToldRound): NonNullable<RunStory["view"]["pending"]> {
  if (!preview) throw new Error("expected a preview");
  return {
    proposal: proposal.digest,
    preview: preview.digest,
    action: action.digest,
    ...{
      author: proposal.author,
      revision: proposal.revision,
      title: proposal.title,
      summary: proposal.summary,
      risk: proposal.risk,
    },
    ...{
      connector: action.connector,
      method: action.method,
      args: action.args,
      effects: [],
      checks: preview.checks,
      plan: null,
    },
    approvals: { asked: [], given: [], missing: [] },
    expiresAt: preview.expiresAt,
  };
}

/** What the outcome says of the usual checks, with these failures after. */
export function measured(...after: readonly (number | null)[]): Predicate<"outcome">["checks"] {
  return CHECKS.map(({ name, before }, i) => {
    const failed = after[i] ?? null;
    return { name, before, after: failed === null ? null : { total: before.total, failed } };
  });
}
