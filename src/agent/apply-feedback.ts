// Applies a text to a guard, wish by wish in its order, and says in plain words what became of each.
// "Applied" is only said of what the generated code will show.
import { applyWish } from "./apply-wish.ts";
import type { Guard, Setting } from "./guard.ts";
import { clip } from "./script-literal.ts";
import { understandFeedback } from "./understand-feedback.ts";
import type { Wish } from "./wish.ts";

const MAX_ENTRY = 500;
const MAX_ENTRIES = 20;

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

export interface Applied {
  guard: Guard;
  applied: string[];
  notApplied: string[];
}

export function applyFeedback(start: Guard, text: string, setting: Setting): Applied {
  const { wishes, unknown } = understandFeedback(text);
  const { kept, overruled } = settleStatuses(wishes);
  const applied: string[] = [];
  const notApplied = [...overruled];
  let guard = start;
  for (const wish of kept) {
    const step = applyWish(guard, wish, setting);
    guard = step.guard;
    if (step.applied !== undefined) applied.push(step.applied);
    if (step.notApplied !== undefined) notApplied.push(`“${clip(wish.clause, 300)}”: ${step.notApplied}`);
  }
  for (const clause of unknown)
    notApplied.push(`“${clip(clause, 400)}”: not understood, or beyond this patch`);
  return { guard, applied: limit(applied), notApplied: limit(notApplied) };
}
