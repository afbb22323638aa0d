// What one run may use of its model, over all questions and restarts. The run counts; a planner that has used it up stops.
import type { Spent } from "../domain/planner.ts";

/** The most that one run may use. */
export type Bounds = Spent;

/** What holds where nothing is set. */
export const BOUNDS: Bounds = { calls: 40, tokens: 500_000, seconds: 900 };

/** Longest answer, in tokens. */
export const ANSWER_TOKENS = 8_000;
/** Longest wait for one answer, in seconds: shorter than the engine waits for a planner. */
export const ANSWER_SECONDS = 100;
/** An answer in fewer tokens than this could hold no script. */
const LEAST_TOKENS = 200;

/** What the next question may use. */
export interface Allowance {
  readonly tokens: number;
  readonly ms: number;
}

/** What is left for one question whose prompt has so many tokens; a text says which bound is reached. */
export function allow(spent: Spent, bounds: Bounds, prompt: number): Allowance | string {
  const tokens = Math.min(ANSWER_TOKENS, bounds.tokens - spent.tokens - prompt);
  const ms = Math.min(ANSWER_SECONDS, bounds.seconds - spent.seconds) * 1000;
  if (spent.calls >= bounds.calls) return reached(bounds.calls, "calls of the model", spent.calls);
  if (tokens < LEAST_TOKENS) return reached(bounds.tokens, "tokens", spent.tokens);
  if (ms <= 0) return reached(bounds.seconds, "seconds of the model’s time", Math.round(spent.seconds));
  return { tokens: Math.floor(tokens), ms: Math.ceil(ms) };
}

function reached(bound: number, what: string, used: number): string {
  return `This run may use ${bound} ${what}, and has used ${used}; another question would go past that.`;
}

/** How many tokens a text has, about, where nobody has counted them. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3);
}
