// How long an ended run is kept, and how it goes: the list forgets it, its sockets close, and all that stays is a note that it
// was here. Whatever is not plainly a number of days keeps the run: a mistake in a setting must delete nothing.
import type { ChainState } from "../chain/index.ts";
import { logEvent, logFailure, type RunContext, type RunStore, STORE_VERSION } from "../engine/index.ts";
import { refuse } from "../receipt/index.ts";
import type { LiveSockets } from "./live-sockets.ts";
import { type Outbox, soon } from "./outbox.ts";
import type { IndexApi } from "./run-api.ts";
import type { SideStore } from "./side-store.ts";

const DAY_MS = 86_400_000;
/** When the list is told once more that a run is gone, in milliseconds: by then a report that was under way has come or never will. */
const FORGET_AGAIN_AFTER_MS = 60_000;
/** When a run that could not be deleted, or taken off the list, is tried again, in milliseconds. */
const AGAIN_AFTER_MS = 3_600_000;

/**
 * When a run may be deleted, in milliseconds since 1970; null for one that has not ended or is kept forever.
 * @param days `RETENTION_DAYS`: a whole number of days, or `forever`, or 0, which says the same.
 */
export function keptUntil({ last, issuedAt }: ChainState, days: string | undefined): number | null {
  if (last !== "handoff" || issuedAt === null || !/^[1-9]\d{0,4}$/.test(days ?? "")) return null;
  return Date.parse(issuedAt) + Number(days) * DAY_MS;
}

export class Retention {
  readonly #storage: DurableObjectStorage;
  readonly #run: RunContext;
  readonly #index: () => IndexApi;
  readonly #live: LiveSockets;
  readonly #days: string | undefined;
  readonly #side: SideStore;
  readonly #outbox: Outbox;
  #isRemoved = false;

  constructor(
    storage: DurableObjectStorage,
    run: RunContext,
    index: () => IndexApi,
    live: LiveSockets,
    days: string | undefined,
    side: SideStore,
    outbox: Outbox,
  ) {
    this.#side = side;
    this.#outbox = outbox;
    this.#storage = storage;
    this.#run = run;
    this.#index = index;
    this.#live = live;
    this.#days = days;
  }

  /** When the run may go, in milliseconds since 1970; null while nobody can say. */
  dueAt(): number | null {
    return keptUntil(this.#run.chain.state, this.#days);
  }

  /** Whether the run has been deleted: its tables are gone, and its alarm is the deletion's own. */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  isOver(): boolean {
    const due = this.dueAt();
    return due !== null && due <= this.#run.now();
  }

  /**
   * Deletes the run. The list comes first: once the run itself is gone, nobody would be left to take it off. False when the
   * list cannot be reached: the run is then still whole, and the alarm comes back to it.
   */
  async remove(): Promise<boolean> {
    const { chain, scripts, store, now } = this.#run;
    try {
      await soon(this.#index().forget(chain.run));
    } catch (error) {
      logFailure("run_not_deleted", error, { run: chain.run });
      await this.#storage.setAlarm(Date.now() + AGAIN_AFTER_MS);
      return false;
    }
    scripts.runtime.discard();
    // In one write with the deletion.
    const armed = this.#storage.setAlarm(Date.now() + FORGET_AGAIN_AFTER_MS);
    const at = new Date(now()).toISOString();
    const { head, count } = store.transaction(() => this.#side.remove(store, at));
    this.#outbox.close();
    this.#isRemoved = true;
    await armed;
    this.#live.close("the run has been deleted");
    logEvent("run_deleted", { run: chain.run, head, count });
    return true;
  }
}

/**
 * Tells the list once more that a run has been deleted, for a report that was late may have put it back there. Never throws: while the
 * list cannot be reached, the alarm comes back to it.
 */
export async function forgetAgain(
  storage: DurableObjectStorage,
  store: SideStore,
  index: () => IndexApi,
): Promise<void> {
  const gone = store.gone();
  if (!gone?.run) return;
  try {
    await soon(index().forget(gone.run));
  } catch (error) {
    logFailure("run_not_forgotten", error, { run: gone.run });
    await storage.setAlarm(Date.now() + AGAIN_AFTER_MS);
  }
}

/** Why there is no run in a store: there never was one, its time is over, or an older build of this Worker wrote it. */
export function whyAbsent(store: RunStore, side: SideStore) {
  const version = store.version();
  if (version !== null && version !== STORE_VERSION) {
    return refuse(
      "ERR_RUN_VERSION",
      `this run was stored by version ${version}, which this one does not open`,
    );
  }
  const gone = side.gone();
  if (!gone) return refuse("ERR_RUN_UNKNOWN", "there is no such run");
  const { head, count, at } = gone;
  return refuse(
    "ERR_RUN_GONE",
    `this run ended long ago and was deleted at ${at}; its chain had ${count} receipts and the head ${head}`,
  );
}
