// A run that cannot be opened: when it is tried again.
import type { RunCode } from "./run-api.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** After how long such a run is looked at again, in milliseconds. What was changed in its storage comes back least of all. */
export function againAfter(code: RunCode): number {
  return code === "ERR_CHAIN_CORRUPT" ? DAY_MS : HOUR_MS;
}
