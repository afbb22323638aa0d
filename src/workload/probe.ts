// Sums up one pass of the probe. The numbers of the alert, the evidence and the outcome all come from here.
// Whether a request counts as a good checkout is looked up by its id, never taken from a result.
import { PROBE_REQUESTS } from "./probe-requests.ts";

export { PROBE_REQUESTS, type ProbeRequest } from "./probe-requests.ts";

export interface ProbeResult {
  id: string;
  kind: string;
  /** 500 when the Worker threw. */
  status: number;
  /** What the Worker threw, or null when it answered. */
  error: string | null;
}

export interface Tally {
  requests: number;
  /** Answered 5xx, or threw. */
  failed: number;
  /** Valid checkouts among the requests. */
  good: number;
  /** Valid checkouts that were not answered 200. */
  goodFailed: number;
}

export interface ProbeKind {
  kind: string;
  requests: number;
  failed: number;
}

export interface ProbeFailure {
  id: string;
  kind: string;
  method: string;
  path: string;
  status: number;
  error: string | null;
}

export interface ProbeReport {
  tally: Tally;
  byKind: ProbeKind[];
  failures: ProbeFailure[];
}

const REQUEST_BY_ID = new Map(PROBE_REQUESTS.map((request) => [request.id, request]));

/** Counts what was really answered; a failure of an id that is not in the mix is listed with an empty method and path. */
export function summarizeProbe(results: readonly ProbeResult[]): ProbeReport {
  const tally: Tally = { requests: 0, failed: 0, good: 0, goodFailed: 0 };
  const byKind = new Map<string, ProbeKind>();
  const failures: ProbeFailure[] = [];
  for (const { id, kind, status, error } of results) {
    const request = REQUEST_BY_ID.get(id);
    const group = byKind.get(kind) ?? { kind, requests: 0, failed: 0 };
    byKind.set(kind, group);
    group.requests += 1;
    tally.requests += 1;
    if (request?.good) tally.good += 1;
    if (request?.good && (status !== 200 || error !== null)) tally.goodFailed += 1;
    if (status >= 500 || error !== null) {
      group.failed += 1;
      tally.failed += 1;
      failures.push({ id, kind, method: request?.method ?? "", path: request?.path ?? "", status, error });
    }
  }
  return { tally, byKind: [...byKind.values()], failures };
}
