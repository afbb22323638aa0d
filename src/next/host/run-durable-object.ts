// One run: drives alert, evidence, proposal, pause, decision, execution, outcome and handoff. It holds no status: everything it
// answers is a projection of the receipts, and a restart is a fold. A subclass says its domain and its planner, and nothing else.
import { DurableObject } from "cloudflare:workers";
import { type Bundle, createBundle, effectsMade, nextStep, roundsBackward, runStatus } from "../chain/index.ts";
import type { AlertBrief, Domain, Json, Planner } from "../domain/index.ts";
import {
  CorruptChainError,
  type DecisionRequest,
  decide,
  intend,
  logFailure,
  OwnResources,
  policyOf,
  type RunContext,
  RunChain,
  type RunRequest,
  RunStore,
} from "../engine/index.ts";
import { canonicalBytes, type Digest, type Envelope, refuse, SIGNER_OF, toBase64 } from "../receipt/index.ts";
import { intentOf } from "../chain/index.ts";
import { againAfter, CANNOT_OPEN, whyNotOpened } from "./cannot-open.ts";
import { trustPath, underName } from "./deployment-names.ts";
import { deploymentOf, type RunEnv } from "./env.ts";
import { lineageView } from "./lineage.ts";
import { LiveSockets } from "./live-sockets.ts";
import { type OpenRun, openRun } from "./open-run.ts";
import { RESUME_AFTER_MS } from "./outbox.ts";
import { readPolicySettings } from "./policy-settings.ts";
import { forgetAgain, whyAbsent } from "./retention.ts";
import type {
  IntentView,
  LineageView,
  Note,
  ParentRequest,
  ReceiptList,
  RunApi,
  RunCode,
  RunResult,
  StartRequest,
  Waits,
} from "./run-api.ts";
import { closedGate, type Gate, gateOf, type RunView, runView } from "./run-view.ts";
import { SideStore } from "./side-store.ts";
import { loadSigningKeys } from "./signing-keys.ts";
import { revertOf, type TakenOver, takeOver } from "./take-over.ts";

/** Longest pass of a script, in milliseconds. */
const SCRIPT_TIMEOUT_MS = 20_000;

export abstract class RunDurableObject<Env extends RunEnv = RunEnv> extends DurableObject<Env> implements RunApi {
  /** What the runs of this class change. */
  abstract readonly domain: Domain<Env>;
  /** The agent, or how to make it from the Worker's bindings. */
  abstract planner: Planner | ((env: Env) => Planner);
  /** The clock, in milliseconds since 1970. Tests put another in its place. */
  now: () => number = () => Date.now();
  /** Longest pass of a script. Tests put another in its place. */
  scriptTimeoutMs: number = SCRIPT_TIMEOUT_MS;

  readonly #store = new RunStore(this.ctx.storage);
  readonly #side = new SideStore(this.ctx.storage);
  readonly #live = new LiveSockets(this.ctx);
  #opening: Promise<RunResult<OpenRun>> | null = null;
  #planner: Planner | null = null;

  /**
   * Starts the run, or answers for the one already started with the same request. Nothing is signed here: the request is
   * stored, the alarm is set, and the loop does the rest, so that a crash at any point loses nothing.
   */
  async start(run: string, request: StartRequest, { waitMs }: Waits): Promise<RunResult<RunView>> {
    return this.#begin(run, request, waitMs, async () => ({ ok: true, value: null }));
  }

  /** Starts a run that continues a finished one, once that one's whole chain has been verified; else as {@link start}. */
  async continueFrom(
    run: string,
    request: StartRequest,
    parent: ParentRequest,
    { waitMs }: Waits,
  ): Promise<RunResult<RunView>> {
    return this.#begin(run, request, waitMs, () => this.#takeOver(parent));
  }

  /** Starts a run that undoes an execution of a finished one. */
  async revert(
    run: string,
    request: StartRequest,
    parent: string,
    execution: Digest,
    { waitMs }: Waits,
  ): Promise<RunResult<RunView>> {
    return this.#begin(run, request, waitMs, () => this.#takeOver({ run: parent }), execution);
  }

