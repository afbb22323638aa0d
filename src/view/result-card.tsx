// The head of a run that has ended: the result in plain words, drawn before and after, who decided and why.
import type { RunStory, ToldDecision } from "../host/run-story.ts";
import { ChecksTable } from "./checks-table.tsx";
import type { DrawnRound } from "./drawn-round.ts";
import { Approvals, Brief, ChangeWords, Fact, SignedWith } from "./facts.tsx";
import { Instant } from "./instant.tsx";
import { OutcomePicture } from "./outcome-picture.tsx";
import { LONGEST } from "./result-words.ts";
import { Name, Title, Words } from "./shown-text.tsx";
import { settlingOf, statusWords } from "./status-words.ts";
import { type Deciding, mayStart } from "./who-decides.tsx";

/** As on the question: a long heading is set smaller. */
const LONG_TITLE = 60;

const DECIDED = { approve: "Approved", reject: "Rejected", request_changes: "Sent back" } as const;

interface ResultProps {
  readonly story: RunStory;
  readonly drawn: DrawnRound | null;
  readonly deciding: Deciding;
}

export function ResultCard({ story, drawn, deciding }: ResultProps) {
  const { title, sentence, tone, picture } = statusWords(story);
  const settled = settlingOf(drawn?.round);
  const reason = drawn?.round.execution?.reason ?? "";
  return (
    <section class={`head is-ended is-${tone}`} id="result" aria-labelledby="result-title">
      {picture && <OutcomePicture picture={picture} tone={tone} />}
      <p class="eyebrow" role="status">
        <span>{story.alert && <Title text={story.alert.title} />}</span>
      </p>
      <h1 id="result-title" class={title.length > LONG_TITLE ? "is-long" : undefined}>
        {title}
      </h1>
      {sentence.trim() !== "" && (
        <p class="sentence">
          <bdi>{sentence}</bdi>
        </p>
      )}
      <dl class="facts">
        {drawn && (
          <>
            <Fact term={drawn.round.execution?.status === "executed" ? "Changed" : "Proposed"}>
              <ChangeWords drawn={drawn} />
            </Fact>
            <Fact term={settled ? DECIDED[settled.decision] : "Decided"}>
              {settled ? <DecidedBy decision={settled} /> : "by nobody"}
            </Fact>
            <Approvals story={story} round={drawn.round} />
          </>
        )}
        {reason.length > LONGEST &&
          drawn?.round.execution?.status !== "executed" &&
          settled?.decision === "approve" && (
            <Fact term="Runtime">
              <Brief text={reason} />
            </Fact>
          )}
      </dl>
      <ChecksTable checks={story.outcome?.checks ?? []} />
      <Actions story={story} deciding={deciding} />
    </section>
  );
}

/** What there is to do with an ended run. */
function Actions({ story, deciding }: { story: RunStory; deciding: Deciding }) {
  const { run, links } = story.view;
  const isApproved = story.rounds.some(({ decisions }) =>
    decisions.some(({ decision }) => decision === "approve"),
  );
  const revertible = story.rounds.findLast(({ isRevertible }) => isRevertible);
  return (
    <nav class="actions after-run" aria-label="What to do with this run">
      <a class="button is-primary" href={`/verify?run=${run}`}>
        Verify
      </a>
      <a class="button" href={`/verify?run=${run}&try=forge`}>
        {isApproved ? "Forge this approval" : "Try to forge one"}
      </a>
      <a class="button" href={links.bundle} download={`${run}.json`}>
        Download
      </a>
      {mayStart(deciding) && revertible?.execution && (
        <form method="post" action={`/runs/${run}/revert`}>
          <input type="hidden" name="execution" value={revertible.execution.digest} />
          <button type="submit" title="Starts a run that asks to undo the call">
            Revert
          </button>
        </form>
      )}
      {mayStart(deciding) && (
        <form method="post" action={`/runs/${run}/continue`}>
          <button type="submit" title="Starts a run that goes on from what this one hands on">
            Continue
          </button>
        </form>
      )}
    </nav>
  );
}

/** `by alice, with a passkey, at 05:30: “reason”`. */
export function DecidedBy({ decision }: { decision: ToldDecision }) {
  const { reviewer, assertion, listed, issuedAt, reason, edit } = decision;
  return (
    <>
      by{" "}
      <b>
        <Name text={reviewer.id} />
      </b>
      <SignedWith assertion={assertion} listed={listed} />, <Instant at={issuedAt} as="short" />
      {edit !== null && ", with a call of their own instead"}
      {reason.trim() !== "" && (
        <>
          : “<Words text={reason} />”
        </>
      )}
    </>
  );
}
