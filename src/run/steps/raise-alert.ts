// Due: alert. Measures the checkout as it is, and signs the alert together with the policy that the run stands under.
import { canonicalBytes } from "../../receipt/index.ts";
import { mustCommit, type RunContext } from "../run-context.ts";

export async function raiseAlert(run: RunContext): Promise<void> {
  const { alert, policy, startedBy } = run.request;
  const measured = await run.measure(run.repository.contents());
  mustCommit(
    run.chain.commit(({ append }) =>
      append(
        "alert",
        [
          ["alert", canonicalBytes({ alert, measured })],
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
