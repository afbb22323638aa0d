// The probe: loads a checkout's source into a fresh isolate of its own and sends it every request of the mix.
// The source may be anybody's: it reaches no network and no binding, may lie about itself as an answer, and cannot hold the probe up.
import type { Measurement } from "../domain/index.ts";
import { type Answer, brief, MAX_MESSAGE, sumUp } from "./judge-answers.ts";

import { PROBE_REQUESTS, type ProbeRequest, requestOf } from "./probe-requests.ts";
import { reachedModules } from "./reached-modules.ts";
import { MAIN } from "./source/index.ts";

/** Longest probe, in milliseconds. A request without an answer by then counts as failed. */
const PROBE_TIMEOUT_MS = 10_000;
/** Longest body of an answer, in bytes. One that is longer counts as failed: no answer of a checkout is. */
const MAX_BODY = 1024 * 1024;
/** What a loaded Worker may use of CPU and subrequests. */
const LIMITS = { cpuMs: 2_000, subRequests: 200 } as const;

/** Tells an uncaught error from an answer. Its value is the error's message, percent-encoded. */
const THREW = "x-probe-threw";
const ENTRY = "probe-entry.js";
/** Stands before the checkout and tells what it threw, which its own users would see as a bare 500. */
const ENTRY_SOURCE = `
import worker from "./${MAIN}";
export default {
  async fetch(request, env, ctx) {
    try {
      return await worker.fetch(request, env, ctx);
    } catch (error) {
      const message = String(error?.message ?? error).toWellFormed().slice(0, ${MAX_MESSAGE}).toWellFormed();
      return new Response(null, { status: 500, headers: { "${THREW}": encodeURIComponent(message) } });
    }
  },
};
`;

/**
 * Measures a checkout Worker. Source that does not load fails every request; that is a measurement too.
 * @param files a repository by path; the entry is `src/worker.js`.
 */
export async function runProbe(
  loader: WorkerLoader,
  files: ReadonlyMap<string, string>,
  {
    signal,
    timeoutMs = PROBE_TIMEOUT_MS,
  }: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
): Promise<Measurement> {
  const entrypoint = load(loader, files);
  const deadline = new AbortController();
  // An isolate that ends itself never answers, and does not heed an abort either: so each request also races the clock.
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  deadline.signal.addEventListener("abort", () => late.reject(new Error("no answer in time")));
  const end = () => deadline.abort();
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  try {
    const answers = PROBE_REQUESTS.map(async (request) => {
      const answer = await send(entrypoint, request, deadline.signal, late.promise);
      return [request.id, answer] as const;
    });
    return sumUp(new Map(await Promise.all(answers)));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

function load(loader: WorkerLoader, files: ReadonlyMap<string, string>): Fetcher {
  const modules = [...reachedModules(files, MAIN), [ENTRY, ENTRY_SOURCE] as const];
  // `load`, never `get`: a shared isolate would carry one probe's globals into the next.
  const worker = loader.load({
    compatibilityDate: "2026-10-01",
    mainModule: ENTRY,
    modules: Object.fromEntries(modules.map(([path, js]) => [path, { js }])),
    globalOutbound: null,
    env: {},
    limits: LIMITS,
  });
  return worker.getEntrypoint();
}

async function send(
  entrypoint: Fetcher,
  request: ProbeRequest,
  signal: AbortSignal,
  late: Promise<never>,
): Promise<Answer> {
  try {
    const response = await Promise.race([entrypoint.fetch(requestOf(request, signal)), late]);
    const body = await Promise.race([readBody(response), late]);
    const threw = response.headers.get(THREW);
    // The checkout can set the header itself.
    return { status: response.status, body, error: threw === null ? null : brief(decodeURIComponent(threw)) };
  } catch (error) {
    // It did not load, ran out of its limits, or never answered.
    return { status: 500, body: "", error: brief(error instanceof Error ? error.message : String(error)) };
  }
}

/** An answer counts when all of it has come: a fault may as well show after its status line. */
async function readBody({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let length = 0;
  let text = "";
  for await (const part of body ?? []) {
    length += part.length;
    if (length > MAX_BODY) throw new Error(`an answer of more than ${MAX_BODY} bytes`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
