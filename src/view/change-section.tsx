// What exactly changes: the effects as cards, the runtime's dry run, and every argument that no card shows. After a revision, what is new
// since the one before comes first. All of it works without script: the switches are radio buttons that the style sheet reads.
import type { Child } from "hono/jsx";
import { CodeBox, JsonBox } from "./code-box.tsx";
import { DiffCard } from "./diff-card.tsx";
import { artifactPath } from "./digest-text.tsx";
import type { DrawnRound, SinceRevision } from "./drawn-round.ts";
import type { EffectCard } from "./effect-cards.ts";
import { Resource } from "./shown-text.tsx";

interface ChangeProps {
  readonly run: string;
  readonly drawn: DrawnRound;
  /** Tells the section of a waiting run from that of an ended one: each is drawn anew, and none moves into the other's place. */
  readonly id: string;
}

export function ChangeSection({ run, drawn, id }: ChangeProps) {
  const { round, cards, since, args } = drawn;
  const exact = artifactPath(run, round.action.digest.slice("sha256:".length));
  const splits = [...cards, ...(since?.cards ?? [])].some(
    (card) => card.shape === "diff" && card.drawn.isShort && !card.change.isNew && !card.change.isGone,
  );
  return (
    <section class={`change ${since ? "has-since" : ""}`} id={id} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`} class={since ? undefined : "unseen"}>
          The change
        </h2>
        {since && <SinceSwitch id={id} revision={since.revision} />}
        {splits && <SplitSwitch id={id} />}
      </header>
      {since && (
        <div class="of-since">
          <Since since={since} exact={exact} />
        </div>
      )}
      <div class="of-whole">
        {cards.map((card) => (
          <DiffCard card={card} exact={exact} />
        ))}
      </div>
      {args !== null && (
        <Card title={cards.length === 0 ? "Arguments" : "Other arguments"}>
          <JsonBox label="Arguments" value={args} exact={exact} />
        </Card>
      )}
      {round.plan && (
        <Card title="Dry run" aside="the runtime’s, signed">
          {round.plan.text === null ? (
            <p>The dry run is no text.</p>
          ) : (
            <CodeBox
              label="Dry run"
              text={round.plan.text}
              as="wraps"
              exact={artifactPath(run, round.plan.digest.slice(7))}
            />
          )}
        </Card>
      )}
      <span class="change-end" id={`${id}-end`}></span>
    </section>
  );
}

function Card({ title, aside, children }: { title: string; aside?: string; children?: Child }) {
  return (
    <section class="card" aria-label={title}>
      <header>
        <b>{title}</b>
        {aside && <span class="aside">{aside}</span>}
      </header>
      {children}
    </section>
  );
}

function Since({ since: { cards, dropped, revision }, exact }: { since: SinceRevision; exact: string }) {
  return (
    <>
      {cards.length === 0 && dropped.length === 0 && (
        <p class="card is-note">The same call as revision {revision}.</p>
      )}
      {cards.map((card: EffectCard) => (
        <DiffCard card={card} exact={exact} />
      ))}
      {dropped.length > 0 && (
        <p class="card is-note">
          No longer changed:{" "}
          {dropped.slice(0, 20).map((resource, i) => (
            <>
              {i > 0 && ", "}
              <Resource text={resource} />
            </>
          ))}
          {dropped.length > 20 && ` and ${dropped.length - 20} more`}
        </p>
      )}
    </>
  );
}

function SinceSwitch({ id, revision }: { id: string; revision: number }) {
  return (
    <fieldset class="switch">
      <legend class="unseen">What to show of the change</legend>
      <label>
        <input type="radio" name={`${id}-since`} value="since" checked /> Since revision {revision}
      </label>
      <label>
        <input type="radio" name={`${id}-since`} value="whole" /> Whole change
      </label>
    </fieldset>
  );
}

function SplitSwitch({ id }: { id: string }) {
  return (
    <fieldset class="switch of-split">
      <legend class="unseen">How to show the change</legend>
      <label>
        <input type="radio" name={`${id}-split`} value="unified" checked /> Unified
      </label>
      <label>
        <input type="radio" name={`${id}-split`} value="split" /> Side by side
      </label>
    </fieldset>
  );
}
