// The measurements that receipts carry: what was counted, and how much of it failed.
import type { Tally } from "../receipt/index.ts";

/** What is wrong with measurements, as a sentence: a name that stands twice, or more failures than there were; else null. */
export function checksFault(
  checks: readonly { readonly name: string; readonly counts: readonly (Tally | null)[] }[],
): string | null {
  if (new Set(checks.map(({ name }) => name)).size !== checks.length) return "expected each check once";
  const wrong = checks.find(({ counts }) => counts.some((count) => count && count.failed > count.total));
  return wrong ? `${wrong.name}: expected at most as many failures as there were` : null;
}
