// The decision: a plain form that works without script, at the foot of the window. It names the proposal it decides on, by digest, so
// that a decision can never land on another. In the page it stands right after the change, so the keyboard is there in a few stops.
import type { RunStory } from "../host/run-story.ts";
import { LIMITS } from "../receipt/index.ts";
import type { DrawnRound } from "./drawn-round.ts";
import { Name, plain } from "./shown-text.tsx";
import {
  approvalBarredBy,
  barredFrom,
  cannotSign,
  type Deciding,
  rolesFor,
  signsAs,
  whyBarred,
} from "./who-decides.tsx";

interface BarProps {
  readonly story: RunStory;
  readonly drawn: DrawnRound;
  readonly deciding: Deciding;
  /** Words to put back into the box after a refusal. */
  readonly reason: string;
  /** Where this deployment is, as in `https://host`. */
  readonly origin: string;
}

export function DecisionBar(props: BarProps) {
  const barred = barredFrom(props.deciding, props.story);
  return (
    <section
      class="decision"
      id="decision"
      aria-labelledby="decision-title"
      data-reviewer={signsAs(props.deciding)}
      data-key={props.story.policy?.reviewerKey}
    >
      <h2 id="decision-title" class="unseen">
        Your decision
      </h2>
      {barred ? (
        <div class="decision-row">
          <p>{whyBarred(barred)}</p>
          {barred === "stranger" && (
            <a class="button is-primary" href={`/sign-in?next=/runs/${props.story.view.run}`}>
              Sign in to decide
            </a>
          )}
        </div>
      ) : cannotSign(props.deciding, props.story) ? (
        <div class="decision-row">
          <p>
            This run asks for your own key, and no passkey of yours is listed for this address.{" "}
            <SignElsewhere origin={props.origin} run={props.story.view.run} />
          </p>
        </div>
      ) : (
        <DecisionForm {...props} />
      )}
    </section>
  );
}

function DecisionForm({ story, drawn, deciding, reason, origin }: BarProps) {
  const { policy, view } = story;
  const { proposal } = drawn.round;
  const isLast = policy !== null && proposal.revision >= policy.revisions;
  const mustSign = policy !== null && policy.reviewerKey !== "optional";
  const barred = approvalBarredBy(deciding, story);
  return (
    <form
      class="decision-row"
      method="post"
      action={`/runs/${view.run}/decision`}
      data-change={`change-${proposal.revision}`}
    >
      <input type="hidden" name="proposal" value={proposal.digest} />
      <p class="consequence">
        {barred ? (
          whyBarred(barred)
        ) : (
          <>
            <b>Approve</b> {consequence(drawn, story)}
          </>
        )}{" "}
        As{" "}
        <b>
          <Name text={signsAs(deciding)} />
        </b>{" "}
        · <code title={proposal.digest}>{proposal.digest.slice(7, 15)}</code>
        <Signing story={story} origin={origin} deciding={deciding} />
      </p>
      <p id="new-proposal" class="decision-note" role="status" hidden></p>
      <Note reason={reason} suggestions={isLast ? [] : story.suggestions} />
      <Role story={story} deciding={deciding} />
      <div class="choices">
        <button class="cancel" type="button" hidden>
          Cancel
        </button>
        <button class="is-danger" name="decision" value="reject" type="submit" aria-keyshortcuts="r">
          {mustSign ? "Sign and reject" : "Reject"}
          <Key name="r" />
        </button>
        {!isLast && (
          <button name="decision" value="request_changes" type="submit" aria-keyshortcuts="c">
            {mustSign ? "Sign and request changes" : "Request changes"}
            <Key name="c" />
          </button>
        )}
        {!barred && <Approve drawn={drawn} verb={mustSign ? "Sign and approve" : "Approve"} />}
      </div>
    </form>
  );
}

/** The script shows the way to the change instead, until that has been on screen; both take the same place. */
function Approve({ drawn, verb }: { drawn: DrawnRound; verb: string }) {
  const { action, proposal } = drawn.round;
  return (
    <span class="primary">
      <button class="is-primary" name="decision" value="approve" type="submit" aria-keyshortcuts="a">
        <span class="of-call">
          {verb} <Name text={`${action.connector}.${action.method}`} />
        </span>
        {!drawn.inFull && <span class="how">not shown in full</span>}
        <Key name="a" />
      </button>
      <a class="button is-primary review" href={`#change-${proposal.revision}`} hidden>
        Review change ↓
      </a>
    </span>
  );
}

function consequence({ round, cards }: DrawnRound, { policy }: RunStory): string {
  const missing = round.missing.reduce((sum, { count }) => sum + count, 0);
  const asked = policy?.approvals.reduce((sum, { count }) => sum + count, 0) ?? 1;
  const made = cards.length > 1 ? `makes this one call, ${cards.length} changes` : "makes this one call";
  const then = (round.preview?.checks.length ?? 0) > 0 ? ", then measures again." : ".";
  if (missing > 1)
    return `gives one of the ${asked} approvals asked for. ${missing - 1} more, then the call is made.`;
  return `${made}${then}`;
}

function Note({ reason, suggestions }: { reason: string; suggestions: readonly string[] }) {
  return (
    <details class="note" id="note" open={reason.trim() !== ""}>
      <summary>Add a note</summary>
      <label for="reason">Why, or what to change</label>
      <textarea id="reason" name="reason" rows={2} maxlength={LIMITS.reason}>
        {reason}
      </textarea>
      {suggestions.length > 0 && (
        <p class="suggestions">
          {suggestions.slice(0, 6).map((words) => (
            <button type="button" class="suggestion" data-words={words}>
              <Name text={words} />
            </button>
          ))}
        </p>
      )}
    </details>
  );
}

/** In which role the decision is made. Asked only where there is a choice. */
export function Role({ story, deciding }: { story: RunStory; deciding: Deciding }) {
  const roles = rolesFor(deciding, story);
  const [only] = roles;
  if (roles.length < 2) return only === undefined ? null : <input type="hidden" name="role" value={only} />;
  return (
    <label class="role">
      Decide as{" "}
      <select name="role">
        {roles.map((role) => (
          <option value={role}>{plain(role, "name")}</option>
        ))}
      </select>
    </label>
  );
}

/** That a passkey signs this, where the run asks for it; else the offer of it. Both take the page's script. */
function Signing({ story, deciding, origin }: Pick<BarProps, "story" | "deciding" | "origin">) {
  if (story.policy?.reviewerKey !== "optional") {
    return (
      <noscript>
        {" "}
        Signing with a passkey needs JavaScript. <SignElsewhere origin={origin} run={story.view.run} />
      </noscript>
    );
  }
  // Whom the trust policy lists without a passkey has to sign elsewhere, or not at all.
  if (deciding.as !== "anyone" && !(deciding.as === "known" && deciding.hasPasskey)) return null;
  const whose = deciding.as === "anyone" ? "It is yours, but nobody vouches for whose it is." : "";
  return (
    <label
      class="sign"
      title={`Your passkey signs the decision, and the receipts keep the signature. ${whose}`}
    >
      <input id="sign" type="checkbox" autocomplete="off" /> Sign with a passkey
    </label>
  );
}

/** The way that needs no browser. */
function SignElsewhere({ origin, run }: { origin: string; run: string }) {
  return (
    <>
      Sign in a terminal: <code>{`npx countersign-review ${origin}/runs/${run} --trust trust.json`}</code>, or{" "}
      <a href="/enrol">make a passkey</a> and have it listed.
    </>
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
