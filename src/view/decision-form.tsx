// The decision: a plain form that works without script. It names the proposal it decides on, by digest, so that a decision
// can never land on another. It stays in view at the foot of the window while the reviewer reads.
import { LIMITS } from "../receipt/index.ts";
import { shortDigest } from "./digest-text.tsx";
import { duration, Instant, TimeLeft } from "./instant.tsx";
import { isShownInFull } from "./shown-in-full.ts";
import { Name } from "./shown-text.tsx";
import type { RoundStory, Story } from "./story.ts";
import { type Deciding, Signing } from "./who-decides.tsx";

interface DecisionFormProps {
  readonly story: Story;
  readonly open: RoundStory;
  /** The instant at which the page was made. */
  readonly now: string;
  readonly deciding: Deciding;
  /** Words to put back into the box after a refusal. */
  readonly reason: string;
}

export function DecisionForm({ story, open, now, deciding, reason }: DecisionFormProps) {
  const { proposal, preview } = open.round;
  const { revision } = proposal.statement.predicate;
  const expiresAt = preview?.statement.predicate.expiresAt ?? now;
  const left = duration(now, expiresAt);
  const last = story.policy !== null && revision >= story.policy.revisions;
  return (
    <section class="decision" id="decision" aria-labelledby="decision-title">
      <form class="decision-form" method="post" action={`/runs/${story.run}/decision`}>
        <input type="hidden" name="proposal" value={proposal.digest} />
        <div class="decision-head">
          <h2 id="decision-title">
            Your decision{revision > 1 ? ` on revision ${revision}${last ? ", the last" : ""}` : ""}
          </h2>
          <p class="until">
            <span class="until-when">
              until{" "}
              <Instant at={expiresAt} as={left !== null && sameDay(now, expiresAt) ? "clock" : "full"} />,{" "}
            </span>
            <TimeLeft from={now} to={expiresAt} />
          </p>
        </div>
        <label for="reason">{last ? "Reason" : "Reason, or what to change"}</label>
        <textarea id="reason" name="reason" rows={1} placeholder=" " maxlength={LIMITS.reason}>
          {reason}
        </textarea>
        <p id="new-proposal" class="aside" role="status" hidden></p>
        <div class="choices">
          <button class="approve" name="decision" value="approve" type="submit" aria-keyshortcuts="a">
            Approve{!isShownInFull(open) && ", not shown in full"} <Key name="a" />
          </button>
          {!last && (
            <button name="decision" value="request_changes" type="submit" aria-keyshortcuts="c">
              Request changes <Key name="c" />
            </button>
          )}
          <button class="reject" name="decision" value="reject" type="submit" aria-keyshortcuts="r">
            Reject <Key name="r" />
          </button>
        </div>
        <details class="decision-foot">
          <summary>
            <code>{shortDigest(proposal.digest)}</code> · <Signing deciding={deciding} />
          </summary>
          <p>
            The receipt will name the reviewer as “
            <Name text={deciding.as === "known" ? deciding.actor.id : "visitor"} />” and hold your words.
            {last ? " The policy allows no further revision." : ""}{" "}
            <noscript>The time left is as of this page’s making. </noscript>
            The time to decide ends at <Instant at={expiresAt} />.
          </p>
          <dl class="digests">
            <dt>Proposal</dt>
            <dd>
              <code>{proposal.digest}</code>
            </dd>
            <dt>Exact call</dt>
            <dd>
              <code>sha256:{open.artifact.sha256}</code>
            </dd>
          </dl>
        </details>
      </form>
    </section>
  );
}

/** The key that leads to a button (src/client/decision-keys.ts). Shown where there are keys, and a script to listen to them. */
function Key({ name }: { name: string }) {
  return (
    <span class="key" aria-hidden="true">
      {name}
    </span>
  );
}

function sameDay(one: string, other: string): boolean {
  return one.slice(0, 10) === other.slice(0, 10);
}
