// One run: drives alert, evidence, proposal, pause, decision, execution, outcome and handoff. It holds no status: everything it
// answers is a projection of the receipts, and a restart is a fold. A subclass says its domain and its planner, and nothing else.
import { DurableObject } from "cloudflare:workers";
import { type Bundle, checkAnchors, createBundle, intentOf, nextStep, runStatus } from "../chain/index.ts";
import type { Domain, Json, Planner } from "../domain/index.ts";
import { type DecisionRequest, decide, intend, type RunRequest } from "../engine/index.ts";
import { canonicalBytes, type Digest, refuse, SIGNER_OF, toBase64 } from "../receipt/index.ts";
import { CANNOT_OPEN } from "./cannot-open.ts";
import type { RunEnv } from "./env.ts";
import { lineageView } from "./lineage.ts";
import type { OpenRun } from "./open-run.ts";
import { RESUME_AFTER_MS } from "./outbox.ts";
import { putResource } from "./put-resource.ts";
import { readGate } from "./read-gate.ts";
import { whyAbsent } from "./retention.ts";
import type { IntentView, ParentRequest, RunApi, RunResult, StartRequest, Waits } from "./run-api.ts";
import { RunOpener } from "./run-opener.ts";
import type { LineageView, Note, ReceiptList } from "./run-records.ts";
import { type RunStory, runStory } from "./run-story.ts";
import { type Gate, type RunView, runView } from "./run-view.ts";
import { type Beginning, begin } from "./start-run.ts";
import { storedBundle } from "./stored-bundle.ts";
import { trustPath } from "./under-name.ts";
import { within } from "./within.ts";

/** Longest pass of a script, in milliseconds. */
const SCRIPT_TIMEOUT_MS = 20_000;

