// Messages of a run to the world outside: kept in the run's own storage until they have arrived, tried at once and then ever
// more rarely.
import type { Receipt } from "../receipt/index.ts";
import { logFailure } from "./log.ts";
import type { OutboxRow } from "./run-rows.ts";
import type { RunStore } from "./run-store.ts";
import { MAX_RETRY_MS, RESUME_AFTER_MS, spread, type Teller, TRY_WITHIN_MS } from "./teller.ts";
import { EVENTS } from "./webhook.ts";
import { inTime } from "./within.ts";

/** When a message is tried again after its first failure, in milliseconds; it doubles with each. */
const FIRST_RETRY_MS = 5_000;
/** After so many failures, a little more than a day, a message is given up. */
const MAX_TRIES = 110;

/** Brings one message to where it goes. Must be safe to repeat: a message that arrived may come again. */
export type Courier = (message: OutboxRow) => Promise<void>;

/**
 * Posts what a new receipt gives the run to tell: that a decision is awaited or the run has ended, to the receiver of webhooks,
 * if there is one; and that it continues another, to that run. To be called in the transaction that appends the receipt. It is
 * due later only, because a first try follows at once; that counts if the try dies with its host.
 */
export function postReceipt(store: RunStore, { kind, statement }: Receipt, toReceiver: boolean): void {
  const { seq } = statement.predicate;
  const due = Date.now() + RESUME_AFTER_MS;
  if (kind === "alert" && statement.predicate.continues) {
    store.putMessage({ id: "parent", topic: "parent", seq, due });
  }
  if (toReceiver && kind in EVENTS) store.putMessage({ id: `webhook-${seq}`, topic: "webhook", seq, due });
}

export class Outbox implements Teller {
  readonly #store: RunStore;
  readonly #couriers: Readonly<Record<OutboxRow["topic"], Courier>>;
  readonly #now: () => number;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(store: RunStore, couriers: Readonly<Record<OutboxRow["topic"], Courier>>, now: () => number) {
    this.#store = store;
    this.#couriers = couriers;
    this.#now = now;
  }

  nextDue(): number | null {
    return this.#store.messages()[0]?.due ?? null;
  }

  /** Each message goes by itself: one that takes long keeps no other. */
  async deliver(): Promise<void> {
    for (const message of this.#store.messages()) {
      const { id, tries, due } = message;
      if (this.#underWay.has(id) || (tries > 0 && due > this.#now())) continue;
      this.#underWay.set(
        id,
        this.#send(message).finally(() => this.#underWay.delete(id)),
      );
    }
    await Promise.all(this.#underWay.values());
  }

  async #send(message: OutboxRow): Promise<void> {
    const { id, topic, tries } = message;
    const tried = await inTime(this.#couriers[topic](message), TRY_WITHIN_MS).then(
      () => ({ failed: false }) as const,
      (error: unknown) => ({ failed: true, error }) as const,
    );
    const run = this.#store.request()?.run;
    // Deleted meanwhile, and with it all that it still had to tell.
    if (run === undefined) return;
    if (!tried.failed) return this.#store.dropMessage(message);
    logFailure("delivery_failed", tried.error, { run, message: id, tries: tries + 1 });
    if (tries + 1 >= MAX_TRIES) this.#store.dropMessage(message);
    else this.#store.postponeMessage(message, this.#now() + retryAfter(tries + 1));
  }
}

/** Doubles with each try. */
function retryAfter(tries: number): number {
  return spread(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1)));
}
