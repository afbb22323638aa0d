// A client of many runs: starts them, looks at them, decides as planned, and waits for the next receipt where there is nothing
// to do. When the server dies under it, it is cut off and simply stops; another takes up its runs from the ledgers.
import type { RunView } from "../../../src/host/run-view.ts";
import type { Ledger } from "./ledger.ts";

/** Thrown for an answer that no client should ever get. */
export class WrongAnswerError extends Error {}

/** Longest time without news of a run that owes a step, in milliseconds. Then it is stuck. */
const PATIENCE_MS = 90_000;

/** Hears of each answer to a POST, and that an approval is sent. */
export interface Listener {
  answered(): void;
  approves(): void;
}

/** Carries one run to its end, or until the server is gone (which throws). */
export async function carry(origin: string, ledger: Ledger, listener: Listener): Promise<void> {
  while (!ledger.ended) {
    const starts = ledger.run === null;
    const view = await look(origin, ledger);
    if (starts) listener.answered();
    ledger.hear(view);
    if (view.pending) {
      const { proposal } = view.pending;
      if (ledger.decisionOn(proposal) === "approve") listener.approves();
      await decide(origin, ledger, view, proposal);
      listener.answered();
    } else if (!ledger.ended) await nextNews(origin, view);
  }
}

async function look(origin: string, { run, key }: Ledger): Promise<RunView> {
  if (run !== null) return read(await fetch(`${origin}/api/runs/${run}`), 200);
  const headers: Record<string, string> = { "idempotency-key": key };
  if (Math.random() < 0.5) headers.prefer = "respond-async";
  return read(await fetch(`${origin}/api/runs`, { method: "POST", headers }), 201);
}

async function decide(origin: string, ledger: Ledger, { run }: RunView, proposal: string): Promise<void> {
  const decision = ledger.decisionOn(proposal);
  const answer = await fetch(`${origin}/api/runs/${run}/${decision}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      proposal,
      ...(decision === "request-changes" && { feedback: "Answer 409 instead." }),
    }),
  });
  // Sent before, by one who was cut off before the answer.
  if (answer.status === 409) return void (await answer.body?.cancel());
  ledger.hear(await read(answer, 200));
  ledger.counts(proposal);
}

async function read(answer: Response, status: number): Promise<RunView> {
  const text = await answer.text();
  // A server that dies, or has only just come, may answer for the run that it is not available.
  if (answer.status === 503) throw new Error(text);
  if (answer.status !== status)
    throw new WrongAnswerError(`expected ${status}, got ${answer.status}: ${text}`);
  return JSON.parse(text) as RunView;
}

/** Waits until the run's head is another than this client has seen. */
function nextNews(origin: string, { run, head }: RunView): Promise<void> {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/api/runs/${run}/live`);
  return new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new WrongAnswerError(`${run} is stuck after ${head}`)), PATIENCE_MS);
    socket.addEventListener("message", ({ data }) => {
      if (JSON.parse(String(data)).head !== head) resolve();
    });
    socket.addEventListener("error", () => reject(new Error("the server is gone")));
    socket.addEventListener("close", () => {
      clearTimeout(late);
      reject(new Error("the server is gone"));
    });
  }).finally(() => socket.close());
}
