// The head of a run that has not ended: what is asked, or what is being worked on. The question is the page's first heading.
import type { RunStory, ToldRound } from "../host/run-story.ts";
import type { DrawnRound } from "./drawn-round.ts";
import { Approvals, Brief, ChangeWords, Fact, Rehearsed } from "./facts.tsx";
import { Name, Title, Words } from "./shown-text.tsx";
import { statusWords } from "./status-words.ts";

/** Longer than this, in UTF-16 code units, a heading is set smaller: on a phone it would fill the first screen. */
const LONG_TITLE = 60;

export function AskCard({ story, drawn }: { story: RunStory; drawn: DrawnRound }) {
  const { round } = drawn;
  const { title, summary, risk, author, feedback, revision } = round.proposal;
  const isLast = story.policy !== null && revision >= story.policy.revisions;
  return (
    <section class="head is-waiting" id={`ask-${revision}`} aria-labelledby="ask-title">
      <p class="eyebrow" role="status">
        <b>Decision needed</b>{" "}
        <span>
          {story.alert && <Title text={story.alert.title} />}
          {revision > 1 && ` · revision ${revision}${isLast ? ", the last" : ""}`}
        </span>
      </p>
      <h1 id="ask-title" class={title.length > LONG_TITLE ? "is-long" : undefined}>
        <Title text={title} />
      </h1>
      <dl class="facts">
        <Fact term="Changes">
          <ChangeWords drawn={drawn} />
        </Fact>
        {feedback && (
          <Fact term="Asked for">
            <Asked feedback={feedback} />
          </Fact>
        )}
        <Why round={round} summary={summary} />
        <Fact term="Rehearsed">
          <Rehearsed checks={round.preview?.checks ?? []} />
        </Fact>
        <Fact term="Risk">
          <span class={`chip is-${risk}`}>{risk}</span>{" "}
          {author.kind === "agent" ? "says the agent" : "as for every call that a reviewer writes"}
        </Fact>
        <Approvals story={story} round={round} />
      </dl>
    </section>
  );
}

function Why({ round, summary }: { round: ToldRound; summary: string }) {
  const { author, reverts } = round.proposal;
  if (author.kind === "reviewer") {
    return (
      <Fact term="Why">
        <Name text={author.id} /> {reverts ? "asks to undo a call of the run before" : "wrote this call"}
      </Fact>
    );
  }
  if (summary.trim() === "") return null;
  return (
    <Fact term="Why">
      <Brief text={summary} /> <span class="aside">says the agent</span>
    </Fact>
  );
}

type Feedback = NonNullable<ToldRound["proposal"]["feedback"]>;

/** What a reviewer asked for, and what the agent says that it made of it. */
function Asked({ feedback: { text, applied, notApplied } }: { feedback: Feedback }) {
  return (
    <>
      “<Words text={text} />”
      {applied.map((one) => (
        <span class="answered">
          <b class="added">✓</b> <Words text={one} />
        </span>
      ))}
      {notApplied.map((one) => (
        <span class="answered">
          <b class="removed">✗ not done:</b> <Words text={one} />
        </span>
      ))}
    </>
  );
}

/** While the run works by itself. */
export function WorkCard({ story }: { story: RunStory }) {
  const words = statusWords(story);
  return (
    <section class="head is-working" id="working" aria-labelledby="working-title">
      <p class="eyebrow" role="status">
        {story.alert && <Title text={story.alert.title} />}
      </p>
      <h1 id="working-title">{words.title}</h1>
      <p class="sentence">{words.sentence}</p>
    </section>
  );
}
