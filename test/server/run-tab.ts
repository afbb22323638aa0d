// What tests ask of a tab that shows a run, with its script.
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Polls for as long as a busy machine may take. */
export const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

/** Waits until the browser has verified the receipts that the page shows. */
export const verified = (page: Page) =>
  page.locator("#browser-check.is-valid, #browser-check.is-incomplete").waitFor();

export const statusOf = (page: Page) => page.locator(".status strong");
