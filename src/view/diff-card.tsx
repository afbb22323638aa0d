// One effect as a card: a diff, two values, or digests. Long lines wrap, so that nothing is pushed out of sight. Never draws only a
// part without saying so.
import type { ToldContent } from "../host/run-story.ts";
import { SplitTable, UnifiedTable } from "./diff-rows.tsx";
import { DigestText } from "./digest-text.tsx";
import type { EffectCard } from "./effect-cards.ts";
import { resourceName } from "./receipt-words.ts";
import { plain, Resource } from "./shown-text.tsx";

interface CardProps {
  readonly card: EffectCard;
  /** Where all of the call can be had. */
  readonly exact: string;
}

export function DiffCard({ card, exact }: CardProps) {
  switch (card.shape) {
    case "diff":
      return <TextDiff card={card} exact={exact} />;
    case "values":
      return (
        <figure class="card diff">
          <figcaption>
            <Resource text={card.effect.resource} />
            <Values before={card.before} after={card.after} />
          </figcaption>
        </figure>
      );
    case "digests":
      return (
        <figure class="card diff">
          <figcaption>
            <Resource text={card.effect.resource} />
            <span class="aside">no diff can be drawn</span>
          </figcaption>
          <p class="sides">
            <SideWords content={card.effect.before} /> <span aria-hidden="true">→</span>
            <span class="unseen">becomes</span> <SideWords content={card.effect.after} />
          </p>
        </figure>
      );
  }
}

/** `true → false`. */
export function Values({ before, after }: { before: string | null; after: string | null }) {
  return (
    <span class="values">
      <del>{before === null ? "nothing" : plain(before, "code")}</del> <span aria-hidden="true">→</span>
      <span class="unseen">becomes</span> <ins>{after === null ? "nothing" : plain(after, "code")}</ins>
    </span>
  );
}

/** A side of which the bytes are not at hand, or are no text. */
function SideWords({ content: { digest } }: { content: ToldContent }) {
  if (digest === null) return <>nothing there</>;
  if (digest === "unknown") return <>not known beforehand</>;
  return (
    <>
      content <DigestText digest={digest} />
    </>
  );
}

type DiffShape = Extract<EffectCard, { shape: "diff" }>;

function TextDiff({ card: { change, drawn }, exact }: { card: DiffShape; exact: string }) {
  const { name, isNew, isGone } = change;
  const { hunks, added, removed, ends } = drawn;
  const splits = !isNew && !isGone && hunks.length > 0 && drawn.isShort;
  const label = `Changes to ${plain(resourceName(name), "path")}`;
  return (
    <figure class="card diff">
      <figcaption>
        <Resource text={name} />
        <span>
          {isNew && "new, "}
          {isGone && "taken away, "}
          {ends}
          <span class="added">+{added}</span> <span class="removed">−{removed}</span>
          <span class="unseen"> lines</span>
        </span>
      </figcaption>
      <Remarks card={drawn} isWhole={isNew || isGone} exact={exact} />
      {hunks.length === 0 && (
        <p>{isNew ? "New, and empty." : isGone ? "It was empty." : "Nothing changes."}</p>
      )}
      {hunks.length > 0 && (
        <div class="diff-body">
          <UnifiedTable label={label} hunks={hunks} />
          {splits && <SplitTable label={`${label}, side by side`} hunks={hunks} />}
        </div>
      )}
    </figure>
  );
}

function Remarks({ card, isWhole, exact }: { card: DiffShape["drawn"]; isWhole: boolean; exact: string }) {
  const { hidden, marks } = card.hidden;
  return (
    <>
      {hidden > 0 && (
        <p class="diff-warning">
          <b>
            {hidden === 1 ? "One invisible character" : `${hidden.toLocaleString("en")} invisible characters`}
            .
          </b>{" "}
          Each is shown as its code point, such as <u>U+202E</u>.
        </p>
      )}
      {marks > 0 && (
        <p class="diff-warning">
          <b>{marks.toLocaleString("en")} stacked combining marks.</b> Each run is shown as its code point and
          count, such as <u>U+0301 ×200</u>.
        </p>
      )}
      {!card.matched && !isWhole && (
        <p class="diff-warning">
          <b>Too different to match lines.</b> All of it before comes first, then all of it after.
        </p>
      )}
      {card.left > 0 && (
        <p class="diff-warning">
          <b>Not shown in full: {card.left.toLocaleString("en")} bytes are left out.</b>{" "}
          <a href={exact} download>
            Download the exact call
          </a>
        </p>
      )}
    </>
  );
}
