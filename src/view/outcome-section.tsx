// What came of it: the runtime's own measurement before and after, and what it hands on.
import { Chapter } from "./chapter.tsx";
import { ArtifactBox } from "./code-box.tsx";
import { DigestText, ExactBytes } from "./digest-text.tsx";
import { FailureTable, failureRate, ProbeTable, tallySentence } from "./probe-report.tsx";
import type { HandoffStory, OutcomeStory } from "./story.ts";

const ENDED = {
  resolved: "Resolved",
  unresolved: "Not resolved",
  not_run: "Nothing was written",
} as const;

export function OutcomeSection({ run, outcome }: { run: string; outcome: OutcomeStory }) {
  const { receipt, report } = outcome;
  const { status, reason, before, after } = receipt.statement.predicate;
  return (
    <Chapter id="outcome" title={`The outcome: ${ENDED[status].toLowerCase()}`} receipts={[receipt]}>
      {reason !== "" && <p class="words">{reason}</p>}
      <div class="before-after">
        <Measured
          label={after ? "before" : "of requests fail, as before"}
          rate={failureRate(before)}
          words={tallySentence(before)}
        />
        {after && <Measured label="after" rate={failureRate(after)} words={tallySentence(after)} />}
      </div>
      {report && (
        <>
          <ProbeTable
            caption="Failed requests. One square is one request of the probe."
            before={report.before}
            after={report.after}
          />
          <FailureTable failures={(report.after ?? report.before).failures} />
        </>
      )}
      <ExactBytes run={run} sha256={receipt.statement.subject[0]?.digest.sha256 ?? ""} />
    </Chapter>
  );
}

function Measured({ label, rate, words }: { label: string; rate: string; words: string }) {
  return (
    <div class="measure">
      <p class="big">
        {rate}
        <span class="unit"> % {label}</span>
      </p>
      <p>{words}</p>
    </div>
  );
}

export function HandoffSection({ run, handoff }: { run: string; handoff: HandoffStory }) {
  const { receipt, artifact, summary, files } = handoff;
  return (
    <Chapter id="handoff" title="The handoff" receipts={[receipt]}>
      <p class="aside">What whoever takes over gets to know.</p>
      {summary && (
        <>
          <ol class="tried">
            {summary.tried.map(({ revision, summary: words, decision, status }) => (
              <li>
                <b>
                  Revision {revision}: {decision?.replaceAll("_", " ") ?? "no decision"},{" "}
                  {status ?? "not ended"}.
                </b>{" "}
                {words}
              </li>
            ))}
          </ol>
          {summary.tried.length === 0 && <p>Nothing was proposed.</p>}
          <p>
            {summary.stillFailing.length === 0
              ? "No probe request fails any more."
              : `${summary.stillFailing.length} probe requests still fail.`}
          </p>
        </>
      )}
      <details>
        <summary>The repository as it stands, {files.length} files</summary>
        <ul class="files">
          {files.map(([path, digest]) => (
            <li>
              <a href={`/api/runs/${run}/artifacts/${digest}`}>{path}</a> <DigestText digest={digest} />
            </li>
          ))}
        </ul>
      </details>
      <details>
        <summary>The handoff as it was signed</summary>
        <ArtifactBox label="The handoff artifact" text={artifact.text} />
        <ExactBytes run={run} sha256={artifact.sha256} />
      </details>
    </Chapter>
  );
}
