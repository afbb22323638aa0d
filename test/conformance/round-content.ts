// What the receipts of a round say when nothing is wrong with them (docs/receipts.md §4, §8.4–8.6).
import { ISSUER } from "./fixed-keys.ts";
import { at, edited, type Json, ZERO } from "./json-edit.ts";
import { canonicalBytes, canonicalize, digestOf, utf8 } from "./primitives.ts";
import { keep, type Progress, type Round, type Settled } from "./progress.ts";
import type { Call, Step } from "./step.ts";
import type { Content } from "./step-content.ts";
import { expand } from "./templates.ts";

const FIRST_PATH = "src/checkout.js";
const CHECKS: readonly Json[] = [
  {
    name: "checkouts",
    before: { total: 40, failed: 6 },
    rehearsed: { total: 40, failed: 0 },
  },
  { name: "good sessions", before: { total: 30, failed: 0 }, rehearsed: null },
];

/** The file that a proposal writes unless it says otherwise, from what stands there now. */
function writeFile({ path = FIRST_PATH, content }: Step, run: Progress): Call {
  return {
    connector: "repository",
    method: "write_file",
    args: {
      path,
      content: content ?? `export const status = ${400 + run.proposals};\n`,
      before: run.resources.get(`file:${path}`) ?? null,
    },
  };
}

/** Why a round follows the last one: what was sent back, and what the reviewer wants instead. */
function sentBackBy(last: Round | null): { settled: Settled; last: Round } | null {
  return last?.settled?.decision === "request_changes" ? { settled: last.settled, last } : null;
}

export function proposalContent(step: Step, run: Progress): Content {
  const before = run.round;
  const sentBack = sentBackBy(before);
  const instead = sentBack?.settled.instead ?? null;
  const reverter = step.reverts === undefined ? null : run.startedBy;
  const author = sentBack && instead ? sentBack.settled.reviewer : reverter;
  run.proposals += 1;
  const call = step.call ?? instead?.call ?? writeFile(step, run);
  const action = instead && !step.call ? instead.action : keep(run, step.action ?? canonicalBytes(call));
  const code = author === null ? codeOf(step, run) : null;
  const revision = sentBack ? sentBack.last.revision + 1 : 1;
  const reason = sentBack?.settled.reason ?? "";
  return {
    subject: [["action", action], ...(code === null ? [] : ([["code", code]] as const))],
    fields: {
      author: author === null ? { kind: "agent", id: run.planner } : { kind: "reviewer", id: author },
      revision,
      supersedes: sentBack?.last.proposal ?? null,
      reverts: step.reverts ?? null,
      ...(author === null
        ? { title: "Answer 422", summary: "Answer a session without a cart properly.", risk: "low" }
        : { title: `${call.connector}.${call.method}`, summary: "", risk: "high" }),
      feedback: reason === "" ? null : { text: reason, applied: ["status code"], notApplied: [] },
    },
    whenWritten: (proposal) => {
      run.round = openRound({ proposal, call, action, code, revision }, before?.more ? before : null);
    },
  };
}

/** A round of which there is only the proposal. One whose script goes on has the execution before it to count on from. */
function openRound(
  opened: Pick<Round, "proposal" | "call" | "action" | "code" | "revision">,
  goesOn: Round | null,
): Round {
  return {
    ...opened,
    execution: goesOn?.execution ?? null,
    own: false,
    effects: [],
    approvals: new Map(),
    settled: null,
    more: goesOn !== null,
  };
}

function codeOf({ code }: Step, run: Progress): string {
  if (run.round?.more && run.round.code && code === undefined) return run.round.code;
  return keep(run, code ?? `async () => write(${run.proposals});`);
}

/** The open round, or one that is made up where none is: for receipts that come too early. */
function roundOf(run: Progress): Round {
  return (
    run.round ??
    openRound(
      {
        proposal: ZERO,
        call: { connector: "", method: "", args: null },
        action: keep(run, "{}"),
        code: keep(run, "async () => nothing();"),
        revision: 1,
      },
      null,
    )
  );
}

