// A call on another system, once `begun` is committed: sends it, and where its answer was lost goes by what the call declares. It never
// guesses: whatever nobody can know is told as unknown.
import { type Action, previewedEffects, type Round } from "../chain/index.ts";
import { type Found, NotApplied } from "../domain/index.ts";
import type { Digest } from "../receipt/index.ts";
import { inTime, wordsOf } from "./in-time.ts";
import { argumentsFor, declaredCall } from "./policy.ts";
import type { RunContext } from "./run-context.ts";
import { StepFailure } from "./step-failure.ts";
import { fitJson, quote } from "./texts.ts";
import { previewedContents } from "./world.ts";

/** From how long after the first try an answer of "absent" counts, and how long the engine goes on, in seconds. */
const SETTLE_SECONDS = 60;
const GIVE_UP_SECONDS = 600;

/** How the call ended: done (the fence has its result), certainly not, nobody knows; or when to look again, in ms since 1970. */
export type Performed =
  | { readonly status: "done" }
  | { readonly status: "failed" | "unknown"; readonly reason: string }
  | { readonly status: "waiting"; readonly until: number };

export const DONE: Performed = { status: "done" };
export const failed = (reason: string): Performed => ({ status: "failed", reason });
const unknown = (why: string): Performed => ({
  status: "unknown",
  reason: `The call was sent, and it may or may not have happened: ${why}.`,
});

/** A call that is ready to leave, and what it declares. Times are in ms. */
export interface ReadyCall {
  readonly send: (signal: AbortSignal) => Promise<unknown>;
  readonly find: ((signal: AbortSignal) => Promise<Found>) | null;
  readonly repeatable: boolean;
  readonly settle: number;
  readonly giveUp: number;
}

/**
 * Makes a call ready: the domain's declaration of it, or else a plain connector's tool, which is neither repeatable nor found.
 * @throws when it cannot be made any more, with nothing sent.
 */
export function readyCall(run: RunContext, round: Round, decision: Digest, action: Action): ReadyCall {
  const declared = declaredCall(run.domain, action);
  const remote = declared?.remote;
  if (!declared || !remote) return readyPlainCall(run, round, action);
  const before = previewedContents(run, previewedEffects(round));
  const context = (signal: AbortSignal) => ({ env: run.env, signal, idempotencyKey: decision, before });
  const args = () => argumentsFor(declared, action);
  args(); // what does not fit any more is to be known now
  const { find, repeatable = false, settleSeconds, giveUpSeconds } = remote;
  return {
    send: async (signal) => remote.send(args(), context(signal)),
    find: find ? async (signal) => remote.find?.(args(), context(signal)) ?? "unknown" : null,
    repeatable,
    settle: (settleSeconds ?? SETTLE_SECONDS) * 1000,
    giveUp: (giveUpSeconds ?? GIVE_UP_SECONDS) * 1000,
  };
}

function readyPlainCall(run: RunContext, round: Round, { connector, method, args }: Action): ReadyCall {
  const plain = run.scripts.plain(connector);
  if (!plain) throw new StepFailure(`The domain no longer has ${connector}.${method}.`);
  const executionId = round.preview?.statement.predicate.execution?.id ?? "";
  return {
    send: async () => plain.executeTool(method, structuredClone(args), { executionId }),
    find: null,
    repeatable: false,
    settle: 0,
    giveUp: 0,
  };
}

/** Sends a call that has never been sent. Only here does a refusal say that it did not happen. */
export async function sendFirst(
  run: RunContext,
  call: ReadyCall,
  decision: Digest,
  since: number,
): Promise<Performed> {
  try {
    return finish(run, decision, await inTime("the call", run.patience.send, call.send));
  } catch (error) {
    if (error instanceof NotApplied) return failed(`The call did not happen: ${quote(wordsOf(error))}`);
    return later(run, call, since, quote(wordsOf(error)));
  }
}

/** A call that was begun, of which nobody here knows whether it happened: goes by what it declares. */
export async function resolveBegun(
  run: RunContext,
  call: ReadyCall,
  decision: Digest,
  since: number,
): Promise<Performed> {
  if (!call.repeatable) return lookFor(run, call, decision, since, "its answer was lost");
  try {
    return finish(run, decision, await inTime("the call", run.patience.send, call.send));
  } catch (error) {
    const words = quote(wordsOf(error));
    if (!(error instanceof NotApplied)) return later(run, call, since, words);
    // This try did nothing. An earlier one may have: it may even be why this one was refused.
    return lookFor(
      run,
      { ...call, repeatable: false },
      decision,
      since,
      `sent again, it was refused: ${words}`,
    );
  }
}

async function lookFor(
  run: RunContext,
  call: ReadyCall,
  decision: Digest,
  since: number,
  why: string,
): Promise<Performed> {
  if (!call.find) return unknown(why);
  let found: Found;
  try {
    found = await inTime("the look for the call", run.patience.read, call.find);
  } catch (error) {
    return later(run, call, since, quote(wordsOf(error)));
  }
  if (typeof found === "object" && found !== null && "result" in found)
    return finish(run, decision, found.result);
  if (found !== "absent") return later(run, call, since, "the other side does not know");
  // The first try may still be under way: until it has settled, that it is not there says nothing.
  return run.now() - since >= call.settle
    ? failed("The call did not happen: the other side has not heard of it.")
    : later(run, call, since, "the other side has not heard of it yet");
}

function finish(run: RunContext, decision: Digest, result: unknown): Performed {
  const { store, now } = run;
  const row = store.transaction(() => store.finishFence(decision, now(), store.putArtifact(fitJson(result))));
  return row?.state === "done" ? DONE : failed("The approval was closed before its call was made.");
}

/** When to look again, with pauses that grow with the call's age; or that nobody can know. */
function later(run: RunContext, call: ReadyCall, since: number, why: string): Performed {
  const now = run.now();
  const end = since + call.giveUp;
  if ((!call.repeatable && !call.find) || now >= end) return unknown(why);
  const next = now + Math.min(60_000, Math.max(run.patience.retry / 2, now - since));
  // Exactly when "absent" begins to count is a good moment, too.
  const settled = since + call.settle;
  return { status: "waiting", until: Math.min(end, now < settled && next > settled ? settled : next) };
}
