// One round: what the agent wants to change, what a human decided, and what the runtime then did.
// The newest round lies open; in an earlier one the diff is folded away but still there.
import { Chapter, SignedBy } from "./chapter.tsx";
import { ArtifactBox, JsonBox, SourceBox } from "./code-box.tsx";
import { DiffTable } from "./diff-table.tsx";
import { artifactPath, DigestText, ExactBytes } from "./digest-text.tsx";
import { Instant } from "./instant.tsx";
import { Name, Path, Words } from "./shown-text.tsx";
import type { RoundStory } from "./story.ts";

interface RoundProps {
  readonly run: string;
  readonly story: RoundStory;
  readonly place: number;
  readonly newest: boolean;
}

export function RoundSection({ run, story, place, newest }: RoundProps) {
  const { proposal, preview, continues } = story.round;
  const { revision, summary, risk, feedback } = proposal.statement.predicate;
  const title = revision === 1 ? "What it wants to change" : `What it wants to change, revision ${revision}`;
  return (
    <>
      <Chapter id={`proposal-${place}`} title={title} receipts={[proposal, preview]}>
        {continues && (
          <p class="aside">The same script has made its approved call and now asks for a further one.</p>
        )}
        <p class="words">
          <Words text={summary} />
        </p>
        {feedback && <FeedbackList {...feedback} />}
        <p>
          <span class={`risk risk-${risk}`}>{risk} risk</span>{" "}
          <span class="aside">as the agent rates it. It asks for one call:</span>{" "}
          <CallName {...(story.action ?? { connector: "", method: "" })} />
        </p>
        <Change run={run} story={story} place={place} newest={newest} />
        <details>
          <summary>The generated script, {(story.code.text ?? "").split("\n").length} lines</summary>
          <p class="aside">
            Approving makes the call above and lets the rest of this script run. A further gated call waits
            for a decision of its own.
          </p>
          <SourceBox
            label="The generated script"
            path="script.js"
            text={story.code.text ?? ""}
            exact={artifactPath(run, story.code.sha256)}
          />
          <ExactBytes run={run} sha256={story.code.sha256} />
        </details>
        {story.change && (
          <details>
            <summary>The exact call</summary>
            <Call run={run} story={story} />
          </details>
        )}
      </Chapter>
      <DecisionMade story={story} />
      <ExecutionMade story={story} />
    </>
  );
}

/** What there is to decide on: the change that follows from the arguments or, where none does, the arguments. */
function Change({ run, story, place, newest }: RoundProps) {
  const { change } = story;
  const exact = artifactPath(run, story.artifact.sha256);
  if (change) {
    const table = <DiffTable id={`change-${place}`} change={change} exact={exact} isNewest={newest} />;
    if (newest) return table;
    return (
      <details>
        <summary>
          The change to <Path text={change.path} />
        </summary>
        {table}
      </details>
    );
  }
  if (newest) {
    return (
      <>
        <p>The call changes no file that the receipts know of. These are its arguments:</p>
        <Call run={run} story={story} />
      </>
    );
  }
  return (
    <details>
      <summary>The exact call</summary>
      <Call run={run} story={story} />
    </details>
  );
}

/** The call as it was signed, laid out to be read. */
function Call({ run, story: { action, artifact } }: Pick<RoundProps, "run" | "story">) {
  const label = "The call and its arguments";
  const exact = artifactPath(run, artifact.sha256);
  return (
    <>
      {action ? (
        <JsonBox label={label} value={action} exact={exact} />
      ) : (
        <ArtifactBox label={label} text={artifact.text} exact={exact} />
      )}
      <ExactBytes run={run} sha256={artifact.sha256} />
    </>
  );
}

/** `repository.write_file`. */
export function CallName({ connector, method }: { connector: string; method: string }) {
  return (
    <code class="path">
      <Name text={connector} />.<Name text={method} />
    </code>
  );
}

function FeedbackList({
  text,
  applied,
  notApplied,
}: {
  text: string;
  applied: string[];
  notApplied: string[];
}) {
  return (
    <div class="feedback">
      <p class="aside">In answer to the reviewer’s words:</p>
      <blockquote class="words">
        <Words text={text} />
      </blockquote>
      <dl>
        {applied.length > 0 && <dt>Applied</dt>}
        {applied.map((note) => (
          <dd class="is-applied">
            <Words text={note} />
          </dd>
        ))}
        {notApplied.length > 0 && <dt>Not applied</dt>}
        {notApplied.map((note) => (
          <dd class="is-not-applied">
            <Words text={note} />
          </dd>
        ))}
      </dl>
    </div>
  );
}

const DECIDED = { approve: "Approved", reject: "Rejected", request_changes: "Changes requested" } as const;

function DecisionMade({ story }: { story: RoundStory }) {
  const { decision } = story.round;
  if (!decision) return null;
  const { decision: word, reason, reviewer, issuedAt } = decision.statement.predicate;
  return (
    <div class={`stamp is-${word}`}>
      <h3>{DECIDED[word]}</h3>
      <p>
        by{" "}
        <b>
          <Name text={reviewer.id} />
        </b>{" "}
        (<Name text={reviewer.method} />) at <Instant at={issuedAt} />
      </p>
      {reason !== "" && (
        <blockquote class="words">
          <Words text={reason} />
        </blockquote>
      )}
      <SignedBy receipts={[decision]} />
    </div>
  );
}

const DONE = {
  executed: "The approved call was made",
  failed: "The approved call was not made",
  withheld: "The call was withheld",
} as const;

function ExecutionMade({ story }: { story: RoundStory }) {
  const { execution } = story.round;
  if (!execution) return null;
  const { status, reason, changes, more, recovered } = execution.statement.predicate;
  return (
    <div class={`done is-${status}`}>
      <h3>{DONE[status]}</h3>
      {reason !== "" && (
        <p class="words">
          <Words text={reason} />
        </p>
      )}
      {changes.map(({ path, before, after }) => (
        <p>
          <Path text={path} /> went from {before ? <DigestText digest={before} /> : "nothing"} to{" "}
          <DigestText digest={after} />
        </p>
      ))}
      {more && <p>The same script then asked for a further write.</p>}
      {recovered && <p class="aside">The runtime was interrupted here and told what its storage showed.</p>}
      <SignedBy receipts={[execution]} />
    </div>
  );
}
