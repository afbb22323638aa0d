// Messages of a run to the world outside: to the list of runs, to a receiver of webhooks, to the log, to the run that it continues. Each is stored
// with the receipt that gives it, until it has arrived; tried at once, and then ever more rarely. No step waits for one or fails.

import { type ChainState, leafOf, type VerifiedReceipt } from "../chain/index.ts";
import { logFailure } from "../engine/index.ts";
import type { Kind } from "../receipt/index.ts";
import type { Message, SideStore } from "./side-store.ts";
import { EVENTS } from "./webhook.ts";

/** Longest time one try may take, in milliseconds. */
export const TRY_WITHIN_MS = 10_000;
/** When the alarm takes up what died with its host, in milliseconds: a step, or the first try at a message, made at once. */
export const RESUME_AFTER_MS = 15_000;
/** When a message is tried again after its first failure, in milliseconds; it doubles with each. */
const FIRST_RETRY_MS = 5_000;
/** Longest pause between two tries, in milliseconds, give or take a quarter. */
const MAX_RETRY_MS = 15 * 60_000;
/** After so many failures, a little more than a day, a message is given up. */
const MAX_TRIES = 110;

/** The receipts after which a run rests, or first shows: what the list hears of. In between, what it would hear is out of date at once. */
const LISTED: ReadonlySet<Kind> = new Set(["alert", "preview", "decision", "handoff"]);

/** Brings one message to where it goes. Must be safe to repeat: a message that arrived may come again. */
export type Courier = (message: Message) => Promise<void>;

/** Whom a new receipt may have to be told to. */
export interface Audience {
  /** Whether the deployment names a receiver of webhooks. */
  readonly toReceiver: boolean;
  /** Whether more than one approval is asked for, so that an approval may leave others to be waited for. */
  readonly asksSeveral: boolean;
  /** Whether the deployment keeps a log. */
  readonly hasLog: boolean;
}

/**
 * Posts what a new receipt gives the run to tell. To be called in the transaction that appends it. It is due later only, because a
 * first try follows at once; that counts if the try dies with its host.
 */
export function postReceipt(
  store: SideStore,
  receipt: VerifiedReceipt,
  state: ChainState,
  audience: Audience,
): void {
  const { kind, statement } = receipt;
  const { seq } = statement.predicate;
  const due = Date.now() + RESUME_AFTER_MS;
  if (LISTED.has(kind)) store.putMessage({ id: "index", topic: "index", seq, due });
  if (kind === "alert" && statement.predicate.continues) {
    store.putMessage({ id: "parent", topic: "parent", seq, due });
  }
  if (audience.hasLog && leafOf(state, receipt)) {
    store.putMessage({ id: `log-${seq}`, topic: "log", seq, due });
  }
  const isEvent = kind in EVENTS && (kind !== "decision" || audience.asksSeveral);
  if (audience.toReceiver && isEvent) {
    store.putMessage({ id: `webhook-${seq}`, topic: "webhook", seq, due });
  }
}

export class Outbox {
  readonly #store: SideStore;
  readonly #couriers: Readonly<Record<Message["topic"], Courier>>;
  readonly #run: string;
  readonly #now: () => number;
  readonly #underWay = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(
    run: string,
    store: SideStore,
    couriers: Readonly<Record<Message["topic"], Courier>>,
    now: () => number,
  ) {
    this.#run = run;
    this.#store = store;
    this.#couriers = couriers;
    this.#now = now;
  }

  /** When something is due (again), in milliseconds since 1970; null when nothing is left to tell. */
  nextDue(): number | null {
    return this.#store.messages()[0]?.due ?? null;
  }

  /** Tries everything that is new or due, and joins what is under way. Each message goes by itself: a slow one keeps no other. */
  async deliver(): Promise<void> {
    if (this.#isClosed) return;
    for (const message of this.#store.messages()) {
      const { id, seq, tries, due } = message;
      const key = `${id} ${seq}`;
      if (this.#underWay.has(key) || (tries > 0 && due > this.#now())) continue;
      this.#underWay.set(
        key,
        this.#send(message).finally(() => this.#underWay.delete(key)),
      );
    }
    await Promise.all(this.#underWay.values());
  }

  /** To be called when the run is deleted, and with it all that it still had to tell. */
  close(): void {
    this.#isClosed = true;
  }

  async #send(message: Message): Promise<void> {
    const { id, topic, tries } = message;
    const tried = await soon(this.#couriers[topic](message)).then(
      () => ({ failed: false }) as const,
      (error: unknown) => ({ failed: true, error }) as const,
    );
    if (this.#isClosed) return;
    if (!tried.failed) return this.#store.dropMessage(message);
    logFailure("delivery_failed", tried.error, { run: this.#run, message: id, tries: tries + 1 });
    if (tries + 1 >= MAX_TRIES) this.#store.dropMessage(message);
    else this.#store.postponeMessage(message, this.#now() + retryAfter(tries + 1));
  }
}

/** Waits for work, and fails when it has not ended in the time of one try. */
export async function soon<Value>(work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TRY_WITHIN_MS} ms`)), TRY_WITHIN_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Doubles with each try, and differs from run to run by a quarter, so that many runs do not come back at the same moment. */
function retryAfter(tries: number): number {
  const pause = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));
  return Math.round(pause * (0.75 + Math.random() / 2));
}
