// The two sides as a client meets them: start a run, then approve until it ends. Each answer is checked, so that a run that
// failed is never counted as a fast one.
import type { RunView } from "../../src/host/run-view.ts";
import type { BareView } from "./bare-run.ts";
import { manyWrites } from "./bench-planner.ts";

/** Carries one run of so many gated calls to its end; null asks for the incident that ships here. Gives its name. */
export type Side = (origin: string, calls: number | null) => Promise<string>;

/** (a) The product: its own API, receipts and all. */
export const signed: Side = async (origin, calls) => {
  const started = await post<RunView>(
    `${origin}/api/runs`,
    calls === null ? {} : { alert: manyWrites(calls) },
  );
  let view = await settled(origin, started);
  for (let approvals = 0; view.pending; approvals += 1) {
    if (approvals === (calls ?? 1)) throw new Error(`${view.run} asks for more than it should`);
    const { proposal } = view.pending;
    view = await settled(origin, await post(`${origin}/api/runs/${view.run}/approve`, { proposal }));
  }
  const wanted = calls === null ? "resolved" : "unresolved";
  if (view.due !== null || view.outcome?.status !== wanted) throw new Error(JSON.stringify(view));
  return view.run;
};

/** (b) The bare runtime. */
export const bare: Side = async (origin, calls) => {
  const run = crypto.randomUUID();
  const incident = { source: "api", title: "Checkout is answering 5xx" };
  const alert = { ...(calls === null ? incident : manyWrites(calls)), firedAt: new Date().toISOString() };
  let view = await post<BareView>(`${origin}/bare/${run}`, alert);
  for (let approvals = 0; view.pending; approvals += 1) {
    if (approvals === (calls ?? 1)) throw new Error(`${run} asks for more than it should`);
    view = await post(`${origin}/bare/${run}/approve`, {});
  }
  if (view.outcome?.every(({ failed }) => failed === 0) !== (calls === null))
    throw new Error(JSON.stringify(view));
  return run;
};

/** A run as it is once it needs a human or has ended. An answer comes after two seconds even if neither is so. */
async function settled(origin: string, view: RunView): Promise<RunView> {
  if (view.due === "decision" || view.due === null) return view;
  await new Promise((resolve) => setTimeout(resolve, 50));
  return settled(origin, (await (await fetch(`${origin}/api/runs/${view.run}`)).json()) as RunView);
}

async function post<Answer>(url: string, body: unknown): Promise<Answer> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json() as Promise<Answer>;
}
