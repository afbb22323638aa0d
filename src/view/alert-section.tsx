// The alert: what was reported, and the failure rate that the runtime measured for itself when it came.
import { Chapter } from "./chapter.tsx";
import { ArtifactBox } from "./code-box.tsx";
import { artifactPath, ExactBytes } from "./digest-text.tsx";
import { Instant } from "./instant.tsx";
import { checkoutSentence, FailureTable, failureRate, ProbeTable } from "./probe-report.tsx";
import { Name } from "./shown-text.tsx";
import type { AlertStory } from "./story.ts";

/** A note beside the chain: who said it, and when that came. */
interface AlertNote {
  readonly at: string;
  readonly by: string;
}

/** What whoever raised the alert has said since. Nobody signs it, and nothing follows from it. */
export interface AlertNotes {
  /** That it is over. */
  readonly over: AlertNote | null;
  /** The newest other notification that was taken for a repeat of it: `by` is its source and digest. */
  readonly repeated: AlertNote | null;
}

interface AlertProps {
  readonly run: string;
  readonly alert: AlertStory;
  readonly notes: AlertNotes;
}

export function AlertSection({ run, alert, notes: { over, repeated } }: AlertProps) {
  const { receipt, artifact, measured } = alert;
  const { source, firedAt, startedBy, continues } = receipt.statement.predicate;
  return (
    <Chapter id="alert" title="The alert" receipts={[receipt]}>
      <p>
        {continues && source === "handoff" ? (
          "The alert of the run before, raised again"
        ) : (
          <>
            Reported by{" "}
            <b>
              <Name text={source} />
            </b>
          </>
        )}{" "}
        at <Instant at={firedAt} />. Started by{" "}
        <b>
          <Name text={startedBy.id} />
        </b>{" "}
        (<Name text={startedBy.method} />
        ).
      </p>
      {over && (
        <p>
          <b>{over.by} has reported the alert over</b>, at <Instant at={over.at} />. That is a note beside the
          chain, which nobody signed.
        </p>
      )}
      {repeated && (
        <p>
          <b>Another notification was taken for a repeat of this alert</b>, the last one at{" "}
          <Instant at={repeated.at} />, from <code>{repeated.by}</code>. That is a note, too.
        </p>
      )}
      {measured && (
        <>
          <div class={`pass in-line ${measured.tally.failed > 0 ? "is-failing" : "is-sound"}`}>
            <p class="big">{failureRate(measured.tally)} %</p>
            <p>
              of the probe’s requests failed when the alert came, {measured.tally.failed} of{" "}
              {measured.tally.requests}. {checkoutSentence(measured.tally)}
            </p>
          </div>
          <ProbeTable before={measured} />
          <FailureTable failures={measured.failures} />
        </>
      )}
      <details class="raw-artifact">
        <summary>The alert as it was signed</summary>
        <ArtifactBox
          label="The alert artifact"
          text={artifact.text}
          exact={artifactPath(run, artifact.sha256)}
        />
        <ExactBytes run={run} sha256={artifact.sha256} />
      </details>
    </Chapter>
  );
}
