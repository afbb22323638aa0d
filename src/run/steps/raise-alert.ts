// Due: alert. Signs the alert, as it came or as it is measured, together with the policy that the run stands under, and with
// the bundle of the run that it continues, if it does.
import { canonicalBytes, fromBase64 } from "../../receipt/index.ts";
import { measureAnyway } from "../measure-anyway.ts";
import type { NamedBytes } from "../run-chain.ts";
import { mustCommit, type RunContext } from "../run-context.ts";

/** @param anyway also where the checkout cannot be measured. */
export async function raiseAlert(run: RunContext, anyway = false): Promise<void> {
  const { alert, policy, startedBy, continues } = run.request;
  const bytes = await alertBytes(run, anyway);
  const parent = readParent(run);
  mustCommit(
    run.chain.commit(({ append }) =>
      append("alert", [["alert", bytes], ["policy", canonicalBytes(policy)], ...parent], {
        issuer: run.chain.issuer,
        source: alert.source,
        title: alert.title,
        firedAt: alert.firedAt,
        startedBy,
        continues: continues ? { run: continues.run, handoff: continues.handoff } : null,
      }),
    ),
  );
}

/** A notification exactly as it was received; or else what was given, and what the checkout measures at this moment. */
async function alertBytes(
  { request, measure, repository }: RunContext,
  anyway: boolean,
): Promise<Uint8Array> {
  const received = request.received === undefined ? null : fromBase64(request.received);
  if (received) return received;
  const now = async () => measure(repository.contents());
  const measured = anyway ? (await measureAnyway(now)).report : await now();
  return canonicalBytes({ alert: request.alert, measured });
}

/** The parent's bundle as it was verified when this run was started. */
function readParent({ request, store }: RunContext): NamedBytes[] {
  if (!request.continues) return [];
  const bytes = store.artifact(request.continues.bundle);
  if (!bytes) throw new Error("the parent's bundle is missing or altered");
  return [["parent", bytes]];
}
