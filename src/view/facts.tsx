// The few facts that a decision hangs on, each in a row: what changes, why, what the runtime measured with it, how sure the agent is.
import type { Child } from "hono/jsx";
import type { RunStory, ToldRound } from "../host/run-story.ts";
import type { Predicate } from "../receipt/index.ts";
import { Values } from "./diff-card.tsx";
import type { DrawnRound } from "./drawn-round.ts";
import { countLines } from "./effect-cards.ts";
import { Name, Path, Resource, Words } from "./shown-text.tsx";

export function Fact({ term, children }: { term: string; children?: Child }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Most resources that are named in a row. */
const NAMED = 3;

/** `src/checkout.js +6 −0`, `flag:new_pricing true → false`, or the call itself where no effect is derived. */
export function ChangeWords({ drawn: { round, cards } }: { drawn: DrawnRound }) {
  const { connector, method } = round.action;
  const call = `${connector}.${method}`;
  if (cards.length === 0) {
    return (
      <>
        <Path text={call} />: what it changes cannot be derived
      </>
    );
  }
  const [only] = cards;
  if (cards.length === 1 && only?.shape === "values") {
    return (
      <>
        <Resource text={only.effect.resource} /> <Values before={only.before} after={only.after} />
      </>
    );
  }
  return (
    <>
      {cards.slice(0, NAMED).map(({ effect }, i) => (
        <>
          {i > 0 && ", "}
          <Resource text={effect.resource} />
        </>
      ))}
      {cards.length > NAMED && ` and ${cards.length - NAMED} more`} <LineCounts counts={countLines(cards)} />
    </>
  );
}

export function LineCounts({ counts }: { counts: { added: number; removed: number } | null }) {
  if (!counts) return null;
  return (
    <span class="line-counts">
      <span class="added">+{counts.added}</span> <span class="removed">−{counts.removed}</span>
      <span class="unseen"> lines</span>
    </span>
  );
}

/** So much of somebody's reasons stands in the row; the rest is a press away. */
const SHORT = 150;
/** So much stands open where the page is wide. */
const MEDIUM = 600;

/** A text of which the beginning is enough for most: its first sentence, or as many words as there is room for. */
export function Brief({ text }: { text: string }) {
  const line = text.trim();
  if (line.length <= SHORT) return <Words text={line} />;
  const sentence = /^[\s\S]{30,150}?[.!?](?=\s)/u.exec(line)?.[0];
  const head = sentence ?? line.slice(0, Math.max(60, line.lastIndexOf(" ", SHORT))).toWellFormed();
  return (
    <details class={line.length > MEDIUM ? "brief" : "brief is-medium"}>
      <summary>
        <Words text={head} /> <span class="more">{sentence ? "more" : "… more"}</span>
      </summary>
      <Words text={line.slice(head.length)} />
    </details>
  );
}

/** What the runtime measured of the proposed state, before anything was done: the deciding fact. */
export function Rehearsed({ checks }: { checks: Predicate<"preview">["checks"] }) {
  if (checks.length === 0) return <>Not possible: nothing here measures this.</>;
  return (
    <>
      {checks.slice(0, NAMED).map(({ name, before, rehearsed }, i) => (
        <>
          {i > 0 && "; "}
          <Name text={name} />{" "}
          {rehearsed ? (
            <b class={rehearsed.failed > 0 ? "removed" : "added"}>
              {rehearsed.failed === before.failed ? "" : `${before.failed} → `}
              {rehearsed.failed} of {rehearsed.total}
            </b>
          ) : (
            <>{before.failed} now, not rehearsed</>
          )}
        </>
      ))}
      {checks.length > NAMED && `; ${checks.length - NAMED} more`}{" "}
      <span class="chip of-runtime" title="Measured and signed by the runtime, not by the agent">
        runtime
      </span>
    </>
  );
}

const SAID: Readonly<Record<"webauthn" | "ssh", string>> = {
  webauthn: "with a passkey",
  ssh: "with an SSH key",
};

/** ` with a passkey`; nothing for a decision that only the deployment signed. */
export function SignedWith({ assertion, listed }: { assertion: "webauthn" | "ssh" | null; listed: boolean }) {
  if (assertion === null) return null;
  return (
    <>
      , {SAID[assertion]}
      {!listed && " that nobody vouches for"}
    </>
  );
}

/** The approvals that the policy asks for; nothing where it is one reviewer's, as usual. */
export function Approvals({ story, round }: { story: RunStory; round: ToldRound }) {
  const asked = story.policy?.approvals ?? [];
  const given = round.decisions.filter(({ decision }) => decision === "approve");
  const [only] = asked;
  if (asked.length <= 1 && only?.count === 1 && only.role === "reviewer") return null;
  return (
    <Fact term="Approvals">
      <ul class="approvals">
        {asked.map(({ role, count }) => {
          const by = given.filter((one) => one.role === role);
          const missing = round.missing.find((one) => one.role === role)?.count ?? 0;
          return (
            <li>
              <Name text={role} />:{" "}
              {by.map(({ reviewer, assertion, listed }, i) => (
                <>
                  {i > 0 && ", "}
                  <b class="added">
                    ✓ <Name text={reviewer.id} />
                  </b>
                  <SignedWith assertion={assertion} listed={listed} />
                </>
              ))}
              {by.length > 0 && missing > 0 && "; "}
              {missing > 0 && (
                <span class="is-missing">
                  {missing} of {count} missing
                </span>
              )}
              {by.length === 0 && missing === 0 && "none given"}
            </li>
          );
        })}
      </ul>
    </Fact>
  );
}
