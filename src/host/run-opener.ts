// Opens the run of a Durable Object, once per instance; and when it cannot be opened, tells the list, for there it would wait for a
// decision for ever, and comes back.
import type { Domain, Planner } from "../domain/index.ts";
import { logFailure, RunStore, wordsOf } from "../engine/index.ts";
import { whyNotOpened } from "./cannot-open.ts";
import { deploymentOf, type RunEnv } from "./env.ts";
import { LiveSockets } from "./live-sockets.ts";
import { type OpenRun, openRun } from "./open-run.ts";
import { soon } from "./outbox.ts";
import { forgetAgain, whyAbsent } from "./retention.ts";
import type { RunCode, RunResult } from "./run-api.ts";
import { SideStore } from "./side-store.ts";
import { loadSigningKeys } from "./signing-keys.ts";

/** When another look is due, in milliseconds: what was changed in the storage hardly ever comes back, a setting soon. */
const CORRUPT_AGAIN_MS = 86_400_000;
const AGAIN_MS = 300_000;

/** What the Durable Object lends. Functions are asked at each use, so that tests can exchange what they answer. */
export interface OpenerHost {
  readonly ctx: DurableObjectState;
  readonly env: RunEnv;
  readonly domain: () => Domain<unknown>;
  readonly planner: () => Planner;
  readonly now: () => number;
  readonly scriptTimeoutMs: () => number;
}

export class RunOpener {
  readonly store: RunStore;
  readonly side: SideStore;
  readonly live: LiveSockets;
  readonly #host: OpenerHost;
  #opening: Promise<RunResult<OpenRun>> | null = null;
  /** The code that the list has heard from this instance. */
  #told: RunCode | null = null;

  constructor(host: OpenerHost) {
    this.#host = host;
    this.store = new RunStore(host.ctx.storage);
    this.side = new SideStore(host.ctx.storage);
    this.live = new LiveSockets(host.ctx);
  }

  open(): Promise<RunResult<OpenRun>> {
    this.#opening ??= this.#openAfresh().then(
      (opened) => {
        // A refusal is not kept: the secret may be set, or the run started, by the next time.
        if (!opened.ok) this.#opening = null;
        this.#hear(opened);
        return opened;
      },
      (error: unknown) => {
        this.#opening = null;
        throw error;
      },
    );
    return this.#opening;
  }

  /** The stored request, or null where no run was started here; a refusal where what is stored is none. */
  readRequest(): RunResult<ReturnType<RunStore["request"]>> {
    try {
      return { ok: true, value: this.store.request() };
    } catch (error) {
      const message = `the stored request cannot be read: ${wordsOf(error)}`;
      return { ok: false, refusal: { code: "ERR_CHAIN_CORRUPT", message } };
    }
  }

  /** Opens the run anew at the next use: it was deleted, or its storage was found altered. */
  forget(): void {
    this.#opening = null;
  }

  /**
   * Sets the alarm for another look, if none is set for one before: a secret may be set again by then, or a key listed again. A run
   * that was deleted stays so, and one of another version is taken off the list and left alone.
   */
  async comeBack(code: RunCode): Promise<void> {
    const { ctx, env } = this.#host;
    const index = () => deploymentOf(env).index;
    if (this.side.gone()) return forgetAgain(ctx.storage, this.side, index);
    if (code === "ERR_RUN_VERSION" && ctx.id.name) {
      await soon(index().forget(ctx.id.name)).catch((error) => logFailure("run_not_forgotten", error, {}));
      return;
    }
    if (!this.#name()) return;
    const again = Date.now() + (code === "ERR_CHAIN_CORRUPT" ? CORRUPT_AGAIN_MS : AGAIN_MS);
    if (((await ctx.storage.getAlarm()) ?? Number.POSITIVE_INFINITY) > again)
      await ctx.storage.setAlarm(again);
  }

  async #openAfresh(): Promise<RunResult<OpenRun>> {
    const { ctx, env, domain, planner, now, scriptTimeoutMs } = this.#host;
    const keys = loadSigningKeys(env);
    if (!keys.ok) return keys;
    const { store, side, live } = this;
    const request = this.readRequest();
    if (!request.ok) return request;
    const stored = request.value;
    if (!stored) return whyAbsent(store, side);
    const host = { ctx, env, store, side, live, domain: domain(), planner, now, scriptTimeoutMs };
    try {
      return { ok: true, value: await openRun(host, stored.run, stored.body, keys.value) };
    } catch (error) {
      return { ok: false, refusal: whyNotOpened(stored.run, error) };
    }
  }

  /** Tells the list why a run cannot be opened, once. A run that can be opened reports itself. */
  #hear(opened: RunResult<unknown>): void {
    const code = opened.ok ? null : opened.refusal.code;
    const isNews = code !== null && code !== this.#told && this.#name() !== null;
    this.#told = code;
    if (isNews) this.#host.ctx.waitUntil(this.#tell(code));
  }

  async #tell(code: RunCode): Promise<void> {
    const run = this.#name();
    if (run === null) return;
    try {
      const request = this.readRequest();
      const { createdAt = null, alert } = (request.ok && request.value?.body) || {};
      const told = { run, code, createdAt, title: alert?.title ?? null };
      await soon(deploymentOf(this.#host.env).index.cannotOpen(told));
      // Else it would stay so on the list until somebody asks for it.
      await this.comeBack(code);
    } catch (error) {
      this.#told = null; // the next look tells it
      logFailure("delivery_failed", error, { run, message: "index" });
    }
  }

  /** The name of the run that is stored here, whatever else can be read of it. */
  #name(): string | null {
    return this.store.version() === null ? null : (this.#host.ctx.id.name ?? null);
  }
}
