// Runs on a real server, started and decided on as a client would.
import type { Bundle, RunEntry, RunView } from "../../src/chain/index.ts";

async function post(url: string, body: unknown): Promise<RunView> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json() as Promise<RunView>;
}

/** Starts a run, which then waits for a decision. */
export function startRun(origin: string): Promise<RunView> {
  return post(`${origin}/api/runs`, {});
}

/** Decides on a run, which then ends. */
export function decideRun(
  origin: string,
  { run, pending }: RunView,
  how: "approve" | "reject",
): Promise<RunView> {
  return post(`${origin}/api/runs/${run}/${how}`, { proposal: pending?.proposal });
}

/** Starts a run and decides on it, so that it ends. */
export async function endedRun(origin: string, how: "approve" | "reject" = "approve"): Promise<RunView> {
  return decideRun(origin, await startRun(origin), how);
}

/** A run's bundle. */
export async function bundleOf(origin: string, { run }: RunView): Promise<Bundle> {
  const response = await fetch(`${origin}/api/runs/${run}/bundle`);
  return response.json() as Promise<Bundle>;
}

/** The runs that the list holds so far: it learns of a run a little later than the run itself. */
export async function listedRuns(origin: string): Promise<readonly RunEntry[]> {
  const { runs } = (await (await fetch(`${origin}/api/runs`)).json()) as { runs: readonly RunEntry[] };
  return runs;
}
