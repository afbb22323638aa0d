// Kills the server at random moments while clients start and decide runs; starts it again on what it left on disk; and lets
// every run end. Then it compares what clients were told, what chains say and what was written.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bundle, TrustPolicy } from "../../../src/chain/index.ts";
import type { ReceiptList } from "../../../src/host/run-records.ts";
import type { Deployment, PlaceOptions } from "../place.ts";
import { carry, type Listener, WrongAnswerError } from "./client.ts";
import { runsOnDisk } from "./disk.ts";
import { type Decision, Ledger, predicatesOf } from "./ledger.ts";

export interface KillReport {
  readonly kills: number;
  readonly runs: number;
  /** How many runs ended in each status, and how many of them were recovered in the middle of an execution. */
  readonly ends: Readonly<Record<string, number>>;
  readonly recovered: number;
  /** Everything that was stuck, doubled or lost, in words. */
  readonly problems: readonly string[];
}

/** Clients that start one run after the other, beside those who carry on what was cut off. */
const CLIENTS = 4;
/** A kill comes when the clients have heard at most so many answers, mostly at an approval, and at most so much later, in ms. */
const MOST_ANSWERS = 12;
const KILL_WITHIN_MS = 120;
/** How often clients take up what has not ended once nobody kills the server any more. */
const LAST_ROUNDS = 3;

/** What all clients together did: a measure of progress that does not depend on how fast the machine is. */
class Progress implements Listener {
  #answers = 0;
  readonly #waiting = new Set<{
    readonly isReached: (approves: boolean) => boolean;
    readonly go: () => void;
  }>();

  answered(): void {
    this.#answers += 1;
    this.#tell(false);
  }

  approves(): void {
    this.#tell(true);
  }

  /** Waits until so many answers were heard. */
  reach(goal: number): Promise<void> {
    return this.#until(() => this.#answers >= goal);
  }

  /** Waits until somebody sends an approval: what follows is what a kill can break. */
  nextApproval(): Promise<void> {
    return this.#until((approves) => approves);
  }

  #until(isReached: (approves: boolean) => boolean): Promise<void> {
    if (isReached(false)) return Promise.resolve();
    return new Promise((go) => this.#waiting.add({ isReached, go }));
  }

  #tell(approves: boolean): void {
    for (const waiting of this.#waiting) {
      if (!waiting.isReached(approves)) continue;
      this.#waiting.delete(waiting);
      waiting.go();
    }
  }
}

/** Kills so many times, or fewer if told to end; either way every run is then carried to its end and held to account. */
export async function killRounds(
  serve: (place: PlaceOptions) => Promise<Deployment>,
  most: number,
  tell: (kill: number) => void = () => {},
  end: AbortSignal = new AbortController().signal,
): Promise<KillReport> {
  const state = await mkdtemp(join(tmpdir(), "countersign-kills-"));
  const ledgers: Ledger[] = [];
  const problems: string[] = [];
  let server = await serve({ state });
  const port = Number(new URL(server.origin).port);
  const kills: number[] = [];
  try {
    while (kills.length < most && !end.aborted) {
      const progress = new Progress();
      const carried = Promise.all([
        carryAll(server, ledgers, progress),
        ...Array.from({ length: CLIENTS }, () => startAnew(server, ledgers, progress)),
      ]);
      await Promise.race([momentToKill(progress), carried]);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * KILL_WITHIN_MS));
      await server.stop();
      problems.push(...(await carried).flat());
      // From here on whatever is signed is the next server's.
      kills.push(Date.now());
      tell(kills.length);
      server = await serve({ state, port });
    }
    // A server that has only just come may still refuse: whoever was refused asks again.
    for (let round = 0; round < LAST_ROUNDS && ledgers.some(({ ended }) => !ended); round += 1) {
      problems.push(...(await carryAll(server, ledgers, new Progress())));
    }
    const heard = await Promise.all(ledgers.map((ledger) => hearAll(server, ledger)));
    const trust = (await (
      await fetch(`${server.origin}/.well-known/countersign.json`)
    ).json()) as TrustPolicy;
    await server.stop();
    const onDisk = runsOnDisk(state);
    const ends: Record<string, number> = {};
    let recovered = 0;
    for (const { ledger, list, bundle } of heard) {
      const run = ledger.run ?? "";
      problems.push(
        ...(await ledger.problems(list, bundle, trust, onDisk.get(run), kills)).map(
          (problem) => `${run}: ${problem}`,
        ),
      );
      ends[list.status] = (ends[list.status] ?? 0) + 1;
      if (predicatesOf(list.receipts, "execution").some((execution) => execution.recovered)) recovered += 1;
    }
    return { kills: kills.length, runs: ledgers.length, ends, recovered, problems };
  } finally {
    await server.stop();
    await rm(state, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function momentToKill(progress: Progress): Promise<void> {
  await progress.reach(Math.floor(Math.random() * MOST_ANSWERS));
  if (Math.random() < 0.7) await progress.nextApproval();
}

/** One client for each run that has not ended. Tells what was wrong; that the server died is not. */
async function carryAll(
  server: Deployment,
  ledgers: readonly Ledger[],
  progress: Progress,
): Promise<string[]> {
  const open = ledgers.filter(({ ended }) => !ended);
  return (await Promise.all(open.map((ledger) => carryOne(server, ledger, progress)))).flat();
}

/** Starts one run after the other and carries each to its end, until the server is killed. */
async function startAnew(server: Deployment, ledgers: Ledger[], progress: Progress): Promise<string[]> {
  const problems: string[] = [];
  for (;;) {
    const ledger = new Ledger(crypto.randomUUID(), anyPlan());
    ledgers.push(ledger);
    problems.push(...(await carryOne(server, ledger, progress)));
    if (!ledger.ended) return problems;
  }
}

async function carryOne({ origin }: Deployment, ledger: Ledger, progress: Progress): Promise<string[]> {
  try {
    await carry(origin, ledger, progress);
    return [];
  } catch (error) {
    return error instanceof WrongAnswerError ? [error.message] : [];
  }
}

async function hearAll({ origin }: Deployment, ledger: Ledger) {
  const path = `${origin}/api/runs/${ledger.run}`;
  const [list, bundle] = await Promise.all([fetch(`${path}/receipts`), fetch(`${path}/bundle`)]);
  return { ledger, list: (await list.json()) as ReceiptList, bundle: (await bundle.json()) as Bundle };
}

/** Mostly approvals, for they write; some first ask for changes. */
function anyPlan(): Decision[] {
  const last = Math.random() < 0.8 ? "approve" : "reject";
  return Math.random() < 0.3 ? ["request-changes", last] : [last];
}
