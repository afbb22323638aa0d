// The shipped runbooks. Most have nothing to do with the incident, as on any real shelf.
// Only one page advises on checkouts without a cart, and it advises one status and one error code.
import { CHECKOUT_RUNBOOKS } from "./runbooks-checkout.ts";
import { PLATFORM_RUNBOOKS } from "./runbooks-platform.ts";

export interface Runbook {
  slug: string;
  title: string;
  /** Markdown. */
  body: string;
}

export const RUNBOOKS: readonly Runbook[] = [...CHECKOUT_RUNBOOKS, ...PLATFORM_RUNBOOKS];
