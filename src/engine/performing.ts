// Makes the approved call, once, from the signed action's bytes, under the fence. The script has no part in it: it only receives the
// result. What the fence says happened is what is told; what a call returned or threw decides no more than the row it leaves.
import {
  type Action,
  approvalAtHead,
  type ChainState,
  previewedEffects,
  type Round,
  readAction,
} from "../chain/index.ts";
import type { AnyGatedCall } from "../domain/index.ts";
import { type Digest, isDigest, subjectDigest } from "../receipt/index.ts";
import { holdBack } from "./anchoring.ts";
import { wordsOf } from "./in-time.ts";
import { argumentsFor, declaredCall } from "./policy.ts";
import { DONE, failed, type Performed, readyCall, resolveBegun, sendFirst } from "./remote-call.ts";
import { digestOfContent, holdsJson, ResourceView } from "./resources.ts";
import { CorruptChainError } from "./run-chain.ts";
import type { RunContext } from "./run-context.ts";
import { StepFailure } from "./step-failure.ts";
import { afterContents } from "./steps/sign-round.ts";
import { fitJson } from "./texts.ts";
import { readOutside } from "./world.ts";

/** Takes the approved call one step on, from what its fence says. Safe to repeat, also after a restart at any point. */
export async function perform(run: RunContext, round: Round, decision: Digest): Promise<Performed> {
  const row = run.store.fence(decision);
  if (row?.state === "done") return DONE;
  if (row?.state === "closed") return failed("The approval was closed before its call was made.");
  const action = signedAction(run, round);
  if (row) return resolveBegun(run, readyCall(run, round, decision, action), decision, row.since);
  const held = await holdBack(run, round);
  if (held) return held;
  const state = await verifiedState(run);
  if (!round.call.own) return performRemotely(run, state, round, decision, action);
  const declared = declaredCall(run.domain, action);
  if (declared && !declared.remote) return performLocally(run, state, round, decision, action, declared);
  return failed(`The domain no longer has ${action.connector}.${action.method} on the run's own resources.`);
}

/** The action from the signed bytes: what is in memory has been in a domain's and a planner's hands. */
function signedAction(run: RunContext, { proposal }: Round): Action {
  const bytes = run.store.artifact(subjectDigest(proposal.statement, "action") ?? "");
  const action = readAction(bytes ?? new Uint8Array());
  if (!action.ok) throw new StepFailure("The approved call's stored bytes are missing or altered.");
  return action.value;
}

/** The state that the stored rows fold to, verified anew. @throws {CorruptChainError} when they do not verify, or end elsewhere. */
async function verifiedState(run: RunContext): Promise<ChainState> {
  const { state, refusal } = await run.stored.verify();
  if (refusal) throw new CorruptChainError(run.chain.run, refusal, refusal.seq);
  const { head } = run.chain.state;
  if (state.head === head) return state;
  // Receipts that are gone leave a chain that verifies: it is not the one that this instance has folded.
  const message = `expected the stored chain to end at ${head}, got ${state.head}`;
  throw new CorruptChainError(run.chain.run, { code: "ERR_PREV", message }, state.count);
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
  action: Action,
  declared: AnyGatedCall<unknown>,
): Performed {
  const { store, own, now } = run;
  try {
    return store.transaction(() => {
      mustBeDue(run, state, decision);
      const drift = previewedEffects(round).find(({ resource, before }) => own.digest(resource) !== before);
      if (drift) return failed(driftReason(drift.resource, drift.before, own.digest(drift.resource)));
      const result = applyLocally(run, round, action, declared);
      store.finishFence(decision, now(), store.putArtifact(fitJson(result)));
      return DONE;
    });
  } catch (error) {
    return failed(`The call failed, and nothing was changed: ${wordsOf(error)}`);
  }
}

function applyLocally(
  run: RunContext,
  round: Round,
  action: Action,
  declared: AnyGatedCall<unknown>,
): unknown {
  const effects = previewedEffects(round);
  const view = new ResourceView(run.own.contents(), (name) => holdsJson(run.domain, name));
  try {
    const wanted = new Map(
      afterContents(run, effects, action).map((content, i) => [effects[i]?.resource ?? "", content]),
    );
    let result: unknown = null;
    if (declared.local) {
      result = declared.local(argumentsFor(declared, action), view, [...wanted.keys()]);
      if (isThenable(result)) {
        // It goes on, and finds its view closed: what it then throws is nobody's news.
        Promise.resolve(result).catch(() => {});
        throw new Error("expected a local call to be synchronous, got a promise");
      }
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
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject && "then" in value && typeof value.then === "function";
}

/** `begun` is committed before the call leaves: at most once. */
async function performRemotely(
  run: RunContext,
  state: ChainState,
  round: Round,
  decision: Digest,
  action: Action,
): Promise<Performed> {
  // Whatever can fail before anything leaves fails here: after `begun` nobody could tell that nothing was sent.
  const call = readyCall(run, round, decision, action);
  const drift = await findDrift(run, round);
  if (drift !== null) return failed(drift);
  const since = run.now();
  run.store.transaction(() => {
    mustBeDue(run, state, decision);
    run.store.beginFence(decision, since);
  });
  return sendFirst(run, call, decision, since);
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

function driftReason(resource: string, before: Digest | null | "unknown", now: Digest | null): string {
  const show = (digest: Digest | null | "unknown") => (isDigest(digest) ? digest : "nothing");
  return `${resource} has changed since the proposal: expected ${show(before)}, found ${show(now)}. It is left as it is.`;
}
