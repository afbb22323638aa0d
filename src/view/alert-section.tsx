// The alert: what was reported, and the failure rate that the runtime measured for itself when it came.
import { Chapter } from "./chapter.tsx";
import { ArtifactBox } from "./code-box.tsx";
import { ExactBytes } from "./digest-text.tsx";
import { Instant } from "./instant.tsx";
import { FailureTable, failureRate, ProbeTable, tallySentence } from "./probe-report.tsx";
import type { AlertStory } from "./story.ts";

export function AlertSection({ run, alert }: { run: string; alert: AlertStory }) {
  const { receipt, artifact, measured } = alert;
  const { source, firedAt, startedBy } = receipt.statement.predicate;
  return (
    <Chapter id="alert" title="The alert" receipts={[receipt]}>
      <p>
        Reported by <b>{source}</b> at <Instant at={firedAt} />. Started by <b>{startedBy.id}</b> (
        {startedBy.method}
        ).
      </p>
      {measured && (
        <>
          <div class="measure">
            <p class="big">
              {failureRate(measured.tally)}
              <span class="unit"> %</span>
            </p>
            <p>
              of the probe’s requests failed when the alert came.
              <br />
              {tallySentence(measured.tally)}
            </p>
          </div>
          <ProbeTable caption="One square is one request of the probe." before={measured} />
          <FailureTable failures={measured.failures} />
        </>
      )}
      <details>
        <summary>The alert as it was signed</summary>
        <ArtifactBox label="The alert artifact" text={artifact.text} />
        <ExactBytes run={run} sha256={artifact.sha256} />
      </details>
    </Chapter>
  );
}
