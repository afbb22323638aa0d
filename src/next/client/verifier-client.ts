// A page's hold on its verifier: starts the worker, asks it, and can stop it. Every question gets an answer, also when the
// worker dies or is stopped.
import type { Numbered, ReplyTo, Request } from "./verifier-protocol.ts";

type Reply = ReplyTo<Request>;

export interface Verifier {
  ask<R extends Request>(request: R): Promise<ReplyTo<R>>;
  /** Ends the worker, whatever it is doing. The next question starts a new one. */
  stop(): void;
}

/** Makes a verifier. Its script is loaded at the first question. */
export function createVerifierClient(): Verifier {
  const waiting = new Map<number, (reply: Reply) => void>();
  let worker: Worker | null = null;
  let count = 0;

  function start(): Worker {
    const started = new Worker(new URL("./verifier.js", import.meta.url), { type: "module" });
    started.addEventListener("message", ({ data }: MessageEvent<Numbered<Reply>>) => {
      waiting.get(data.id)?.(data.message);
      waiting.delete(data.id);
    });
    started.addEventListener("error", () =>
      end("ERR_VERIFIER", "the verifier could not be loaded, or broke down"),
    );
    return started;
  }

  function end(code: "ERR_VERIFIER" | "ERR_STOPPED", message: string): void {
    worker?.terminate();
    worker = null;
    for (const answer of waiting.values()) answer({ ok: false, refusal: { code, message } });
    waiting.clear();
  }

  return {
    ask<R extends Request>(message: R): Promise<ReplyTo<R>> {
      worker ??= start();
      const id = count++;
      const answered = new Promise<Reply>((resolve) => waiting.set(id, resolve));
      const question: Numbered<Request> = { id, message };
      worker.postMessage(question);
      // The verifier answers each request with its own kind of reply.
      return answered as Promise<ReplyTo<R>>;
    },
    stop: () => end("ERR_STOPPED", "stopped before it was done"),
  };
}
