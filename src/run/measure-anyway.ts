// A measurement for a run that has to end, or begin, whether or not the checkout can be measured.
import { PROBE_REQUESTS, type ProbeReport, summarizeProbe } from "../workload/probe.ts";
import { describeThrown } from "./describe-thrown.ts";

/** A report, and why it is none of a measurement; null where it is one. */
export interface Measured {
  readonly report: ProbeReport;
  readonly unmeasured: string | null;
}

/**
 * Measures, or answers a report in which every request has failed and says that it was never sent. Format 1 has a tally in every
 * outcome and no word for one that is missing; of the tallies that can be, this is the one that claims no success.
 */
export async function measureAnyway(measure: () => Promise<ProbeReport>): Promise<Measured> {
  try {
    return { report: await measure(), unmeasured: null };
  } catch (error) {
    const why = describeThrown(error);
    const failed = PROBE_REQUESTS.map(({ id, kind }) => ({
      id,
      kind,
      status: 500,
      error: `not measured: ${why}`,
    }));
    return { report: summarizeProbe(failed), unmeasured: why };
  }
}