export function previewContent(step: Step, run: Progress): Content {
  const round = roundOf(run);
  const { own, effects } = expand(run.policy, round.call);
  const read = effects.map(({ resource, before }) => {
    if (before !== "read") return before;
    const content = step.reads?.[resource] ?? null;
    return content === null ? null : `sha256:${keep(run, content)}`;
  });
  const goesOn = round.more && round.execution !== null;
  if (!goesOn) run.executions += 1;
  run.calls += 1;
  const execution =
    round.code === null ? null : { id: round.execution?.id ?? `exec-${run.executions}`, seq: run.calls };
  const checks = step.checks ?? CHECKS;
  run.checks ??= checks;
  Object.assign(round, { execution, own, effects, more: false });
  for (const { content } of effects) if (content) keep(run, content);
  return {
    subject: [
      ["action", round.action],
      ...(round.code === null ? [] : ([["code", round.code]] as const)),
      ...read.flatMap((before, i) =>
        before?.startsWith("sha256:") ? [[`before-${i + 1}`, before.slice(7)] as const] : [],
      ),
      ...(step.plan === undefined ? [] : ([["plan", keep(run, step.plan)]] as const)),
      ...(checks.length === 0 ? [] : ([["report", keep(run, '{"probe":"rehearsal"}')]] as const)),
    ],
    fields: {
      proposal: round.proposal,
      execution,
      effects: effects.map(({ resource, after }, i) => ({ resource, before: read[i] ?? null, after })),
      plan: step.plan === undefined ? null : digestOf(step.plan),
      checks,
      expiresAt: new Date(run.time + Number(at(run.policy, "decisionSeconds")) * 1000).toISOString(),
    },
  };
}

export function decisionContent(step: Step, run: Progress): Content {
  const round = roundOf(run);
  const { decision = "approve", reviewer = "reviewer@example.com", role = "reviewer" } = step;
  const asked = decision === "request_changes" && !step.instead && !step.insteadBytes;
  const reason = step.reason ?? (asked ? "Answer 422 instead." : "");
  const edit =
    step.instead || step.insteadBytes ? keep(run, step.insteadBytes ?? canonicalBytes(step.instead)) : null;
  const fields: Readonly<Record<string, Json>> = {
    decision,
    proposal: round.proposal,
    preview: run.last.get("preview") ?? ZERO,
    reason,
    reviewer: { id: reviewer, method: "session" },
    role,
    edit: edit === null ? null : `sha256:${edit}`,
    assertion: step.assert?.type ?? null,
  };
  return {
    subject: [
      ["action", round.action],
      ...(edit === null ? [] : ([["edit", edit]] as const)),
      ...assertionSubjects(step, run, {
        type: "countersign.decision",
        version: 2,
        issuer: ISSUER,
        run: run.run,
        proposal: fields.proposal ?? null,
        preview: fields.preview ?? null,
        action: `sha256:${round.action}`,
        edit: fields.edit ?? null,
        decision,
        reason,
        reviewer,
        role,
      }),
    ],
    fields,
    whenWritten: (digest) => {
      const instead = step.instead && edit ? { call: step.instead, action: edit } : null;
      settle(round, run, { digest, decision, reason, reviewer, instead }, role);
    },
  };
}

function assertionSubjects(
  { assert, intent, intentText, assertionText }: Step,
  run: Progress,
  honest: Json,
): Content["subject"] {
  if (!assert) return [];
  const text = canonicalize(intent ? edited(honest, intent) : honest);
  const spelled = intentText?.(text) ?? text;
  const bytes = typeof spelled === "string" ? utf8(spelled) : spelled;
  const assertion = assert.make(bytes, run.assertions);
  run.assertions.push(assertion);
  const written = canonicalize(assertion);
  return [
    ["intent", keep(run, bytes)],
    ["assertion", keep(run, assertionText?.(written) ?? written)],
  ];
}

function settle(round: Round, run: Progress, settled: Settled, role: string): void {
  if (round.settled) return;
  if (settled.decision !== "approve") {
    round.settled = settled;
    return;
  }
  round.approvals.set(role, (round.approvals.get(role) ?? 0) + 1);
  const approvals = at(run.policy, "approvals");
  const asked: readonly Json[] = Array.isArray(approvals) ? approvals : [];
  const complete = asked.every(
    (one) => (round.approvals.get(String(at(one, "role"))) ?? 0) >= Number(at(one, "count")),
  );
  if (complete) round.settled = settled;
}

export function executionContent(step: Step, run: Progress): Content {
  const round = roundOf(run);
  const approved = round.settled?.decision === "approve";
  const status = step.status ?? (approved ? "executed" : "withheld");
  const more = step.more ?? false;
  return {
    subject: [
      ["action", round.action],
      ...(status === "executed" ? ([["result", keep(run, '{"ok":true}')]] as const) : []),
    ],
    fields: {
      decision: round.settled?.digest ?? null,
      execution: round.execution,
      status,
      reason: "As it went.",
      more,
      recovered: step.recovered ?? false,
    },
    whenWritten: () => {
      round.more = more;
      run.touched ||= status === "executed" || status === "unknown";
      if (round.own) for (const effect of round.effects) take(effect, status, run);
    },
  };
}

/** Moves one of the run's own resources on. What may or may not be so is left out. */
function take({ resource, after }: Round["effects"][number], status: string, run: Progress): void {
  if (status !== "executed" && status !== "unknown") return;
  if (status === "executed" && after !== null && after !== "unknown") run.resources.set(resource, after);
  else run.resources.delete(resource);
}
