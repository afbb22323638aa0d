// Due: alert. Signs the alert, as it came or as it is measured, together with the policy that the run stands under.
import { canonicalBytes, fromBase64 } from "../../receipt/index.ts";
import { mustCommit, type RunContext } from "../run-context.ts";

export async function raiseAlert(run: RunContext): Promise<void> {
  const { alert, policy, startedBy } = run.request;
  const bytes = await alertBytes(run);
  mustCommit(
    run.chain.commit(({ append }) =>
      append(
        "alert",
        [
          ["alert", bytes],
          ["policy", canonicalBytes(policy)],
        ],
        {
          issuer: run.chain.issuer,
          source: alert.source,
          title: alert.title,
          firedAt: alert.firedAt,
          startedBy,
          continues: null,
        },
      ),
    ),
  );
}

/** A notification exactly as it was received; or else what was given, and what the checkout measures at this moment. */
async function alertBytes({ request, measure, repository }: RunContext): Promise<Uint8Array> {
  const received = request.received === undefined ? null : fromBase64(request.received);
  if (received) return received;
  return canonicalBytes({ alert: request.alert, measured: await measure(repository.contents()) });
}
