// Makes the approved call, once, from the signed action's bytes, under the fence. The script has no part in it: it only receives the
// result. What the fence says happened is what is told; what a call returned or threw decides no more than the row it leaves.
import { approvalAtHead, type ChainState, previewedEffects, type Round } from "../chain/index.ts";
import { type AnyGatedCall, type Found, type Json, NotApplied, type RemoteContext } from "../domain/index.ts";
import { type Digest, isDigest } from "../receipt/index.ts";
import { inTime, wordsOf } from "./in-time.ts";
import { declaredCall } from "./policy.ts";
import { digestOfContent, holdsJson, ResourceView } from "./resources.ts";
import { CorruptChainError } from "./run-chain.ts";
import { type RunContext, StepFailure } from "./run-context.ts";
import { afterContents } from "./steps/sign-round.ts";
import type { FenceRow } from "./store.ts";
import { fitJson } from "./texts.ts";
import { previewedContents, readOutside } from "./world.ts";

/** From how long after the first try an answer of "absent" counts, and how long the engine goes on, in seconds. */
const SETTLE_SECONDS = 60;
const GIVE_UP_SECONDS = 600;

/** How the call ended: done (the fence has its result), certainly not, nobody knows; or when to look again, in ms since 1970. */
export type Performed =
  | { readonly status: "done" }
  | { readonly status: "failed" | "unknown"; readonly reason: string }
  | { readonly status: "waiting"; readonly until: number };

const DONE: Performed = { status: "done" };
const failed = (reason: string): Performed => ({ status: "failed", reason });

/** Takes the approved call one step on, from what its fence says. Safe to repeat, also after a restart at any point. */
export async function perform(run: RunContext, round: Round, decision: Digest): Promise<Performed> {
  const declared = declaredCall(run.domain, round.action);
  const row = run.store.fence(decision);
  switch (row?.state) {
    case "done":
      return DONE;
    case "closed":
      return failed("The approval was closed before its call was made.");
    case "begun":
      return resolve(run, round, decision, row, declared);
    case undefined:
      break;
  }
  const state = await verifiedState(run);
  return round.call.own && declared
    ? performLocally(run, state, round, decision, declared)
    : performRemotely(run, state, round, decision, declared);
}

/** The state that the stored rows fold to, verified anew. @throws {CorruptChainError} when they do not verify. */
async function verifiedState(run: RunContext): Promise<ChainState> {
  const { state, refusal } = await run.stored.verify();
  if (refusal) throw new CorruptChainError(run.chain.run, refusal, refusal.seq);
  return state;
}

/** Positive evidence, in the transaction of the effect: the approval stands at the verified head, and nothing has used it up. */
function mustBeDue(run: RunContext, state: ChainState, decision: Digest): void {
  const approval = approvalAtHead(state);
  if (run.store.head().digest !== state.head || approval?.digest !== decision) {
    throw new Error("the chain has moved on");
  }
  if (run.store.fence(decision)) throw new Error("the approval is used up");
}

/** Effect and fence in one transaction: exactly once. */
function performLocally(
  run: RunContext,
  state: ChainState,
  round: Round,
  decision: Digest,
  declared: AnyGatedCall<unknown>,
): Performed {
  const { store, own, now } = run;
  try {
    return store.transaction(() => {
      mustBeDue(run, state, decision);
      const drift = previewedEffects(round).find(({ resource, before }) => own.digest(resource) !== before);
      if (drift) return failed(driftReason(drift.resource, drift.before, own.digest(drift.resource)));
      const result = applyLocally(run, round, declared);
      store.finishFence(decision, now(), store.putArtifact(fitJson(result)));
      return DONE;
    });
  } catch (error) {
    return failed(`The call failed, and nothing was changed: ${wordsOf(error)}`);
  }
}

function applyLocally(run: RunContext, round: Round, declared: AnyGatedCall<unknown>): Json | unknown {
  const effects = previewedEffects(round);
  const view = new ResourceView(run.own.contents(), (name) => holdsJson(run.domain, name));
  try {
    const wanted = new Map(
      afterContents(run, effects, round.action).map((content, i) => [effects[i]?.resource ?? "", content]),
    );
    let result: unknown = null;
    if (declared.local) {
      result = declared.local(declared.args.parse(round.action.args) as never, view, [...wanted.keys()]);
      if (isThenable(result)) throw new Error("expected a local call to be synchronous, got a promise");
    } else for (const [name, content] of wanted) view.put(name, content);
    checkChanges(view, effects);
    for (const [name, content] of view.changed) run.own.put(name, content);
    return result;
  } finally {
    view.close();
  }
}

