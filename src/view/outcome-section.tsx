// What came of it: the runtime's own measurement before and after, and what it hands on.
import type { Tally } from "../receipt/index.ts";
import type { HandoffSummary } from "./artifact-json.ts";
import { Chapter } from "./chapter.tsx";
import { ArtifactBox } from "./code-box.tsx";
import { artifactPath, DigestText, ExactBytes } from "./digest-text.tsx";
import { FailureTable, failureRate, ProbeTable } from "./probe-report.tsx";
import { resultWords } from "./result-words.ts";
import { Path, Words } from "./shown-text.tsx";
import type { HandoffStory, OutcomeStory } from "./story.ts";

interface OutcomeProps {
  readonly run: string;
  readonly outcome: OutcomeStory;
  /** What the last round has told already: the outcome's reason may say no more than that. */
  readonly told: string;
}

export function OutcomeSection({ run, outcome, told }: OutcomeProps) {
  const { receipt, report } = outcome;
  const { reason, before, after } = receipt.statement.predicate;
  const ended = after ? resultWords(before, after).title : "Nothing was written";
  return (
    <Chapter id="outcome" title={`The outcome: ${ended.toLowerCase()}`} receipts={[receipt]}>
      {reason !== "" && reason !== told && (
        <p class="words">
          <Words text={reason} />
        </p>
      )}
      <div class="passes">
        <Pass label={after ? "failed before" : "fail in the code as the run found it"} tally={before} />
        {after && (
          <>
            <Arrow />
            <Pass label="fail after" tally={after} />
          </>
        )}
      </div>
      {report && (
        <>
          <ProbeTable before={report.before} after={report.after} />
          <FailureTable failures={(report.after ?? report.before).failures} />
        </>
      )}
      <ExactBytes run={run} sha256={receipt.statement.subject[0]?.digest.sha256 ?? ""} />
    </Chapter>
  );
}

function Pass({ label, tally }: { label: string; tally: Tally }) {
  const sound = tally.failed === 0 && tally.goodFailed === 0;
  return (
    <div class={`pass ${sound ? "is-sound" : "is-failing"}`}>
      <p class="big">{failureRate(tally)} %</p>
      <p>
        {label}, {tally.failed} of {tally.requests}
      </p>
    </div>
  );
}

/** Decoration: the labels say which is before and which is after. */
function Arrow() {
  return (
    <svg class="arrow" viewBox="0 0 48 16" width="48" height="16" aria-hidden="true">
      <path d="M1 8h44m-7-6l7 6l-7 6" />
    </svg>
  );
}

/** Files of a handed-on repository that are listed. */
const LISTED = 300;

/** What a human decided on a proposal, in a word. */
const DECIDED: ReadonlyMap<string | null, string> = new Map([
  ["approve", "approved"],
  ["reject", "rejected"],
  ["request_changes", "changes requested"],
  [null, "no decision"],
]);

/** What fails now, as far as anybody has measured it: without a write that is the code as the run found it. */
function stillFailing({ outcome: { before, after }, stillFailing }: HandoffSummary): string {
  if (after === null) {
    return `${before.failed} of ${before.requests} requests failed in the code as this run found it. The repository below was not measured again.`;
  }
  if (stillFailing.length > 0) return `${stillFailing.length} probe requests still fail.`;
  return before.failed > 0 ? "No probe request fails any more." : "No probe request fails.";
}

export function HandoffSection({ run, handoff }: { run: string; handoff: HandoffStory }) {
  const { receipt, artifact, summary, files } = handoff;
  return (
    <Chapter id="handoff" title="The handoff" receipts={[receipt]}>
      <p class="aside">What whoever takes over gets to know.</p>
      {summary && (
        <>
          <ol class="tried">
            {summary.tried.map(({ revision, summary: words, decision, reason, status }) => (
              <li>
                <b>
                  Revision {revision}: {DECIDED.get(decision) ?? "decided in another way"},{" "}
                  {status ?? "not ended"}.
                </b>{" "}
                <Words text={words} />
                {reason !== "" && (
                  <>
                    {" "}
                    The reviewer: “<Words text={reason} />”
                  </>
                )}
              </li>
            ))}
          </ol>
          {summary.tried.length === 0 && <p>Nothing was proposed.</p>}
          <p>{stillFailing(summary)}</p>
        </>
      )}
      <details>
        <summary>The repository as it stands, {files.length} files</summary>
        <ul class="files">
          {files.slice(0, LISTED).map(([path, digest]) => (
            <li>
              <a href={`/api/runs/${run}/artifacts/${digest}`}>
                <Path text={path} />
              </a>{" "}
              <DigestText digest={digest} />
            </li>
          ))}
        </ul>
        {files.length > LISTED && (
          <p class="left-out">
            {files.length - LISTED} further files are not listed here. The handoff’s repository names them
            all.
          </p>
        )}
      </details>
      <details class="raw-artifact">
        <summary>The handoff as it was signed</summary>
        <ArtifactBox
          label="The handoff artifact"
          text={artifact.text}
          exact={artifactPath(run, artifact.sha256)}
        />
        <ExactBytes run={run} sha256={artifact.sha256} />
      </details>
    </Chapter>
  );
}
