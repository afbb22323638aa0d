// What a step of the run works with. Built once per instance of the Durable Object, around one verified chain.
import type { Planner } from "../agent/planner.ts";
import type { ScriptRuntime } from "../codemode/script-runtime.ts";
import type { ReceiptOf, Subject } from "../receipt/index.ts";
import type { ProbeReport } from "../workload/probe.ts";
import type { RunChain } from "./run-chain.ts";
import type { RunRepository } from "./run-repository.ts";
import type { RunRequest } from "./run-request.ts";
import type { RunStore } from "./run-store.ts";
import type { Tries } from "./tries.ts";
import type { WriteGate } from "./write-gate.ts";

export interface RunContext {
  readonly request: RunRequest;
  readonly chain: RunChain;
  readonly store: RunStore;
  readonly repository: RunRepository;
  readonly gate: WriteGate;
  readonly scripts: ScriptRuntime;
  readonly planner: Planner;
  /** Longest that the planner may think, in milliseconds. */
  readonly plannerWithinMs: number;
  readonly tries: Tries;
  /** Measures a checkout with the probe. */
  readonly measure: (files: Readonly<Record<string, string>>) => Promise<ProbeReport>;
  readonly now: () => number;
}

/** Takes the value of a commit that the step itself makes lawful; a refusal here is a defect, and the run stops at it. */
export function mustCommit<Value>(
  result: { ok: true; value: Value } | { ok: false; refusal: { code: string; message: string } },
): Value {
  if (result.ok) return result.value;
  throw new Error(`the chain refused a receipt: ${result.refusal.code}: ${result.refusal.message}`);
}

/** How a proposal names its action. Whatever is about the same action names it so too. */
export function actionOf({ statement }: ReceiptOf<"proposal">): Subject {
  const [action] = statement.subject;
  if (!action) throw new Error("expected a proposal to name its action");
  return action;
}

/** Text that fits a receipt: well formed, and cut with an ellipsis at `max` UTF-16 code units. */
export function fitText(text: string, max: number): string {
  const whole = text.toWellFormed();
  return whole.length <= max ? whole : `${whole.slice(0, max - 1)}…`.toWellFormed();
}
