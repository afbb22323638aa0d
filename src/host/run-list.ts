// What the list of runs is asked and answers. Plain data: it crosses Durable Object RPC.
import type { RunStatus } from "../chain/index.ts";
import type { RunEntry } from "./run-entry.ts";

/**
 * A run as it is listed. `unopenable` is the code of why it cannot be opened: it is then listed as failed wherever it once stood, for
 * nothing can be decided there.
 */
export interface ListedRun extends RunEntry {
  readonly unopenable?: string | undefined;
}

/** Where a page of the list ends: the entry after which the next one goes on. */
export type Place = Pick<RunEntry, "createdAt" | "run">;

/** Which entries to list. */
export interface Listing {
  /** Those of one status, all of them, or all but those that wait for a decision. */
  readonly which: RunStatus | "any" | "not_waiting";
  /** Only entries older than this one; null begins with the newest. */
  readonly after: Place | null;
  readonly limit: number;
}

/** Entries that wait for a decision, and others; and the names under which the runs of the list were signed. */
export interface Desk {
  readonly issuers: readonly string[];
  readonly waiting: readonly ListedRun[];
  readonly others: readonly ListedRun[];
}