/** What a local call changed is what its templates say, and all of it. */
function checkChanges(view: ResourceView, effects: ReturnType<typeof previewedEffects>): void {
  const named = new Map(effects.map(({ resource, after }) => [resource, after]));
  for (const [name] of view.changed) {
    if (!named.has(name)) throw new Error(`the call would change ${name}, which its effects do not name`);
  }
  for (const [name, after] of named) {
    if (digestOfContent(view.get(name)) !== after)
      throw new Error(`the call would leave ${name} otherwise than approved`);
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** `begun` is committed before the call leaves: at most once. */
async function performRemotely(
  run: RunContext,
  state: ChainState,
  round: Round,
  decision: Digest,
  declared: AnyGatedCall<unknown> | null,
): Promise<Performed> {
  const drift = await findDrift(run, round);
  if (drift !== null) return failed(drift);
  const since = run.now();
  run.store.transaction(() => {
    mustBeDue(run, state, decision);
    run.store.beginFence(decision, since);
  });
  return send(run, round, decision, { state: "begun", since }, declared);
}

/** At its best: between this look and the call somebody may still come first. `send` gets what was previewed, for an `If-Match`. */
async function findDrift(run: RunContext, round: Round): Promise<string | null> {
  const known = previewedEffects(round).filter(({ before }) => before !== "unknown");
  if (known.length === 0 || !run.domain.read) return null;
  let now: Awaited<ReturnType<typeof readOutside>>;
  try {
    now = await readOutside(
      run,
      known.map(({ resource }) => resource),
    );
  } catch (error) {
    throw new StepFailure(`Whether anything changed since the proposal cannot be seen: ${wordsOf(error)}`);
  }
  const drift = known.find(({ resource, before }) => digestOfContent(now.get(resource)) !== before);
  return drift ? driftReason(drift.resource, drift.before, digestOfContent(now.get(drift.resource))) : null;
}

async function send(
  run: RunContext,
  round: Round,
  decision: Digest,
  row: FenceRow,
  declared: AnyGatedCall<unknown> | null,
): Promise<Performed> {
  try {
    const result = await inTime("the call", run.patience.send, (signal) =>
      declared?.remote
        ? declared.remote.send(
            declared.args.parse(round.action.args) as never,
            remoteContext(run, round, decision, signal),
          )
        : sendPlainly(run, round),
    );
    return finish(run, decision, result);
  } catch (error) {
    if (error instanceof NotApplied) return failed(`The call did not happen: ${wordsOf(error)}`);
    return later(run, row, declared, wordsOf(error));
  }
}

function sendPlainly(run: RunContext, round: Round): Promise<unknown> {
  const { connector, method, args } = round.action;
  const plain = run.scripts.plain(connector);
  if (!plain) throw new NotApplied(`the domain no longer has ${connector}.${method}`);
  const executionId = round.preview?.statement.predicate.execution?.id ?? "";
  return plain.executeTool(method, args, { executionId });
}

/** A call that was begun, of which nobody here knows whether it happened: goes by what it declares. */
async function resolve(
  run: RunContext,
  round: Round,
  decision: Digest,
  row: FenceRow,
  declared: AnyGatedCall<unknown> | null,
): Promise<Performed> {
  const remote = declared?.remote;
  if (remote?.repeatable) return send(run, round, decision, row, declared);
  if (!remote?.find) return later(run, row, declared, "its answer was lost");
  let found: Found;
  try {
    found = await inTime(
      "the look for the call",
      run.patience.read,
      async (signal) =>
        remote.find?.(
          declared?.args.parse(round.action.args) as never,
          remoteContext(run, round, decision, signal),
        ) ?? "unknown",
    );
  } catch (error) {
    return later(run, row, declared, wordsOf(error));
  }
  if (typeof found === "object" && found !== null && "result" in found)
    return finish(run, decision, found.result);
  const age = run.now() - row.since;
  if (found === "absent" && age >= (remote.settleSeconds ?? SETTLE_SECONDS) * 1000) {
    return failed("The call did not happen: the other side has not heard of it.");
  }
  return later(
    run,
    row,
    declared,
    found === "absent" ? "the other side has not heard of it yet" : "the other side does not know",
  );
}

function finish(run: RunContext, decision: Digest, result: unknown): Performed {
  const { store, now } = run;
  const row = store.transaction(() => store.finishFence(decision, now(), store.putArtifact(fitJson(result))));
  return row?.state === "done" ? DONE : failed("The approval was closed before its call was made.");
}

/** When to look again, with pauses that grow with the call's age; or that nobody can know. */
function later(
  run: RunContext,
  row: FenceRow,
  declared: AnyGatedCall<unknown> | null,
  why: string,
): Performed {
  const remote = declared?.remote;
  const reason = `The call was sent, and it may or may not have happened: ${why}.`;
  if (!remote?.repeatable && !remote?.find) return { status: "unknown", reason };
  const now = run.now();
  const end = row.since + (remote.giveUpSeconds ?? GIVE_UP_SECONDS) * 1000;
  if (now >= end) return { status: "unknown", reason };
  const pause = Math.min(60_000, Math.max(run.patience.retry / 2, now - row.since));
  // Exactly when "absent" begins to count is a good moment, too.
  const settled = row.since + (remote.settleSeconds ?? SETTLE_SECONDS) * 1000;
  const next = now + pause;
  return { status: "waiting", until: Math.min(end, now < settled && next > settled ? settled : next) };
}

function remoteContext(
  run: RunContext,
  round: Round,
  decision: Digest,
  signal: AbortSignal,
): RemoteContext<unknown> {
  const before = previewedContents(run, previewedEffects(round));
  return { env: run.env, signal, idempotencyKey: decision, before };
}

function driftReason(resource: string, before: Digest | null | "unknown", now: Digest | null): string {
  const show = (digest: Digest | null | "unknown") => (isDigest(digest) ? digest : "nothing");
  return `${resource} has changed since the proposal: expected ${show(before)}, found ${show(now)}. It is left as it is.`;
}
