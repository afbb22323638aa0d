// What the receipt of each step says when nothing is wrong with it: subjects and fields, from what the run has come to.
import { canonicalBytes, type Digest, digestOf, type Kind, sha256Hex } from "../../src/receipt/index.ts";
import { ISSUER } from "./fixed-keys.ts";
import type { Json } from "./json-edit.ts";
import type { Step } from "./step.ts";

/** What a run has come to while its chain is written. */
export interface Progress {
  /** Every artifact that a receipt may name, by the hex of its SHA-256. */
  readonly store: Map<string, Uint8Array>;
  readonly policy: { readonly sha256: string; readonly decisionSeconds: number };
  readonly files: Map<string, Uint8Array>;
  readonly last: Map<Kind, Digest>;
  time: number;
  proposals: number;
  executions: number;
  call: number;
  revision: number;
  reason: string;
  decision: "approve" | "reject" | "request_changes" | null;
  more: boolean;
  written: boolean;
  code: string;
  action: string;
  pending: { readonly path: string; readonly before: Digest | null; readonly content: Uint8Array } | null;
}

export interface Content {
  readonly subject: readonly (readonly [name: string, sha256: string])[];
  readonly fields: { readonly [name: string]: Json };
}

const NOTHING: Digest = `sha256:${"0".repeat(64)}`;
const TALLIES = {
  before: { requests: 40, failed: 6, good: 30, goodFailed: 0 },
  cured: { requests: 40, failed: 0, good: 30, goodFailed: 0 },
  uncured: { requests: 40, failed: 6, good: 30, goodFailed: 0 },
};

/** Keeps bytes or text as an artifact and gives the hex of its SHA-256. */
export function keep(store: Map<string, Uint8Array>, content: string | Uint8Array): string {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const sha256 = sha256Hex(bytes);
  store.set(sha256, bytes);
  return sha256;
}

/** The content of one step's receipt. Moves the run's progress on. */
export function contentOf(step: Step, run: Progress): Content {
  return WRITERS[step.kind](step, run);
}

const WRITERS: Readonly<Record<Kind, (step: Step, run: Progress) => Content>> = {
  alert: ({ parent }, run) => ({
    subject: [
      ["alert", keep(run.store, '{"alert":"checkout 5xx"}')],
      ["policy", run.policy.sha256],
      ...(parent ? ([["parent", keep(run.store, parent.bundle)]] as const) : []),
    ],
    fields: {
      issuer: ISSUER,
      source: "workers-observability",
      title: "Checkout answers 500",
      firedAt: new Date(run.time - 60_000).toISOString(),
      startedBy: { id: "oncall@example.com", method: "session" },
      continues: parent ? { run: parent.run, handoff: parent.handoff } : null,
    },
  }),
  evidence: ({ items = 2 }, run) => ({
    subject: [
      ["code", keep(run.store, "async () => look();")],
      ...Array.from(
        { length: items },
        (_, i) => [`item-${i + 1}`, keep(run.store, `{"item":${i + 1}}`)] as const,
      ),
    ],
    fields: {
      items: Array.from({ length: items }, (_, i) => ({
        name: `checkout ${i + 1}`,
        connector: "browser",
        method: "run_checkout",
      })),
      summary: "A session without a cart answers 500.",
    },
  }),
  proposal: writeProposal,
  preview: (_step, run) => {
    if (!run.more) run.executions += 1;
    run.call += 1;
    const before = run.pending && run.files.get(run.pending.path);
    return {
      subject: [
        ["action", run.action],
        ["code", run.code],
        ...(before ? ([["before", keep(run.store, before)]] as const) : []),
      ],
      fields: {
        proposal: run.last.get("proposal") ?? NOTHING,
        execution: executionOf(run),
        changes: changesOf(run),
        expiresAt: new Date(run.time + run.policy.decisionSeconds * 1000).toISOString(),
      },
    };
  },
  decision: ({ decision = "approve", reason }, run) => {
    run.decision = decision;
    run.reason = reason ?? (decision === "request_changes" ? "Answer 422 instead." : "");
    return {
      subject: [["action", run.action]],
      fields: {
        decision,
        proposal: run.last.get("proposal") ?? NOTHING,
        preview: run.last.get("preview") ?? NOTHING,
        reason: run.reason,
        reviewer: { id: "reviewer@example.com", method: "session" },
      },
    };
  },
  execution: writeExecution,
  outcome: ({ cured = true }, run) => ({
    subject: [["report", keep(run.store, '{"probe":"report"}')]],
    fields: {
      execution: run.last.get("execution") ?? null,
      status: run.written ? (cured ? "resolved" : "unresolved") : "not_run",
      reason: "As measured.",
      before: TALLIES.before,
      after: run.written ? (cured ? TALLIES.cured : TALLIES.uncured) : null,
    },
  }),
  handoff: (_step, run) => {
    const manifest = [...run.files].map(([path, bytes]) => {
      keep(run.store, bytes);
      return [path, digestOf(bytes)] as const;
    });
    return {
      subject: [
        ["summary", keep(run.store, "What happened, for whoever comes next.")],
        ["repository", keep(run.store, canonicalBytes(Object.fromEntries(manifest)))],
      ],
      fields: { outcome: run.last.get("outcome") ?? NOTHING },
    };
  },
};

function writeProposal(step: Step, run: Progress): Content {
  const revises = run.decision === "request_changes";
  run.decision = null;
  run.proposals += 1;
  run.revision = revises ? run.revision + 1 : 1;
  const path = step.path ?? "src/checkout.js";
  const content = new TextEncoder().encode(step.content ?? `export const status = ${400 + run.proposals};\n`);
  const now = run.files.get(path);
  const before = now ? digestOf(now) : null;
  run.pending = step.call ? null : { path, before, content };
  run.action = keep(
    run.store,
    canonicalBytes(
      step.call ?? {
        connector: "repository",
        method: "write_file",
        args: { path, content: new TextDecoder().decode(content), before },
      },
    ),
  );
  if (step.code !== undefined || !run.more) {
    run.code = keep(run.store, step.code ?? `async () => write(${run.proposals});`);
  }
  return {
    subject: [
      ["action", run.action],
      ["code", run.code],
    ],
    fields: {
      revision: run.revision,
      supersedes: revises ? (run.last.get("proposal") ?? null) : null,
      summary: "Answer a session without a cart properly.",
      risk: "low",
      feedback: revises ? { text: run.reason, applied: ["status code"], notApplied: [] } : null,
    },
  };
}

function writeExecution(step: Step, run: Progress): Content {
  const approved = run.decision === "approve";
  const status = step.status ?? (approved ? "executed" : "withheld");
  const executed = status === "executed";
  const decision = run.decision ? (run.last.get("decision") ?? null) : null;
  const changes = executed ? changesOf(run) : [];
  run.more = step.more ?? false;
  run.written ||= executed;
  if (executed && run.pending) run.files.set(run.pending.path, run.pending.content);
  return {
    subject: [
      ["action", run.action],
      ...(executed ? ([["result", keep(run.store, '{"ok":true}')]] as const) : []),
    ],
    fields: {
      decision,
      execution: executionOf(run),
      status,
      reason: "As it went.",
      written: executed,
      changes,
      more: run.more,
      recovered: step.recovered ?? false,
    },
  };
}

function executionOf(run: Progress): Json {
  return { id: `exec-${run.executions}`, seq: run.call };
}

function changesOf({ pending }: Progress): Json[] {
  return pending ? [{ path: pending.path, before: pending.before, after: digestOf(pending.content) }] : [];
}
