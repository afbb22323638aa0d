// One run: drives alert, evidence, proposal, pause, decision, execution, outcome and handoff. It holds no status:
// everything it answers is a projection of the receipts, and a restart is a fold.
import { DurableObject } from "cloudflare:workers";
import { deterministicPlanner } from "../agent/deterministic-planner.ts";
import type { Planner } from "../agent/planner.ts";
import {
  type Bundle,
  createBundle,
  type Gate,
  nextStep,
  type RunView,
  runStatus,
  runView,
} from "../chain/index.ts";
import { SCRIPT_TIMEOUT_MS } from "../codemode/sandbox.ts";
import { type Digest, refuse } from "../receipt/index.ts";
import { CHECKOUT_FILES } from "../workload/checkout-source.ts";
import { PLANNER_WITHIN_MS } from "./ask-planner.ts";
import { CANNOT_OPEN, whyNotOpened } from "./cannot-open.ts";
import { trustPath } from "./deployment-names.ts";
import type { Env } from "./env.ts";
import { lineageView } from "./lineage.ts";
import { listReceipts } from "./list-receipts.ts";
import { LiveSockets } from "./live-sockets.ts";
import { NotOpened, readStored } from "./not-opened.ts";
import { type OpenRun, openRun, type RunHost } from "./open-run.ts";
import { readGate } from "./read-gate.ts";
import { readyToStart } from "./ready.ts";
import { whyAbsent } from "./retention.ts";
import type { DecisionRequest, LineageView, Patience, ReceiptList, RunResult } from "./run-api.ts";
import type { RunContext } from "./run-context.ts";
import { runIndexOf } from "./run-index-stub.ts";
import { RunRepository } from "./run-repository.ts";
import type { ContinueRequest, RunRequest } from "./run-request.ts";
import type { Note } from "./run-rows.ts";
import { RunStore } from "./run-store.ts";
import { signDecision } from "./sign-decision.ts";
import { loadSigningKeys } from "./signing-keys.ts";
import { storedBundle } from "./stored-bundle.ts";
import { continuingRequest, type TakenOver, takeOver } from "./take-over.ts";
import { RESUME_AFTER_MS } from "./teller.ts";
import { within } from "./within.ts";

export class RunDurableObject extends DurableObject<Env> {
  /** The agent. Tests put another in its place. */
  planner: Planner = deterministicPlanner;
  /** The clock, in milliseconds since 1970. Tests put another in its place. */
  now: () => number = () => Date.now();
  /** Longest pass of a script. Tests put another in its place. */
  scriptTimeoutMs: number = SCRIPT_TIMEOUT_MS;
  /** Longest that the agent may think. Tests put another in its place. */
  plannerWithinMs: number = PLANNER_WITHIN_MS;

  readonly #store = new RunStore(this.ctx.storage);
  readonly #live = new LiveSockets(this.ctx);
  readonly #notOpened = new NotOpened(this.ctx, this.#store, () => runIndexOf(this.env));
  #opening: Promise<RunResult<OpenRun>> | null = null;

  /**
   * Starts the run, or answers for the one already started with the same request. Nothing is signed here: the request is
   * stored, the alarm is set, and the loop does the rest, so that a crash at any point loses nothing.
   */
  async start(run: string, request: RunRequest, { waitMs }: Patience): Promise<RunResult<RunView>> {
    const keys = readyToStart(this.env);
    if (!keys.ok) return keys;
    const known = this.#answerKnown(request.asked, waitMs);
    if (known) return known;
    await this.store(run, request);
    return this.#answer(waitMs);
  }

  /** Starts a run that continues a finished one, once that one's whole chain has been verified; else as {@link start}. */
  async continueFrom(
    run: string,
    request: ContinueRequest,
    { waitMs }: Patience,
  ): Promise<RunResult<RunView>> {
    const keys = readyToStart(this.env);
    if (!keys.ok) return keys;
    const known = this.#answerKnown(request.asked, waitMs);
    if (known) return known;
    const parent = await takeOver(request.parent, this.env, keys.value);
    if (!parent.ok) return parent;
    // The same request may have come twice and got here first.
    const meanwhile = this.#answerKnown(request.asked, waitMs);
    if (meanwhile) return meanwhile;
    await this.store(run, continuingRequest(request, parent.value), parent.value);
    return this.#answer(waitMs);
  }