export abstract class RunDurableObject<Env extends RunEnv = RunEnv>
  extends DurableObject<Env>
  implements RunApi
{
  /** What the runs of this class change. */
  abstract readonly domain: Domain<Env>;
  /** The agent, or how to make it from the Worker's bindings. */
  abstract planner: Planner | ((env: Env) => Planner);
  /** The clock, in milliseconds since 1970. Tests put another in its place. */
  now: () => number = () => Date.now();
  /** Longest pass of a script. Tests put another in its place. */
  scriptTimeoutMs: number = SCRIPT_TIMEOUT_MS;

  #planner: Planner | null = null;
  readonly #opener = new RunOpener({
    ctx: this.ctx,
    env: this.env,
    domain: () => this.domain,
    planner: () => this.#plannerNow(),
    now: () => this.now(),
    scriptTimeoutMs: () => this.scriptTimeoutMs,
  });

  /**
   * Starts the run, or answers for the one already started with the same request. Nothing is signed here: the request is
   * stored, the alarm is set, and the loop does the rest, so that a crash at any point loses nothing.
   */
  async start(run: string, request: StartRequest, { waitMs }: Waits): Promise<RunResult<RunView>> {
    return this.#begin(run, request, { kind: "fresh" }, waitMs);
  }

  /** Starts a run that continues a finished one, once that one's whole chain has been verified; else as {@link start}. */
  async continueFrom(
    run: string,
    request: StartRequest,
    parent: ParentRequest,
    { waitMs }: Waits,
  ): Promise<RunResult<RunView>> {
    return this.#begin(run, request, { kind: "continued", parent }, waitMs);
  }

  /** Starts a run that undoes an execution of a finished one. */
  async revert(
    run: string,
    request: StartRequest,
    parent: string,
    execution: Digest,
    { waitMs }: Waits,
  ): Promise<RunResult<RunView>> {
    return this.#begin(run, request, { kind: "reverting", parent: { run: parent }, execution }, waitMs);
  }

  /** Signs a reviewer's decision on the open proposal, if it is the one they saw, and carries it out. */
  async decide(request: DecisionRequest, { waitMs }: Waits): Promise<RunResult<RunView>> {
    const opened = await this.#opener.open();
    if (!opened.ok) return opened;
    opened.value.upkeep.beforeCommit();
    const signed = await decide(opened.value.context, request);
    if (!signed.ok) {
      if (signed.refusal.code === "ERR_DECISION_LATE") this.ctx.waitUntil(this.#carryOn());
      return signed;
    }
    return this.#answer(waitMs);
  }

  async intent(request: Omit<DecisionRequest, "proposal" | "assertion">): Promise<RunResult<IntentView>> {
    const opened = await this.#opener.open();
    if (!opened.ok) return opened;
    const { context } = opened.value;
    const intended = intend(context, request);
    if (!intended.ok) return intended;
    const isDue = nextStep(context.chain.state)?.kind === "decision";
    const intent = isDue ? intentOf(context.chain.state, intended.value) : null;
    if (!intent)
      return refuse("ERR_DECISION_STALE", "no proposal is open for a decision now; look at the run again");
    return { ok: true, value: { intent, bytes: toBase64(canonicalBytes(intent)) } };
  }

  /** The run as it is. */
  async view(): Promise<RunResult<RunView>> {
    return this.#tell(({ context, keys }) => runView(context, trustPath(keys)));
  }

  /** All that the run's page tells, in one answer. */
  async story(): Promise<RunResult<RunStory>> {
    return this.#tell(async ({ context, keys }) => {
      const { chain, store } = context;
      const logged = await checkAnchors(store.anchors(), chain.state, chain.receipts, chain.trust);
      return runStory(context, this.#opener.side, trustPath(keys), logged.ok ? logged.value : []);
    });
  }

  /** Every receipt with its statement. */
  async receipts(): Promise<RunResult<ReceiptList>> {
    return this.#tell(({ context: { chain } }) => ({
      run: chain.run,
      status: runStatus(chain.state),
      head: chain.state.head,
      receipts: chain.receipts.map(({ kind, digest, envelope, statement }) => ({
        seq: statement.predicate.seq,
        kind,
        role: SIGNER_OF[kind],
        digest,
        envelope,
        statement,
      })),
    }));
  }

  /** The receipts and every artifact they name. Those of a run that cannot be opened are handed out too: they are evidence. */
  async bundle(): Promise<RunResult<Bundle>> {
    const told = await this.#tell(({ context: { chain, store } }) =>
      createBundle(chain.run, chain.receipts, store.artifacts, store.anchors()),
    );
    const run = !told.ok && CANNOT_OPEN.has(told.refusal.code) ? this.#opener.store.run() : null;
    return run === null ? told : { ok: true, value: storedBundle(run, this.#opener.store) };
  }

  /** The runs before this one and after it. */
  async lineage(): Promise<RunResult<LineageView>> {
    return this.#tell(({ context }) => lineageView(context, this.#opener.side));
  }

  /** The exact bytes of an artifact by the hex of its SHA-256. */
  async artifact(sha256: string): Promise<RunResult<Uint8Array>> {
    return this.#tellResult(({ context: { store } }) => {
      const bytes = store.artifact(sha256);
      return bytes
        ? { ok: true, value: bytes }
        : refuse("ERR_ARTIFACT_MISSING", `this run has no artifact ${sha256}`);
    });
  }

  /** What a runtime may do now. Always from storage, never from what this instance remembers. */
  async gate(): Promise<RunResult<Gate>> {
    return readGate(this.env, this.#opener.store, this.#opener.side, this.now);
  }

  /** Somebody else's change of one of the run's own resources: the drift that an approval must survive. */
  async putResource(name: string, content: Json): Promise<RunResult<null>> {
    return this.#tellResult(({ context }) => putResource(context, name, content));
  }

  /** Keeps an unsigned note beside the chain. */
  async note(note: Note): Promise<RunResult<null>> {
    if (this.#opener.store.run() === null) return whyAbsent(this.#opener.store, this.#opener.side);
    this.#opener.side.putNote(note);
    return { ok: true, value: null };
  }

  /** The last unsigned note of a kind beside the chain, or null. */
  async lastNote(kind: Note["kind"]): Promise<RunResult<Note | null>> {
    if (this.#opener.store.run() === null) return whyAbsent(this.#opener.store, this.#opener.side);
    return { ok: true, value: this.#opener.side.notes(kind, 1)[0] ?? null };
  }

  /** Takes up whatever is due: a step that was cut off, a proposal that nobody answered, a report that did not arrive. */
  override async alarm(): Promise<void> {
    const opened = await this.#opener.open();
    if (!opened.ok) return this.#opener.comeBack(opened.refusal.code);
    const { upkeep, retention } = opened.value;
    upkeep.alarmWentOff();
    if (retention.isOver()) {
      if (await retention.remove()) this.#opener.forget();
      return;
    }
    await Promise.all([this.#carryOn(), upkeep.deliver()]);
  }

  /** Lets the Worker's client watch the run over a WebSocket. A refusal comes back as JSON, for the edge to tell. */
  override async fetch(): Promise<Response> {
    const opened = await this.#opener.open();
    if (!opened.ok) return Response.json(opened.refusal, { status: 409 });
    const { state } = opened.value.context.chain;
    const joined = this.#opener.live.join({ head: state.head, status: runStatus(state) });
    if (!joined.ok) return Response.json(joined.refusal, { status: 409 });
    return new Response(null, { status: 101, webSocket: joined.value });
  }

  /** Sockets of a run only listen. */
  override webSocketMessage(socket: WebSocket): void {
    socket.close(1008, "expected no message but ping");
  }

  /** The opened run, for tests that walk it step by step. */
  async open(): Promise<RunResult<OpenRun>> {
    return this.#opener.open();
  }

  async #begin(
    run: string,
    request: StartRequest,
    beginning: Beginning,
    waitMs: number,
  ): Promise<RunResult<RunView>> {
    const { env, domain } = this;
    const { store, side } = this.#opener;
    const answerKnown = () => this.#answerKnown(request.asked, waitMs);
    const known = answerKnown();
    if (known) return known;
    const prepared = await begin({ env, domain }, request, beginning);
    if (!prepared.ok) return prepared;
    // The same request may have come twice and got here first.
    const meanwhile = answerKnown();
    if (meanwhile) return meanwhile;
    // Set first: a crash in between is taken up by the alarm.
    const armed = this.ctx.storage.setAlarm(Date.now() + RESUME_AFTER_MS);
    store.transaction(() => {
      store.create(run, prepared.value.request);
      side.create();
      prepared.value.seed(store);
    });
    await armed;
    return this.#answer(waitMs);
  }

  /** The answer for a run that has been started already, or null when it has not. */
  #answerKnown(
    asked: RunRequest["asked"],
    waitMs: number,
  ): Promise<RunResult<RunView>> | RunResult<RunView> | null {
    const { store, side } = this.#opener;
    // A name is one run's for good: two chains of the same name could not be told apart.
    if (store.run() === null) return store.version() !== null || side.gone() ? whyAbsent(store, side) : null;
    const known = this.#opener.readRequest();
    if (!known.ok) return known;
    if (known.value?.body.asked === asked) return this.#answer(waitMs);
    const message = "this Idempotency-Key started a run with another body; use a fresh key";
    return refuse("ERR_IDEMPOTENCY_KEY_REUSED", message);
  }

  async #answer(waitMs: number): Promise<RunResult<RunView>> {
    const done = this.#carryOn();
    this.ctx.waitUntil(done);
    if (waitMs > 0) await within(done, waitMs);
    return this.view();
  }

  /** Drives the run until it waits. Never throws. */
  async #carryOn(): Promise<void> {
    const opened = await this.#opener.open();
    if (!opened.ok) return;
    await opened.value.upkeep.carryOn();
    if (opened.value.upkeep.isCorrupt) this.#opener.forget();
  }

  #plannerNow(): Planner {
    if (typeof this.planner !== "function") return this.planner;
    this.#planner ??= this.planner(this.env);
    return this.#planner;
  }

  /** A projection of the opened run, or why it cannot be opened. */
  async #tell<Value>(project: (run: OpenRun) => Value | Promise<Value>): Promise<RunResult<Value>> {
    return this.#tellResult(async (run) => ({ ok: true, value: await project(run) }));
  }

  async #tellResult<Value>(
    project: (run: OpenRun) => RunResult<Value> | Promise<RunResult<Value>>,
  ): Promise<RunResult<Value>> {
    const opened = await this.#opener.open();
    return opened.ok ? project(opened.value) : opened;
  }
}
