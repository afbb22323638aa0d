// The probe: loads a checkout's source into a fresh isolate of its own and sends it every probe request.
// What it reports is what the isolate answered; nothing here knows what the answers ought to be.
import { CHECKOUT_MAIN } from "../workload/checkout-source.ts";
import {
  PROBE_REQUESTS,
  type ProbeReport,
  type ProbeRequest,
  type ProbeResult,
  summarizeProbe,
} from "../workload/probe.ts";
import { limitedLoader } from "./sandbox.ts";

/** Longest wait for one answer, in milliseconds. No answer by then counts as a failure. */
const REQUEST_TIMEOUT_MS = 2_000;

/**
 * Measures a checkout Worker.
 * @param files ES modules by path; the entry is `src/worker.js`.
 * @returns the report. Source that does not load fails every request; that is a measurement too.
 */
export async function runProbe(
  loader: WorkerLoader,
  files: Readonly<Record<string, string>>,
): Promise<ProbeReport> {
  // `load`, never `get`: a shared isolate would carry one probe's globals into the next.
  const worker = limitedLoader(loader).load({
    compatibilityDate: "2026-10-01",
    mainModule: CHECKOUT_MAIN,
    modules: Object.fromEntries(Object.entries(files).map(([path, js]) => [path, { js }])),
    globalOutbound: null,
    env: {},
  });
  const entrypoint = worker.getEntrypoint();
  const results: ProbeResult[] = [];
  for (const request of PROBE_REQUESTS) results.push(await send(entrypoint, request));
  return summarizeProbe(results);
}

/** One request. A Worker that throws rejects `fetch`; its users would see a 500. */
async function send(
  entrypoint: Fetcher,
  { id, kind, method, path, headers, body }: ProbeRequest,
): Promise<ProbeResult> {
  try {
    const response = await entrypoint.fetch(`https://checkout.example${path}`, {
      method,
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return { id, kind, status: response.status, error: null };
  } catch (error) {
    return { id, kind, status: 500, error: error instanceof Error ? error.message : String(error) };
  }
}
