// The note that a run leaves at the one that it continues. It is brought there by the child's outbox: the parent's chain is sealed, so
// nothing there can be signed about it.
import type { RunContext } from "../engine/index.ts";
import type { Named } from "./env.ts";
import type { RunApi } from "./run-api.ts";

/** Leaves a note at the run that this one continues, if that is a run of this deployment, by any of its names. Safe to repeat. */
export async function noteAtParent(
  runs: Named<RunApi>,
  { request, chain }: RunContext,
  issuers: ReadonlySet<string>,
): Promise<void> {
  const { alert } = chain.state;
  const { continues } = request;
  if (!alert || !continues || !issuers.has(continues.issuer)) return;
  const note = { kind: "continued", at: alert.statement.predicate.issuedAt, by: chain.run } as const;
  await runs.getByName(continues.run).note(note);
}
