// The run at its permanent address: the question or the result first, then what exactly changes, then the story of how it came to this.
// Its script keeps it in step with the run (src/client/live.ts). Without script it reloads while the run works by itself, and stays as
// it is while a human is needed.
import type { RunStory } from "../host/run-story.ts";
import { AskCard, WorkCard } from "./ask-card.tsx";
import { ChangeSection } from "./change-section.tsx";
import { DecisionBar } from "./decision-bar.tsx";
import { type DrawnRound, drawRounds } from "./drawn-round.ts";
import { EditFold } from "./edit-fold.tsx";
import { AlertFold, EarlierRound, ExactCall, HandedOn, LookedAt } from "./folds.tsx";
import { Instant } from "./instant.tsx";
import { LineageFold } from "./lineage.tsx";
import { shortId } from "./listed-words.ts";
import { LoggedFold } from "./logged-fold.tsx";
import { Notice, type RefusedDecision } from "./notice.tsx";
import { Page } from "./page.tsx";
import { Rail } from "./rail.tsx";
import { ResultCard } from "./result-card.tsx";
import { ROOM_OF_THE_QUESTION, ROOM_OF_THE_REST, SharedRoom } from "./room.ts";
import { ScriptCard } from "./script-card.tsx";
import { plain } from "./shown-text.tsx";
import { describeStatus, statusWords } from "./status-words.ts";
import { Tape } from "./tape.tsx";
import { barredBy, type Deciding, SignedInAs } from "./who-decides.tsx";

export type { RefusedDecision };

export interface RunPageProps {
  readonly story: RunStory;
  readonly deciding: Deciding;
  /** A decision that came with this request and was not taken. */
  readonly refused: RefusedDecision | null;
  /** Where this deployment is, as in `https://host`. */
  readonly origin: string;
  /** The instant at which the page is made. */
  readonly now: string;
  /** Public keys of this deployment: base64url `x` by key id. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Seconds between reloads while the run works, where there is no script. */
const REFRESH_SECONDS = 2;

export function RunPage({ story, deciding, refused, origin, now }: RunPageProps) {
  const words = statusWords(story);
  const { run, pending } = story.view;
  const question = { left: ROOM_OF_THE_QUESTION };
  const rest = { left: ROOM_OF_THE_REST };
  const drawn = drawRounds(story, question, rest);
  const title = plain(story.alert?.title ?? "A new run", "title");
  return (
    <Page
      title={`${words.tone === "waiting" ? "Decision needed:" : words.title} ${title}`}
      description={describeStatus(story)}
      name="run"
      url={`${origin}/runs/${run}`}
      icon={words.tone}
      run={run}
      refresh={words.tone === "working" && refused === null ? REFRESH_SECONDS : null}
      script="run-page"
      skipTo={pending ? { id: "decision", words: "Skip to the decision" } : null}
      trail={
        <>
          Run <code>{shortId(run)}</code>
        </>
      }
      status={
        <>
          <span id="check-brief" class="check-brief"></span>
          <SignedInAs deciding={deciding} />
        </>
      }
    >
      <SharedRoom.Provider value={rest}>
        <div class="run" id="run">
          <div class="column">
            <Rail story={story} now={now} isForYou={barredBy(deciding) === null} />
            <LiveNotes />
            {refused && <Notice refused={refused} story={story} />}
            <Noted story={story} />
            {/* Few texts, each bounded by the format: none of them is cut for what others take. */}
            <SharedRoom.Provider value={null}>
              <Head story={story} drawn={drawn.at(-1) ?? null} deciding={deciding} />
            </SharedRoom.Provider>
            <Newest
              {...{ story, drawn, deciding, origin }}
              reason={refused && !refused.edit ? refused.reason : ""}
            />
            <Folds {...{ story, drawn, deciding, refused }} />
            <p class="printed">
              {origin}/runs/{run}, as it was at <Instant at={now} />
            </p>
          </div>
          <Tape story={story} drawn={drawn} />
        </div>
      </SharedRoom.Provider>
    </Page>
  );
}

interface HeadProps {
  readonly story: RunStory;
  readonly drawn: DrawnRound | null;
  readonly deciding: Deciding;
}

function Head({ story, drawn, deciding }: HeadProps) {
  if (story.view.pending && drawn) return <AskCard story={story} drawn={drawn} />;
  return story.handoff ? <ResultCard {...{ story, drawn, deciding }} /> : <WorkCard story={story} />;
}

interface NewestProps {
  readonly story: RunStory;
  readonly drawn: readonly DrawnRound[];
  readonly deciding: Deciding;
  readonly reason: string;
  readonly origin: string;
}

/** The newest round: what it changes, the decision on it, the script that waits or ran. */
function Newest({ story, drawn, deciding, reason, origin }: NewestProps) {
  const newest = drawn.at(-1);
  if (!newest) return null;
  const { run, pending } = story.view;
  const id = `${pending ? "change" : "changed"}-${newest.round.proposal.revision}`;
  // Drawn with room of its own already; what else is in the section has as much again.
  return (
    <SharedRoom.Provider value={{ left: ROOM_OF_THE_QUESTION / 2 }}>
      <ChangeSection run={run} drawn={newest} id={id} />
      {pending && (
        <SharedRoom.Provider value={null}>
          <DecisionBar {...{ story, deciding, reason, origin }} drawn={newest} />
        </SharedRoom.Provider>
      )}
      <ScriptCard run={run} round={newest.round} />
    </SharedRoom.Provider>
  );
}

type FoldsProps = Pick<RunPageProps, "refused"> & Omit<NewestProps, "reason" | "origin">;

/** What goes when the run moves on stands last: nothing below it moves under a reader. */
function Folds({ story, drawn, deciding, refused }: FoldsProps) {
  const newest = drawn.at(-1);
  return (
    <section class="folds" aria-label="How it came to this">
      {drawn
        .slice(0, -1)
        .toReversed()
        .map((round) => (
          <EarlierRound run={story.view.run} drawn={round} />
        ))}
      <LookedAt story={story} />
      <AlertFold story={story} />
      {newest && <ExactCall story={story} drawn={newest} />}
      <HandedOn story={story} />
      <LoggedFold logged={story.logged} />
      <LineageFold story={story} />
      {story.view.pending && newest && <EditFold {...{ story, deciding, refused }} drawn={newest} />}
      {story.view.pending && <KeySwitch />}
    </section>
  );
}

/** What happened outside the run meanwhile. Nobody signed it. */
function Noted({ story: { notes, view } }: { story: RunStory }) {
  if (!notes.resolved || !view.pending) return null;
  return (
    <p class="notice">
      The monitor says that the alert is over, since <Instant at={notes.resolved.at} as="short" />. The
      proposal still waits.
    </p>
  );
}

/** Filled by the page's script: that receipts are false, that the page is out of touch, that somebody else has decided. */
function LiveNotes() {
  return (
    <>
      <div id="check-alert" class="notice is-bad" role="alert" hidden></div>
      <p id="out-of-touch" class="notice" role="status" hidden></p>
      <p id="moved-on" class="moved-on" role="status" hidden></p>
    </>
  );
}

/** Turns the decision's keys off and on (src/client/key-switch.ts). Shown where there are keys, and a script to listen to them. */
function KeySwitch() {
  return (
    <label class="keys" for="keys">
      <input id="keys" type="checkbox" checked autocomplete="off" />
      Keyboard shortcuts: A, R and C lead to the decision
    </label>
  );
}