  /** Stores a request and sets the alarm that will take it up. A run that continues another starts from that one's files. */
  async store(run: string, request: RunRequest, parent: TakenOver | null = null): Promise<void> {
    // Set first: whatever happens in between, somebody comes back.
    const armed = this.ctx.storage.setAlarm(Date.now() + RESUME_AFTER_MS);
    this.#store.transaction(() => {
      this.#store.create(run, request);
      if (parent) this.#store.putArtifact(parent.bundle);
      new RunRepository(this.#store).seed(parent?.files ?? CHECKOUT_FILES);
    });
    await armed;
  }

  /** Signs a reviewer's decision on the open proposal, if it is the one they saw, and carries it out. */
  async decide(request: DecisionRequest, { waitMs }: Patience): Promise<RunResult<RunView>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const signed = signDecision(opened.value, request);
    if (!signed.ok) {
      if (signed.refusal.code === "ERR_DECISION_LATE") this.ctx.waitUntil(this.#carryOn());
      return signed;
    }
    return this.#answer(waitMs);
  }

  /** The run as it is. */
  async view(): Promise<RunResult<RunView>> {
    return this.#tell(({ chain, store, request }) => {
      const view = runView(chain.run, request.createdAt, chain.state, store.artifacts);
      return { ...view, links: { ...view.links, trust: trustPath(chain.keys) } };
    });
  }

  /** Every receipt with its statement. */
  async receipts(): Promise<RunResult<ReceiptList>> {
    return this.#tell(({ chain }) => listReceipts(chain));
  }

  /** The receipts and every artifact they name. Those of a run that cannot be opened are handed out too: they are evidence. */
  async bundle(): Promise<RunResult<Bundle>> {
    const told = await this.#tell(({ chain, store }) =>
      createBundle(chain.run, chain.receipts, store.artifacts),
    );
    const stored = !told.ok && CANNOT_OPEN.has(told.refusal.code) ? this.#store.request() : null;
    return stored ? { ok: true, value: storedBundle(stored.run, this.#store) } : told;
  }

  /** The runs before this one and after it. */
  async lineage(): Promise<RunResult<LineageView>> {
    return this.#tell(lineageView);
  }

  /** The exact bytes of an artifact by the hex of its SHA-256. */
  async artifact(sha256: string): Promise<RunResult<Uint8Array>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const bytes = this.#store.artifact(sha256);
    return bytes
      ? { ok: true, value: bytes }
      : refuse("ERR_ARTIFACT_MISSING", `this run has no artifact ${sha256}`);
  }

  /** What a resuming runtime may do now. Always from storage, never from what this instance remembers. */
  async gate(): Promise<RunResult<Gate>> {
    const keys = loadSigningKeys(this.env);
    if (!keys.ok) return keys;
    const request = this.#store.request();
    if (!request) return whyAbsent(this.#store);
    return readGate(request.run, this.#store, keys.value, this.now);
  }

  /**
   * Somebody else's edit of a file: the drift that an approval must survive. Refused once the run has written, because the
   * handoff vouches for the repository that the runtime measured. The fence knows of a write before any receipt tells of it.
   */
  async edit(path: string, content: string): Promise<RunResult<{ readonly version: number }>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const { chain, repository } = opened.value.context;
    if (this.#store.hasWritten() || nextStep(chain.state) === null) {
      return refuse("ERR_EDIT_TOO_LATE", "the run has written or ended; continue it in a new run");
    }
    const { version } = this.#store.transaction(() => repository.write(path, content));
    return { ok: true, value: { version } };
  }

  /** Keeps an unsigned note beside the chain. */
  async note(note: Note): Promise<RunResult<null>> {
    if (!this.#store.request()) return whyAbsent(this.#store);
    this.#store.putNote(note);
    return { ok: true, value: null };
  }

  /** The last unsigned note of a kind beside the chain, or null. */
  async lastNote(kind: Note["kind"]): Promise<RunResult<Note | null>> {
    if (!this.#store.request()) return whyAbsent(this.#store);
    return { ok: true, value: this.#store.notes(kind, 1)[0] ?? null };
  }

  /** Takes up whatever is due: a step that was cut off, a proposal that nobody answered, a report that did not arrive. */
  override async alarm(): Promise<void> {
    const opened = await this.#open();
    if (!opened.ok) return this.#notOpened.comeBack(opened.refusal.code);
    const { upkeep, retention } = opened.value;
    upkeep.alarmWentOff();
    if (retention.isOver()) {
      if (await retention.remove()) this.#opening = null;
      return;
    }
    await Promise.all([upkeep.carryOnAtAlarm(), upkeep.deliver()]);
  }

  /** Lets the Worker's client watch the run over a WebSocket. A refusal comes back as JSON, for the edge to tell. */
  override async fetch(): Promise<Response> {
    const opened = await this.#open();
    if (!opened.ok) return Response.json(opened.refusal, { status: 409 });
    const { state } = opened.value.context.chain;
    const joined = this.#live.join({ head: state.head, status: runStatus(state) });
    if (!joined.ok) return Response.json(joined.refusal, { status: 409 });
    return new Response(null, { status: 101, webSocket: joined.value });
  }

  /** Sockets of a run only listen. */
  override webSocketMessage(socket: WebSocket): void {
    socket.close(1008, "expected no message but ping");
  }

  /** The opened run, for tests that walk it step by step. */
  async open(): Promise<RunResult<OpenRun>> {
    return this.#open();
  }

  /** The answer for a run that has been started already, or null when it has not. */
  #answerKnown(asked: Digest, waitMs: number): Promise<RunResult<RunView>> | RunResult<RunView> | null {
    const known = this.#store.request();
    // A name is one run's for good: two chains of the same name could not be told apart.
    if (!known) return this.#store.gone() ? whyAbsent(this.#store) : null;
    if (known.body.asked === asked) return this.#answer(waitMs);
    return refuse(
      "ERR_IDEMPOTENCY_KEY_REUSED",
      "this Idempotency-Key started a run with another body; use a fresh key",
    );
  }

  async #answer(waitMs: number): Promise<RunResult<RunView>> {
    const done = this.#carryOn();
    this.ctx.waitUntil(done);
    if (waitMs > 0) await within(done, waitMs);
    return this.view();
  }

  /** Drives the run until it waits. Never throws. */
  async #carryOn(): Promise<void> {
    const opened = await this.#open();
    if (opened.ok) await opened.value.upkeep.carryOn();
  }

  #open(): Promise<RunResult<OpenRun>> {
    this.#opening ??= this.#openAfresh().then(
      (opened) => {
        // A refusal is not kept: the secret may be set, or the run started, by the next time.
        if (!opened.ok) this.#opening = null;
        this.#notOpened.hear(opened);
        return opened;
      },
      (error: unknown) => {
        this.#opening = null;
        throw error;
      },
    );
    return this.#opening;
  }

  async #openAfresh(): Promise<RunResult<OpenRun>> {
    const keys = loadSigningKeys(this.env);
    if (!keys.ok) return keys;
    const read = readStored(this.#store);
    if (!read.ok) return read;
    const stored = read.value;
    if (!stored) return whyAbsent(this.#store);
    const host: RunHost = {
      ctx: this.ctx,
      env: this.env,
      loader: this.env.LOADER,
      store: this.#store,
      live: this.#live,
      index: () => runIndexOf(this.env),
      retentionDays: this.env.RETENTION_DAYS,
      planner: () => this.planner,
      now: () => this.now(),
      scriptTimeoutMs: () => this.scriptTimeoutMs,
      plannerWithinMs: () => this.plannerWithinMs,
    };
    try {
      return { ok: true, value: await openRun(host, stored.run, stored.body, keys.value) };
    } catch (error) {
      return { ok: false, refusal: whyNotOpened(stored.run, error) };
    }
  }

  /** A projection of the opened run, or why it cannot be opened. */
  async #tell<Value>(project: (context: RunContext) => Value): Promise<RunResult<Value>> {
    const opened = await this.#open();
    return opened.ok ? { ok: true, value: project(opened.value.context) } : opened;
  }
}
