// A run's lineage, both ways: the runs before it, as its chain binds them, and the notes of those after it. A note is brought to
// the parent by the child's outbox: the parent's chain is sealed, so nothing there can be signed about it.
import { ancestorsOf } from "../chain/index.ts";
import type { Env } from "./env.ts";
import type { LineageView } from "./run-api.ts";
import type { RunContext } from "./run-context.ts";

/** Most notes that are shown; anybody who may start a run can leave one. */
const MAX_NOTES = 100;

/** Projects an opened run to its lineage. */
export function lineageView({ chain, store }: RunContext): LineageView {
  const { alert } = chain.state;
  const ancestors = alert ? ancestorsOf(alert, store.artifacts) : [];
  return {
    run: chain.run,
    ancestors: ancestors.map(({ run, alert, handoff }) => ({
      run,
      issuer: alert.statement.predicate.issuer,
      handoff: handoff.digest,
    })),
    continuedBy: store.notes("continued", MAX_NOTES).map(({ by, at }) => ({ run: by, notedAt: at })),
  };
}

/** Leaves a note at the run that this one continues, if that is a run of this deployment, by any of its names. Safe to repeat. */
export async function noteAtParent(
  env: Env,
  { request, chain }: RunContext,
  issuers: ReadonlySet<string>,
): Promise<void> {
  const { alert } = chain.state;
  const { continues } = request;
  if (!alert || !continues || !issuers.has(continues.issuer)) return;
  const note = { kind: "continued", at: alert.statement.predicate.issuedAt, by: chain.run } as const;
  await env.RUN.getByName(continues.run).note(note);
}
