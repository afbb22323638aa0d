// Reads what a runbook advises to answer. The advice decides the patch; no status or code is known beforehand.
import type { PageEvidence } from "./read-evidence.ts";

export interface Advice {
  status: number;
  code: string;
  /** Title of the page that says so. */
  page: string;
}

/** Statuses that a refusal may carry: 400 to 451. */
export function isRefusalStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 451;
}

const ADVICE =
  /\b(?:answer|respond|reply|return)(?:\s+with)?\s+(?:an?\s+|the\s+)?(?:http\s+)?(?:status\s+)?(?:code\s+)?[`"']?(\d{3})\b[`"']?[^.\n]*?\berror code\s+[`"']?([A-Za-z][\w-]*)/i;

/** The advice of the best page that has one; pages come best first. */
export function readAdvice(pages: readonly PageEvidence[]): Advice | null {
  for (const { title, body } of pages) {
    const [, status, code] = ADVICE.exec(body) ?? [];
    if (code && isRefusalStatus(Number(status))) return { status: Number(status), code, page: title };
  }
  return null;
}
