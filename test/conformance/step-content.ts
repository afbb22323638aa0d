// What the receipt of each step says when nothing is wrong with it: subjects and fields, from what the run has come to.
import { ISSUER } from "./fixed-keys.ts";
import { at, type Json } from "./json-edit.ts";
import { canonicalBytes, digestOf, sha256Hex } from "./primitives.ts";
import { keep, type Progress } from "./progress.ts";
import { decisionContent, executionContent, previewContent, proposalContent } from "./round-content.ts";
import type { Kind, Step } from "./step.ts";

export interface Content {
  readonly subject: readonly (readonly [name: string, sha256: string])[];
  readonly fields: { readonly [name: string]: Json };
  /** Moves the run on, once the receipt has its digest. */
  readonly whenWritten?: (digest: string) => void;
}

/** The content of one step's receipt. */
export function contentOf(step: Step, run: Progress): Content {
  return WRITERS[step.kind](step, run);
}

const WRITERS: Readonly<Record<Kind, (step: Step, run: Progress) => Content>> = {
  alert: alertContent,
  evidence: evidenceContent,
  proposal: proposalContent,
  preview: previewContent,
  decision: decisionContent,
  execution: executionContent,
  outcome: outcomeContent,
  handoff: handoffContent,
};

function alertContent({ parent, startedBy = "oncall@example.com" }: Step, run: Progress): Content {
  run.startedBy = startedBy;
  return {
    subject: [
      ["alert", keep(run, '{"alert":"checkout 5xx"}')],
      ["policy", run.policySha256],
      ...(parent ? ([["parent", keep(run, parent.bundle)]] as const) : []),
    ],
    fields: {
      issuer: ISSUER,
      source: "workers-observability",
      title: "Checkout answers 500",
      firedAt: new Date(run.time - 60_000).toISOString(),
      startedBy: { id: startedBy, method: "session" },
      continues: parent ? { run: parent.run, handoff: parent.handoff } : null,
    },
  };
}

const ITEMS = [
  { connector: "browser", method: "run_checkout" },
  { connector: "repository", method: "read_file" },
];

function evidenceContent(step: Step, run: Progress): Content {
  const { planner = "scripted", items = ITEMS, code = "async () => look();", transcript } = step;
  run.planner = planner;
  return {
    subject: [
      ["code", keep(run, code)],
      ...items.map((_, i) => [`item-${i + 1}`, keep(run, `{"item":${i + 1}}`)] as const),
      ...(transcript === undefined ? [] : ([["transcript", keep(run, transcript)]] as const)),
    ],
    fields: {
      planner,
      items: items.map(({ connector, method }, i) => ({ name: `item ${i + 1}`, connector, method })),
      summary: "A session without a cart answers 500.",
      transcript: transcript === undefined ? null : digestOf(transcript),
    },
  };
}

const count = (total: number, failed: number): Json => ({ total, failed });

function outcomeContent({ after = "cured", checks }: Step, run: Progress): Content {
  const measured = run.touched && after !== "unmeasured";
  const list = (checks ?? run.checks ?? [{ name: "checkouts", before: count(40, 6) }]).map((check): Json => {
    const before = at(check, "before");
    const cured = { total: at(before, "total"), failed: 0 };
    return { name: at(check, "name"), before, after: !measured ? null : after === "cured" ? cured : before };
  });
  return {
    subject: [["report", keep(run, '{"probe":"report"}')]],
    fields: {
      execution: run.last.get("execution") ?? null,
      status: run.touched ? measuredStatus(measured, list) : "not_run",
      reason: "As measured.",
      checks: list,
    },
  };
}

function measuredStatus(measured: boolean, list: readonly Json[]): string {
  if (!measured || list.length === 0) return "unmeasured";
  return list.every((check) => at(check, "after.failed") === 0) ? "resolved" : "unresolved";
}

function handoffContent(_step: Step, run: Progress): Content {
  return {
    subject: [
      ["summary", keep(run, "What happened, for whoever comes next.")],
      ["resources", keep(run, canonicalBytes(Object.fromEntries(run.resources)))],
    ],
    fields: { outcome: run.last.get("outcome") ?? `sha256:${sha256Hex(new Uint8Array())}` },
  };
}
