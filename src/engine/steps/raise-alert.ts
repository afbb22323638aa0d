// Due: alert. Signs the alert, as it came or with what the domain measures at this moment, together with the policy that the run
// stands under, and with the bundle of the run that it continues, if it does.
import { canonicalBytes, fromBase64 } from "../../receipt/index.ts";
import { logFailure } from "../log.ts";
import { mustCommit, type NamedBytes } from "../run-chain.ts";
import type { RunContext } from "../run-context.ts";
import { fitJson } from "../texts.ts";
import { readWorld } from "../world.ts";

export async function raiseAlert(run: RunContext): Promise<void> {
  const { alert, policy, startedBy, continues } = run.request;
  const bytes = await alertBytes(run);
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

/** A notification exactly as it was received; or else what was given, and what is measured now. */
async function alertBytes(run: RunContext): Promise<Uint8Array> {
  const { request } = run;
  const received = request.received === undefined ? null : fromBase64(request.received);
  if (received) return received;
  const { alert } = request;
  const measured = JSON.parse(new TextDecoder().decode(fitJson(await measureNow(run))));
  try {
    return canonicalBytes({ alert, measured });
  } catch {
    // A report that nests as deep as JSON may is too deep in here. The alert is raised without it.
    return fitJson({ alert, measured: null });
  }
}

/** An alert is raised whether or not it can be measured. */
async function measureNow(run: RunContext) {
  try {
    return await run.measurer.measure((await readWorld(run)).all);
  } catch (error) {
    logFailure("alert_unmeasured", error, { run: run.chain.run });
    return null;
  }
}

/** The parent's bundle as it was verified when this run was started. */
function readParent({ request, store }: RunContext): NamedBytes[] {
  if (!request.continues) return [];
  const bytes = store.artifact(request.continues.bundle);
  if (!bytes) throw new Error("the parent's bundle is missing or altered");
  return [["parent", bytes]];
}
