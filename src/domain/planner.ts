// What the agent of a run is asked, and what it may answer. A planner writes scripts: it makes no call of a domain, keeps nothing
// between two questions, and can never carry out what it proposes.
import * as z from "zod";
import type { Call } from "./call.ts";
import type { Json } from "./json.ts";

/** The alert that a run is about, as it was given. `firedAt` is an instant. */
export interface AlertBrief {
  readonly source: string;
  readonly title: string;
  readonly firedAt: string;
  readonly [detail: string]: unknown;
}

/** One finished connector call of an investigation, as the runtime recorded it. */
export interface EvidenceItem extends Call {
  readonly result: Json;
}

/** One investigation: its script, what the script said, and what its calls answered. */
export interface Evidence {
  readonly code: string;
  readonly summary: string;
  readonly items: readonly EvidenceItem[];
}

/** What a reviewer said. */
export interface SaidDecision {
  readonly decision: "approve" | "reject" | "request_changes";
  readonly reviewer: string;
  readonly role: string;
  /** Empty where they gave none. */
  readonly reason: string;
}

/** A proposal of before, what was said to it and what came of it. `status` is null while its call was not settled. */
export interface EarlierProposal {
  readonly run: string;
  readonly revision: number;
  readonly title: string;
  readonly summary: string;
  readonly action: Call;
  readonly decisions: readonly SaidDecision[];
  readonly status: "executed" | "failed" | "withheld" | "unknown" | null;
  readonly reason: string;
}

/** What the runs before this one handed on: read from their verified chains, never from a transcript or anybody's summary. */
export interface Inherited {
  /** The run that this one continues. */
  readonly run: string;
  readonly outcome: "resolved" | "unresolved" | "unmeasured" | "not_run";
  readonly checks: readonly { readonly name: string; readonly total: number; readonly failed: number }[];
  /** What its runtime measured last, in the domain's own words. */
  readonly report: Json;
  /** Every proposal of that run and of those before it, oldest first. */
  readonly proposals: readonly EarlierProposal[];
}

/** What the planner of a run has used of its model so far, over all questions and restarts. */
export interface Spent {
  readonly calls: number;
  readonly tokens: number;
  readonly seconds: number;
}

/** All that an answer may rest on. */
export interface Situation {
  /** The rule that the run stands under, in a sentence. */
  readonly rule: string;
  readonly alert: AlertBrief;
  /** The connectors' TypeScript declarations. */
  readonly declarations: string;
  /** The calls that wait for a human, as `connector.method`. */
  readonly gated: readonly string[];
  readonly evidence: readonly Evidence[];
  /** This run's proposals, oldest first. */
  readonly proposals: readonly EarlierProposal[];
  /** Why the last attempt came to nothing, or null. */
  readonly lastFailure: string | null;
  /** The script of that attempt, if it had one. */
  readonly lastScript: string | null;
  readonly spent: Spent;
  /** What this run starts from when it continues another. */
  readonly inherited: Inherited | null;
}

const script = z.string().min(1);
const notes = z.array(z.string().min(1).max(500)).max(20);

const investigation = z.strictObject({ investigate: script });
const proposal = z.strictObject({
  propose: z.strictObject({
    code: script,
    title: z.string().min(1).max(120),
    summary: z.string().max(4000),
    risk: z.enum(["low", "medium", "high"]),
    feedback: z.strictObject({ applied: notes, notApplied: notes }).nullable(),
  }),
});
const end = z.strictObject({ stop: z.string().min(1).max(2000) });

/**
 * What a planner answers: a script to investigate with, which may only read; a script that ends in a gated call, with what a reviewer
 * reads beside it; or that there is nothing to do. `feedback` says what became of the newest request for changes.
 */
export type PlannerAnswer = z.infer<typeof investigation> | z.infer<typeof proposal> | z.infer<typeof end>;
/** The proposal of a {@link PlannerAnswer}. */
export type ProposalPlan = z.infer<typeof proposal>["propose"];

/** Parses an answer; a string says what is wrong with it, in words that a planner can mend it by. */
export function readAnswer(answer: unknown): PlannerAnswer | string {
  const names = typeof answer === "object" && answer !== null ? Object.keys(answer) : [];
  const schema = names.includes("propose") ? proposal : names.includes("stop") ? end : investigation;
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const got = names.slice(0, 5).join(", ") || typeof answer;
  return `expected {investigate}, {propose} or {stop}, got ${got}: ${issue?.path.join(".")}: ${issue?.message}`;
}

/** What a planner is lent for one question. Most need none of it. */
export interface Asking {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Adds to what the run has spent. It is stored before anything else leaves the run, so no restart forgets it. */
  spend(more: Partial<Spent>): void;
  /** Keeps what a model was told or said for the transcript of the next evidence receipt. No rule reads it, and no log has it. */
  tell(words: string): void;
}

/** Turns what is known into the next thing to do. Asked again after every step. */
export interface Planner {
  /** 1 to 200 characters, signed into evidence and proposals: whose words they are. */
  readonly id: string;
  next(situation: Situation, asking: Asking): PlannerAnswer | Promise<PlannerAnswer>;
}

/** The functions of a {@link scripted} planner. */
export interface ScriptedPlanner {
  readonly id: string;
  /** The script to investigate with. */
  investigate(situation: Situation): string | Promise<string>;
  /** What to propose, or why nothing. */
  propose(
    situation: Situation,
  ): ProposalPlan | { readonly stop: string } | Promise<ProposalPlan | { readonly stop: string }>;
}

/** A planner that investigates once and proposes from then on, and asks no model. */
export function scripted({ id, investigate, propose }: ScriptedPlanner): {
  readonly id: string;
  next(situation: Situation): Promise<PlannerAnswer>;
} {
  return {
    id,
    async next(situation) {
      if (situation.evidence.length === 0) return { investigate: await investigate(situation) };
      const plan = await propose(situation);
      return "stop" in plan ? { stop: plan.stop } : { propose: plan };
    },
  };
}
