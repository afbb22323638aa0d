// Applies a text to a guard, wish by wish in its order, and says in plain words what became of each.
// "Applied" is only said of what the generated code will show: what a later wish has undone is told as overruled.
import { fullName } from "./apply-header.ts";
import { applyWish } from "./apply-wish.ts";
import type { Guard, Setting } from "./guard.ts";
import { clip } from "./script-literal.ts";
import { understandFeedback } from "./understand-feedback.ts";
import type { Wish } from "./wish.ts";
import { metricName } from "./write-guard.ts";

const MAX_ENTRY = 500;
const MAX_ENTRIES = 20;

/** What is said of a wish that was granted, and the guard as the wish left it. */
interface Claim {
  wish: Wish;
  guard: Guard;
  applied: string;
}

/** A guard to which wishes have been applied, and what is to be said of them once it is known what comes after. */
export interface Taken {
  guard: Guard;
  claims: Claim[];
  notApplied: string[];
}

/** What became of a reviewer's wishes, in plain words. */
export interface Applied {
  applied: string[];
  notApplied: string[];
}

/** One answer has one status: of several asked for in one text, the last; the others are told. */
function settleStatuses(wishes: readonly Wish[]): { kept: Wish[]; overruled: string[] } {
  const asked = wishes.filter((wish) => wish.kind === "status");
  const last = asked.at(-1);
  const isOverruled = (wish: Wish) => wish.kind === "status" && wish !== last;
  const isAnswered = (wish: Wish) => wish.kind === "unwanted-status" && last !== undefined;
  const overruled = asked
    .filter((wish) => isOverruled(wish) && wish.status !== last?.status && wish.status !== null)
    .map(({ clause }) => `“${clause}”: ${last?.status} was asked for as well, and one answer has one status`);
  return { kept: wishes.filter((wish) => !isOverruled(wish) && !isAnswered(wish)), overruled };
}

function limit(entries: readonly string[]): string[] {
  const unique = [...new Set(entries.map((entry) => clip(entry.replace(/\s+/g, " "), MAX_ENTRY)))];
  if (unique.length <= MAX_ENTRIES) return unique;
  return [...unique.slice(0, MAX_ENTRIES - 1), `and ${unique.length - MAX_ENTRIES + 1} more`];
}

/** Applies a text. What is to be said of it, {@link settle} says. */
export function applyFeedback(start: Guard, text: string, setting: Setting): Taken {
  const { wishes, unknown } = understandFeedback(text);
  const { kept, overruled } = settleStatuses(wishes);
  const claims: Claim[] = [];
  const notApplied = [...overruled];
  let guard = start;
  for (const wish of kept) {
    const step = applyWish(guard, wish, setting);
    guard = step.guard;
    if (step.applied !== undefined) claims.push({ wish, guard, applied: step.applied });
    if (step.notApplied !== undefined) notApplied.push(told(wish, step.notApplied));
  }
  for (const clause of unknown)
    notApplied.push(`“${clip(clause, 400)}”: not understood, or beyond this patch`);
  return { guard, claims, notApplied };
}

/** Says what became of the wishes in the guard that is proposed in the end. */
export function settle({ claims, notApplied }: Taken, final: Guard, setting: Setting): Applied {
  const stands = ({ wish, guard }: Claim) => partOf(guard, wish, setting) === partOf(final, wish, setting);
  const overruled = claims
    .filter((claim) => !stands(claim))
    .map(({ wish }) => told(wish, "overruled by what was asked after it"));
  return {
    applied: limit(claims.filter(stands).map((claim) => withFinalName(claim, final, setting))),
    notApplied: limit([...notApplied, ...overruled]),
  };
}

function told({ clause }: Wish, what: string): string {
  return `“${clip(clause, 300)}”: ${what}`;
}

/** The part of a guard that a wish is about. */
function partOf(guard: Guard, wish: Wish, { around }: Setting): string {
  switch (wish.kind) {
    case "status":
    case "unwanted-status":
      return String(guard.status);
    case "metric":
      // A counter that nobody has named goes by the error code, whatever that becomes.
      return guard.metric ? `counted${wish.name === null ? "" : ` as ${guard.metric.name}`}` : "";
    case "scope":
      return String(guard.narrow);
    case "header": {
      const name = fullName(wish.name, around.elsewhere, guard.headers);
      const names =
        name === null ? (wish.wanted ? [...around.elsewhere.keys()] : [...guard.headers.keys()]) : [name];
      return JSON.stringify(names.map((one) => [one, guard.headers.get(one) ?? null]));
    }
    case "code":
      return guard.code;
    case "message":
      return JSON.stringify(guard.message?.text ?? null);
    case "comment":
      return JSON.stringify(guard.comment);
    // What was asked after it is told by itself.
    case "start-over":
    case "impossible":
      return "";
  }
}

/** A counter's name follows from the error code, which may have been asked for later. */
function withFinalName({ wish, guard, applied }: Claim, final: Guard, { around }: Setting): string {
  if (wish.kind !== "metric" || !wish.wanted || !around.metrics) return applied;
  const name = metricName(final, around.metrics);
  return applied.replace(metricName(guard, around.metrics), () => name);
}
