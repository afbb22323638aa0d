// The run at its permanent address: the story in the main column, the receipts beside it.
// Its script keeps it in step with the run (src/client/live.ts). Without script it reloads while the run works by itself, and
// stays as it is while a human is needed.
import { type AlertNotes, AlertSection } from "./alert-section.tsx";
import { CheckAlert, CheckInBrief } from "./browser-check.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { EvidenceSection } from "./evidence-section.tsx";
import { Instant } from "./instant.tsx";
import { ContinueSection, ContinuesSection, type Lineage } from "./lineage-section.tsx";
import { Notice } from "./notice.tsx";
import { HandoffSection, OutcomeSection } from "./outcome-section.tsx";
import { Page } from "./page.tsx";
import { ReceiptStrip, TRUST_PATH } from "./receipt-strip.tsx";
import { ROOM_OF_THE_QUESTION, ROOM_OF_THE_REST, SharedRoom } from "./room.ts";
import { RoundSection } from "./round-section.tsx";
import { plain, Title, Words } from "./shown-text.tsx";
import { type StatusWords, statusWords } from "./status-words.ts";
import type { Story } from "./story.ts";
import { type Deciding, DecisionElsewhere, isOffered, mayStart, SignedInAs } from "./who-decides.tsx";

/** A decision that was refused, and the words that came with it. */
export interface RefusedDecision {
  readonly code: string;
  readonly message: string;
  readonly reason: string;
}

interface RunPageProps {
  readonly story: Story;
  readonly lineage?: Lineage;
  readonly notes?: AlertNotes;
  readonly keys: ReadonlyMap<string, string>;
  readonly origin: string;
  /** Where this deployment publishes the trust policy of the run, as a path. */
  readonly trust?: string;
  readonly now: string;
  readonly deciding: Deciding;
  readonly refused?: RefusedDecision | null;
}

const ALONE: Lineage = { ancestors: [], continuedBy: [] };
const NO_NOTES: AlertNotes = { over: null, repeated: null };

/** Longer than this, in UTF-16 code units, a subject is set smaller: on a phone it would fill the first screen. */
const LONG_SUBJECT = 80;

/** Seconds between reloads while the run works, where there is no script. */
const REFRESH_SECONDS = 2;

export function RunPage({
  story,
  lineage = ALONE,
  notes = NO_NOTES,
  keys,
  origin,
  trust = TRUST_PATH,
  now,
  deciding,
  refused = null,
}: RunPageProps) {
  const words = statusWords(story);
  const subject = story.alert?.receipt.statement.predicate.title ?? "A new run";
  const newest = story.rounds.at(-1);
  const offered = story.open !== null && isOffered(deciding, story);
  const refresh = words.tone === "working" && refused === null ? REFRESH_SECONDS : null;
  return (
    <Page
      title={`${words.title}: ${plain(subject, "title")} · Countersign`}
      name="run"
      icon={words.tone}
      run={story.run}
      refresh={refresh}
      script="run-page"
    >
      <SharedRoom.Provider value={{ left: ROOM_OF_THE_REST }}>
        <div class="run" id="run">
          <article class="story">
            <header class="run-head">
              <p class="aside">
                Run <code>{story.run}</code>
                <span class="printed">
                  , at {origin}/runs/{story.run}, as it was at <Instant at={now} />
                </span>
              </p>
              <h1 class={subject.length > LONG_SUBJECT ? "is-long" : undefined}>
                <Title text={subject} />
              </h1>
              <StatusLine words={words} story={story} decides={offered} now={now} />
              <CheckInBrief />
              <LiveNotes />
              <CheckAlert />
              <SignedInAs deciding={deciding} />
              {refused && (
                <Notice code={refused.code} message={refused.message} reason={refused.reason} story={story} />
              )}
            </header>
            {story.alert && <ContinuesSection alert={story.alert.receipt} lineage={lineage} />}
            {story.alert && <AlertSection run={story.run} alert={story.alert} notes={notes} />}
            {story.evidence && <EvidenceSection run={story.run} evidence={story.evidence} />}
            {story.rounds.slice(0, -1).map((round, i) => (
              <RoundSection run={story.run} story={round} place={i + 1} newest={false} />
            ))}
            {newest && (
              <SharedRoom.Provider value={{ left: ROOM_OF_THE_QUESTION }}>
                <RoundSection run={story.run} story={newest} place={story.rounds.length} newest />
              </SharedRoom.Provider>
            )}
            {story.outcome && (
              <OutcomeSection
                run={story.run}
                outcome={story.outcome}
                told={story.rounds.at(-1)?.round.execution?.statement.predicate.reason ?? ""}
              />
            )}
            {story.handoff && <HandoffSection run={story.run} handoff={story.handoff} />}
            {story.handoff && (
              <ContinueSection
                run={story.run}
                lineage={lineage}
                mayStart={mayStart(deciding)}
                status={story.status}
                isResolved={story.outcome?.receipt.statement.predicate.status === "resolved"}
              />
            )}
            {story.open && offered && (
              <DecisionForm
                story={story}
                open={story.open}
                now={now}
                deciding={deciding}
                reason={refused?.reason ?? ""}
              />
            )}
            {story.open && !offered && <DecisionElsewhere deciding={deciding} story={story} now={now} />}
            <MovedOn />
          </article>
          <ReceiptStrip run={story.run} receipts={story.receipts} keys={keys} origin={origin} trust={trust} />
        </div>
      </SharedRoom.Provider>
    </Page>
  );
}

/** Filled by the page's script: that the page is out of touch with the run, and words that were never sent. */
function LiveNotes() {
  return (
    <>
      <p id="out-of-touch" class="notice" role="status" hidden></p>
      <p id="unsent-words" class="notice words" role="status" hidden></p>
    </>
  );
}

/** Filled by the page's script where a decision stood that somebody else has made meanwhile, for whoever stands there. */
function MovedOn() {
  return <p id="moved-on" class="moved-on" role="status" hidden></p>;
}

interface StatusLineProps {
  readonly words: StatusWords;
  readonly story: Story;
  readonly decides: boolean;
  readonly now: string;
}

function StatusLine({ words, story, decides, now }: StatusLineProps) {
  const expiresAt = story.open?.round.preview?.statement.predicate.expiresAt;
  return (
    <>
      <p class={`status is-${words.tone}`} role="status" aria-live="polite">
        <strong>
          {words.title}
          {words.by === undefined && "."}
        </strong>
        {words.by !== undefined && <Words text={words.by} />} <Words text={words.sentence} />
        {expiresAt && (
          <>
            {" "}
            Decide by{" "}
            <Instant at={expiresAt} as={expiresAt.slice(0, 10) === now.slice(0, 10) ? "clock" : "full"} />.
          </>
        )}
      </p>
      <p class="jump">
        {story.open && <a href={`#proposal-${story.rounds.length}`}>Read the change</a>}
        {story.outcome && <a href="#outcome">See what came of it</a>}
        {decides && <a href="#decision">Decide</a>}
        {decides && <KeySwitch />}
      </p>
    </>
  );
}

/** Turns the decision's keys off and on (src/client/key-switch.ts). Shown where there are keys, and a script to listen to them. */
function KeySwitch() {
  return (
    <label class="keys" for="keys">
      <input id="keys" type="checkbox" checked autocomplete="off" />
      Letter keys lead to the decision
    </label>
  );
}
