// Kills the server around the moment at which an approved call leaves for a forge and its answer comes back; starts it again on what it
// left on disk; lets every run end. Then it compares what the receipts say with the forge's own log.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bundle, type TrustPolicy, verify } from "../../../src/chain/index.ts";
import type { ReceiptList } from "../../../src/host/run-records.ts";
import type { RunView } from "../../../src/host/run-view.ts";
import { startDevServer } from "../dev-server.ts";
import type { Deployment } from "../place.ts";
import { randomSecret } from "../serve-worker.ts";
import { predicatesOf } from "./ledger.ts";
import { type SlowForge, startSlowForge } from "./slow-forge.ts";

export interface RemoteKillReport {
  readonly kills: number;
  /** Kills that came while the forge had been asked for a merge and had not answered. */
  readonly met: number;
  readonly runs: number;
  /** How many calls ended in each status, by how the call can be told of: `found executed`. */
  readonly ends: Readonly<Record<string, number>>;
  /** Everything that was asked twice, doubled, stuck or told wrongly, in words. */
  readonly problems: readonly string[];
}

const METHODS = ["found", "repeated", "once"] as const;
/** A kill comes at most so long after the first approval of a round was sent, in ms. */
const KILL_WITHIN_MS = 350;
/** Longest time that a run may take to end once nobody kills the server any more, in ms. */
const PATIENCE_MS = 90_000;

interface Started {
  readonly run: string;
  readonly method: string;
}

/** Kills so many times; each time the approvals of three runs, one of each kind of call, have just been sent. */
export async function remoteKillRounds(
  most: number,
  tell: (kill: number) => void = () => {},
  end: AbortSignal = new AbortController().signal,
): Promise<RemoteKillReport> {
  const state = await mkdtemp(join(tmpdir(), "countersign-merges-"));
  const forge = await startSlowForge();
  const vars = [
    `FORGE:${forge.origin}`,
    ...["AGENT", "HUMAN", "RUNTIME"].map((role) => `${role}_SIGNING_KEY:${randomSecret()}`),
  ];
  const serve = (port?: number) =>
    startDevServer({
      state,
      ...(port !== undefined && { port }),
      flags: ["--config", "test/server/kills/merges.toml", ...vars.flatMap((value) => ["--var", value])],
    });
  let server: Deployment = await serve();
  const port = Number(new URL(server.origin).port);
  const started: Started[] = [];
  let kills = 0;
  let met = 0;
  try {
    while (kills < most && !end.aborted) {
      const { origin } = server;
      const views = await Promise.all(
        METHODS.map((method, i) => start(origin, `${method} repository-${kills}-${i}`)),
      );
      started.push(...views.map(({ run }, i) => ({ run, method: METHODS[i] ?? "" })));
      // The server dies under them: what they are told is nothing.
      const decided = Promise.allSettled(views.map((view) => approve(origin, view)));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * KILL_WITHIN_MS));
      if (forge.underway() > 0) met += 1;
      await server.stop();
      await decided;
      kills += 1;
      tell(kills);
      server = await serve(port);
    }
    const { origin } = server;
    const trust = (await (await fetch(`${origin}/.well-known/countersign.json`)).json()) as TrustPolicy;
    const ends: Record<string, number> = {};
    const problems: string[] = [];
    for (const { run, method } of started) {
      await carryOn(origin, run);
      const { status, problem } = await account(origin, trust, run, method, forge);
      ends[`${method} ${status}`] = (ends[`${method} ${status}`] ?? 0) + 1;
      if (problem !== "") problems.push(`${run}, ${method}: ${problem}`);
    }
    return { kills, met, runs: started.length, ends, problems };
  } finally {
    await server.stop();
    forge.close();
    await rm(state, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function start(origin: string, title: string): Promise<RunView> {
  const answer = await fetch(`${origin}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify({ alert: { title } }),
  });
  if (answer.status !== 201) throw new Error(`expected 201, got ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as RunView;
}

async function approve(origin: string, { run, pending }: RunView): Promise<void> {
  const answer = await fetch(`${origin}/api/runs/${run}/approve`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ proposal: pending?.proposal }),
  });
  await answer.body?.cancel();
}

/** Waits for the run's end, and approves what was not approved before a kill. */
async function carryOn(origin: string, run: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const view = (await (await fetch(`${origin}/api/runs/${run}`)).json()) as RunView;
    if (view.due === null) return;
    if (view.pending) await approve(origin, view);
    else if (Date.now() > deadline) throw new Error(`${run} is stuck: ${view.status}`);
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What became of the run's call, and what is wrong with it, if anything is. */
async function account(origin: string, trust: TrustPolicy, run: string, method: string, forge: SlowForge) {
  const path = `${origin}/api/runs/${run}`;
  const bundle = (await (await fetch(`${path}/bundle`)).json()) as Bundle;
  const { receipts } = (await (await fetch(`${path}/receipts`)).json()) as ReceiptList;
  const [execution] = predicatesOf(receipts, "execution");
  const status = execution?.status ?? "none";
  const { report } = await verify(bundle, trust, { run });
  const wrong = report.checks.flatMap(({ ok, message }) => (ok ? [] : [message]));
  const asked = forge.asked.get(execution?.decision ?? "") ?? 0;
  const isMerged = forge.merged.has(execution?.decision ?? "");
  if (asked > 1 && method !== "repeated") wrong.push(`the forge was asked ${asked} times`);
  if (status === "executed" && !isMerged) wrong.push("it says executed, and the forge has not merged");
  if (status === "failed" && isMerged) wrong.push("it says failed, and the forge has merged");
  if (status === "unknown" && method === "found") wrong.push("it says unknown, and it can be found");
  return { status, problem: wrong.join("; ") };
}
