// The probe: loads a checkout's source into a fresh isolate of its own and sends it every request of the mix.
// The source may be anybody's: it reaches no network and no binding, may lie about itself as an answer, and cannot hold the probe up.
import * as z from "zod";
import type { Measurement } from "../domain/index.ts";
import { type Answer, brief, MAX_MESSAGE, sumUp } from "./judge-answers.ts";
import { PROBE_REQUESTS, requestParts } from "./probe-requests.ts";
import { reachedModules } from "./reached-modules.ts";
import { MAIN } from "./source/index.ts";

const ALL_REQUESTS = JSON.stringify(PROBE_REQUESTS.map((request) => [request.id, ...requestParts(request)]));

const answerSchema = z.object({
  id: z.string(),
  status: z.int(),
  body: z.string(),
  error: z.string().nullable(),
});

/** Longest probe, in milliseconds. A request without an answer by then counts as failed. */
const PROBE_TIMEOUT_MS = 10_000;
/** Longest body of an answer, in bytes. One that is longer counts as failed: no answer of a checkout is. */
const MAX_BODY = 1024 * 1024;
/** Longest text of all answers together, in UTF-16 code units. What comes after it is not read. */
const MAX_ANSWERS = 8 * MAX_BODY;
/** What a loaded Worker may use of CPU and subrequests, for all requests together. */
const LIMITS = { cpuMs: 2_000, subRequests: 200 } as const;

const ENTRY = "probe-entry.js";
/**
 * Stands before the checkout, gives it every request at once, and tells each answer on a line of its own as soon as it is there: one call
 * into the isolate is a third of the price of one for each. It tells what the checkout threw, too, which its own users would see as a
 * bare 500. What it says is the checkout's word, which shares its isolate.
 */
const ENTRY_SOURCE = `
import worker from "./${MAIN}";
async function read({ body }) {
  const decoder = new TextDecoder();
  let length = 0;
  let text = "";
  for await (const part of body ?? []) {
    length += part.length;
    if (length > ${MAX_BODY}) throw new Error("an answer of more than ${MAX_BODY} bytes");
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
function tell(error) {
  try {
    return String(error?.message ?? error).slice(0, ${MAX_MESSAGE});
  } catch {
    return "it threw something that cannot be told in words";
  }
}
async function ask([id, url, init], env, ctx) {
  try {
    const response = await worker.fetch(new Request(url, init), env, ctx);
    if (!(response instanceof Response)) throw new TypeError("the answer is no Response");
    return { id, status: response.status, body: await read(response), error: null };
  } catch (error) {
    return { id, status: 500, body: "", error: tell(error) };
  }
}
export default {
  async fetch(request, env, ctx) {
    const requests = await request.json();
    const encoder = new TextEncoder();
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    let lines = "";
    const write = async () => {
      const text = lines;
      lines = "";
      await writer.write(encoder.encode(text));
    };
    const answers = requests.map(async (one) => {
      const answer = await ask(one, env, ctx);
      if (lines === "") setTimeout(write, 0);
      lines += JSON.stringify(answer) + "\\n";
    });
    ctx.waitUntil(Promise.all(answers).then(write).then(() => writer.close()));
    return new Response(readable);
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
  // An isolate that ends itself never answers, and does not heed an abort either: so each wait also races the clock.
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  deadline.signal.addEventListener("abort", () => late.reject(new Error("no answer in time")));
  const end = () => deadline.abort();
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  const answers = new Map<string, Answer>();
  let failure = "no answer";
  try {
    const asked = entrypoint.fetch("https://probe.example", {
      method: "POST",
      body: ALL_REQUESTS,
      signal: deadline.signal,
    });
    for await (const line of linesOf(await Promise.race([asked, late.promise]), late.promise)) {
      const answer = readAnswer(line);
      if (answer && !answers.has(answer.id)) answers.set(answer.id, answer);
    }
  } catch (error) {
    // It did not load, ran out of its limits, or never answered.
    failure = brief(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
  return sumUp(answers, failure);
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

/** The lines of a body, each as soon as it is whole. */
async function* linesOf({ body }: Response, late: Promise<never>): AsyncGenerator<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (let length = 0; reader && length <= MAX_ANSWERS; ) {
    const { done, value } = await Promise.race([reader.read(), late]);
    if (done) return;
    const text = decoder.decode(value, { stream: true });
    length += text.length;
    const [first = "", ...others] = text.split("\n");
    rest += first;
    for (const line of others) {
      yield rest;
      rest = line;
    }
  }
}

/** What the isolate says is anybody's: null for what is no answer. */
function readAnswer(line: string): (Answer & { readonly id: string }) | null {
  try {
    const { data } = answerSchema.safeParse(JSON.parse(line));
    return data ? { ...data, error: data.error === null ? null : brief(data.error) } : null;
  } catch {
    return null;
  }
}
