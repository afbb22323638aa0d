// What a run tells the world outside, one message at a time: kept in the run's own storage until it has arrived, tried at
// once and then ever more rarely. It never makes a step wait, and what it cannot deliver never fails one.
import type { Receipt } from "../receipt/index.ts";
import { logFailure } from "./log.ts";
import type { OutboxRow, RunStore } from "./run-store.ts";
import { EVENTS } from "./webhook.ts";

/** Longest time one try may take, in milliseconds. */
const TRY_WITHIN_MS = 10_000;
/** When the alarm takes up what died with its host, in milliseconds: a step, or the first try at a message, made at once. */
export const RESUME_AFTER_MS = 15_000;
/** When a message is tried again after its first failure, in milliseconds; it doubles with each. */
const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 15 * 60_000;
/** After so many failures, a little more than a day, a message is given up. A run that is loaded again reports anew. */
const MAX_TRIES = 110;

/** Brings one message to where it goes. Must be safe to repeat: a message that arrived may come again. */
export type Courier = (message: OutboxRow) => Promise<void>;

/**
 * Posts what a new receipt gives the run to tell: where it is now, to the index; that a decision is awaited or the run has
 * ended, to the receiver of webhooks, if there is one; and that it continues another, to that run. To be called in the
 * transaction that appends the receipt. It is due later only, because a first try follows at once; that counts if the try dies
 * with its host.
 */
export function postReceipt(store: RunStore, { kind, statement }: Receipt, toReceiver: boolean): void {
  const { seq } = statement.predicate;
  const due = Date.now() + RESUME_AFTER_MS;
  store.putMessage({ id: "index", topic: "index", seq, due });
  if (kind === "alert" && statement.predicate.continues) {
    store.putMessage({ id: "parent", topic: "parent", seq, due });
  }
  if (toReceiver && kind in EVENTS) store.putMessage({ id: `webhook-${seq}`, topic: "webhook", seq, due });
}

/**
 * Posts that a run has been started. It is told once the run waits or ends, which is soon, with what it says by then; and if
 * that takes long, by the alarm.
 */
export function postStart(store: RunStore): void {
  store.putMessage({ id: "index", topic: "index", seq: -1, due: Date.now() + RESUME_AFTER_MS });
}

export class Outbox {
  readonly #store: RunStore;
  readonly #couriers: Readonly<Record<OutboxRow["topic"], Courier>>;
  readonly #now: () => number;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(store: RunStore, couriers: Readonly<Record<OutboxRow["topic"], Courier>>, now: () => number) {
    this.#store = store;
    this.#couriers = couriers;
    this.#now = now;
  }

  /** When something is due again, in milliseconds since 1970; null when nothing is left to deliver. */
  nextDue(): number | null {
    return this.#store.messages()[0]?.due ?? null;
  }

  /** Tries everything that is new or due, each message by itself, and joins what is under way. Never throws. */
  async deliver(): Promise<void> {
    for (const { id } of this.#store.messages().filter((message) => this.#isRipe(message))) {
      if (this.#underWay.has(id)) continue;
      this.#underWay.set(
        id,
        this.#send(id).finally(() => this.#underWay.delete(id)),
      );
    }
    await Promise.all(this.#underWay.values());
  }

  /** One try at telling what may be known already; of this nothing is kept, and nothing is left behind. Never throws. */
  async remind(topic: OutboxRow["topic"]): Promise<void> {
    const reminder = { id: topic, topic, seq: -1, tries: 0, due: 0 };
    await within(this.#couriers[topic](reminder), TRY_WITHIN_MS).catch((error) => this.#log(reminder, error));
  }

  /** Sends the message that stands under this id, and again the one that has replaced it meanwhile. */
  async #send(id: string): Promise<void> {
    for (;;) {
      const message = this.#store.messages().find((row) => row.id === id);
      if (!message || !this.#isRipe(message)) return;
      try {
        await within(this.#couriers[message.topic](message), TRY_WITHIN_MS);
        this.#store.dropMessage(message);
      } catch (error) {
        this.#log(message, error);
        if (message.tries + 1 >= MAX_TRIES) this.#store.dropMessage(message);
        else this.#store.postponeMessage(message, this.#now() + retryAfter(message.tries + 1));
      }
    }
  }

  #log({ id, tries }: OutboxRow, error: unknown): void {
    const run = this.#store.request()?.run ?? null;
    logFailure("delivery_failed", error, { run, message: id, tries: tries + 1 });
  }

  #isRipe({ tries, due }: OutboxRow): boolean {
    return tries === 0 || due <= this.#now();
  }
}

/** Doubles with each try, and differs from run to run, so that many runs do not come back at the same moment. */
function retryAfter(tries: number): number {
  const even = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));
  return Math.round(even * (0.75 + Math.random() / 2));
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}