  /** Signs a reviewer's decision on the open proposal, if it is the one they saw, and carries it out. */
  async decide(request: DecisionRequest, { waitMs }: Waits): Promise<RunResult<RunView>> {
    const opened = await this.#open();
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
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const { context } = opened.value;
    const intended = intend(context, request);
    if (!intended.ok) return intended;
    const isDue = nextStep(context.chain.state)?.kind === "decision";
    const intent = isDue ? intentOf(context.chain.state, intended.value) : null;
    if (!intent) return refuse("ERR_DECISION_STALE", "no proposal is open for a decision now; look at the run again");
    return { ok: true, value: { intent, bytes: toBase64(canonicalBytes(intent)) } };
  }

  /** The run as it is. */
  async view(): Promise<RunResult<RunView>> {
    return this.#tell(({ context: { chain, store, request }, keys }) =>
      runView(chain.run, request.createdAt, chain.state, store.artifacts, trustPath(keys)),
    );
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
      createBundle(chain.run, chain.receipts, store.artifacts),
    );
    const stored = !told.ok && CANNOT_OPEN.has(told.refusal.code) ? this.#store.request() : null;
    return stored ? { ok: true, value: this.#storedBundle(stored.run) } : told;
  }

  /** The runs before this one and after it. */
  async lineage(): Promise<RunResult<LineageView>> {
    return this.#tell(({ context }) => lineageView(context, this.#side));
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
    const keys = loadSigningKeys(this.env, deploymentOf(this.env).reviewers);
    if (!keys.ok) return keys;
    const opened = await this.#open();
    const stored = this.#store.request();
    if (!stored) return whyAbsent(this.#store, this.#side);
    const name = opened.ok ? opened.value.keys.trust.issuer : keys.value.present;
    try {
      const chain = await RunChain.load(stored.run, this.#store, underName(keys.value, name), this.now);
      const gate = gateOf(stored.run, chain.state, (decision) => this.#store.fence(decision) !== null);
      return { ok: true, value: gate };
    } catch (error) {
      if (error instanceof CorruptChainError) return { ok: true, value: closedGate(stored.run) };
      throw error;
    }
  }

  /**
   * Somebody else's change of one of the run's own resources: the drift that an approval must survive. Refused once a call was made,
   * because the handoff vouches for what the runtime measured. The fence knows of a call before any receipt tells of it.
   */
  async putResource(name: string, content: string): Promise<RunResult<null>> {
    return this.#tellResult(({ context: { chain, own, store } }) => {
      const settled = chain.state.round?.settledBy;
      const made = [...roundsBackward(chain.state)].some((round) => effectsMade(round) !== null);
      if (made || nextStep(chain.state) === null || (settled && store.fence(settled.digest)?.state === "done")) {
        return refuse("ERR_EDIT_TOO_LATE", "the run has made a call or ended; continue it in a new run");
      }
      store.transaction(() => own.put(name, content));
      return { ok: true, value: null };
    });
  }

  /** Keeps an unsigned note beside the chain. */
  async note(note: Note): Promise<RunResult<null>> {
    if (!this.#store.request()) return whyAbsent(this.#store, this.#side);
    this.#side.putNote(note);
    return { ok: true, value: null };
  }

  /** The last unsigned note of a kind beside the chain, or null. */
  async lastNote(kind: Note["kind"]): Promise<RunResult<Note | null>> {
    if (!this.#store.request()) return whyAbsent(this.#store, this.#side);
    return { ok: true, value: this.#side.notes(kind, 1)[0] ?? null };
  }

  /** Takes up whatever is due: a step that was cut off, a proposal that nobody answered, a report that did not arrive. */
  override async alarm(): Promise<void> {
    const opened = await this.#open();
    if (!opened.ok) return this.#comeBack(opened.refusal.code);
    const { upkeep, retention } = opened.value;
    upkeep.alarmWentOff();
    if (retention.isOver()) {
      if (await retention.remove()) this.#opening = null;
      return;
    }
    await Promise.all([this.#carryOn(), upkeep.deliver()]);
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
}
