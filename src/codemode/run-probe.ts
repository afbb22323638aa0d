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

/** Longest probe, in milliseconds. A request without an answer by then counts as failed. */
const PROBE_TIMEOUT_MS = 10_000;

const LATE = new Error("no answer in time");

/** Longest body of an answer, in bytes. One that is longer counts as failed: no answer of a checkout is. */
const MAX_BODY = 1024 * 1024;

/** What is a module of the Worker. Other files of the repository, and names that lead out of it, are no part of what it runs. */
const MODULE = /^(?!\/|.*(^|\/)\.{0,2}\/)[^\p{C}:\\]+\.m?js$/u;

/** Longest message that a report keeps, in UTF-16 code units. */
const MAX_MESSAGE = 500;

/** Tells an uncaught error from an answer. Its value is the error's message, percent-encoded. */
const THREW = "x-probe-threw";

const ENTRY = "probe-entry.js";
/** Stands before the checkout and tells what it threw, which its own users would see as a bare 500. */
const ENTRY_SOURCE = `
import worker from "./${CHECKOUT_MAIN}";
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
 * Measures a checkout Worker.
 * @param files a repository by path: its `.js` and `.mjs` files are the Worker's ES modules, and the entry is `src/worker.js`.
 * @returns the report. Source that does not load fails every request; that is a measurement too.
 */
export async function runProbe(
  loader: WorkerLoader,
  files: Readonly<Record<string, string>>,
  timeoutMs = PROBE_TIMEOUT_MS,
): Promise<ProbeReport> {
  const own = Object.entries(files).filter(([path]) => MODULE.test(path));
  const modules = [...own, [ENTRY, ENTRY_SOURCE]];
  // `load`, never `get`: a shared isolate would carry one probe's globals into the next.
  const worker = limitedLoader(loader).load({
    compatibilityDate: "2026-10-01",
    mainModule: ENTRY,
    modules: Object.fromEntries(modules.map(([path, js]) => [path, { js }])),
    globalOutbound: null,
    env: {},
  });
  const entrypoint = worker.getEntrypoint();
  // An isolate that ends itself never answers, and does not heed an abort either: so each request also races this clock.
  const deadline = new AbortController();
  const late = new Promise<never>((_, reject) =>
    deadline.signal.addEventListener("abort", () => reject(LATE)),
  );
  late.catch(() => {});
  const timer = setTimeout(() => deadline.abort(LATE), timeoutMs);
  try {
    const results: ProbeResult[] = [];
    for (const request of PROBE_REQUESTS)
      results.push(await send(entrypoint, request, deadline.signal, late));
    return summarizeProbe(results);
  } finally {
    clearTimeout(timer);
  }
}

async function send(
  entrypoint: Fetcher,
  request: ProbeRequest,
  signal: AbortSignal,
  late: Promise<never>,
): Promise<ProbeResult> {
  const { id, kind, method, path, headers, body } = request;
  try {
    const url = `https://checkout.example${path}`;
    const asked = entrypoint.fetch(url, { method, headers, body, redirect: "manual", signal });
    const response = await Promise.race([asked, late]);
    await Promise.race([readToEnd(response), late]);
    const threw = response.headers.get(THREW);
    return {
      id,
      kind,
      status: response.status,
      error: threw === null ? null : brief(decodeURIComponent(threw)),
    };
  } catch (error) {
    // It did not load, ran out of its limits, or never answered.
    return { id, kind, status: 500, error: brief(error instanceof Error ? error.message : String(error)) };
  }
}

/** An answer counts when all of it has come: a fault may as well show after its status line. */
async function readToEnd({ body }: Response): Promise<void> {
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > MAX_BODY) throw new Error(`an answer of more than ${MAX_BODY} bytes`);
  }
}

/** The checkout may be anybody's code: it can set the header itself, and throw whatever it likes. */
function brief(message: string): string {
  return message.slice(0, MAX_MESSAGE).toWellFormed();
}
