// Who may decide here, said to the one who reads the page. Never grander than it is: an open demo says that anybody may.
import type { RunStory } from "../host/run-story.ts";
import type { Actor } from "../receipt/index.ts";
import { Name } from "./shown-text.tsx";

/** How people are recognized here, as the receipts' `method` and the deployment's setting name it. */
export type SignInMode = "token" | "access";

/**
 * Who reads this page, as far as it bears on decisions. `roles` are those that they hold now; `hasPasskey` says that the trust policy lists a
 * passkey of theirs for this address.
 */
export type Deciding =
  | { readonly as: "anyone" }
  | {
      readonly as: "known";
      readonly mode: SignInMode;
      readonly actor: Actor;
      readonly mayDecide: boolean;
      readonly roles: readonly string[];
      readonly hasPasskey: boolean;
    }
  | { readonly as: "stranger"; readonly mode: SignInMode }
  | { readonly as: "nobody"; readonly message: string };

/** Why this reader is not offered the decision; null where they are. The server checks again, and the run's rules do. */
export type Barred =
  | "nobody"
  | "stranger"
  | "not-reviewer"
  | "no-role"
  | "starter"
  | "author"
  | "approved"
  | "complete";

/** Asks whether this page may offer its reader the decision. */
export function barredBy(deciding: Deciding): Barred | null {
  if (deciding.as === "anyone") return null;
  if (deciding.as !== "known") return deciding.as;
  return deciding.mayDecide ? null : "not-reviewer";
}

/** The same on one run: there it takes one of the roles that the policy asks for. */
export function barredFrom(deciding: Deciding, story: RunStory): Barred | null {
  return barredBy(deciding) ?? (rolesFor(deciding, story).length === 0 ? "no-role" : null);
}

/** The roles in which this reader may decide on a round: those still missing first, else those that they hold at all. */
export function rolesFor(deciding: Deciding, { policy, rounds }: RunStory): readonly string[] {
  const held = deciding.as === "known" ? deciding.roles : ["reviewer"];
  const mine = (asked: readonly { readonly role: string }[]) =>
    asked.map(({ role }) => role).filter((role) => held.includes(role));
  const open = mine(rounds.at(-1)?.missing ?? []);
  return open.length > 0 ? open : mine(policy?.approvals ?? []);
}

/** Whether the run asks for a signature which this reader cannot give on this page. */
export function cannotSign(deciding: Deciding, { policy }: RunStory): boolean {
  return (
    policy !== null && policy.reviewerKey !== "optional" && !(deciding.as === "known" && deciding.hasPasskey)
  );
}

/** Why this reader may reject and request changes, and not approve. */
export function approvalBarredBy(deciding: Deciding, { policy, startedBy, rounds }: RunStory): Barred | null {
  if (deciding.as !== "known" || !policy) return null;
  const round = rounds.at(-1);
  const { id } = deciding.actor;
  if (policy.separateReviewer && startedBy === id) return "starter";
  const several = policy.approvals.reduce((sum, { count }) => sum + count, 0) > 1;
  const author = round?.proposal.author;
  if ((several || policy.separateReviewer) && author?.kind === "reviewer" && author.id === id)
    return "author";
  const mine = round?.decisions.some(
    ({ decision, reviewer }) => decision === "approve" && reviewer.id === id,
  );
  if (mine) return "approved";
  return round?.missing.some(({ role }) => deciding.roles.includes(role)) ? null : "complete";
}

/** Whether this page may offer its reader to start a run. */
export function mayStart(deciding: Deciding): boolean {
  return deciding.as === "anyone" || deciding.as === "known";
}

/** The name under which a decision made here would be signed. */
export function signsAs(deciding: Deciding): string {
  return deciding.as === "known" ? deciding.actor.id : "visitor";
}

/** Why not, in a sentence. */
export function whyBarred(barred: Barred): string {
  return {
    nobody: "Sign-in does not work here, so no decision is taken.",
    stranger: "Only reviewers decide here. Their name goes into the receipt.",
    "not-reviewer": "You may start runs and read them, but not decide.",
    "no-role": "This run asks for approvals in roles that you do not hold.",
    starter: "You started this run, so somebody else has to approve it. You can still reject it.",
    author: "You wrote this call, so somebody else has to approve it. You can still reject it.",
    approved: "You approved this already. Others are still asked.",
    complete: "Your role has all its approvals; others are still asked. You can still reject it.",
  }[barred];
}

/** Who is signed in, with a way out. Access signs people out by itself, at an address of its own. */
export function SignedInAs({ deciding }: { deciding: Deciding }) {
  if (deciding.as !== "known") return null;
  const { id, method } = deciding.actor;
  return (
    <span class="signed-in">
      <span title={`recognized by ${method}`}>
        <Name text={id} />
      </span>
      {deciding.mode === "token" ? (
        <form method="post" action="/sign-out">
          <button class="is-link" type="submit">
            Sign out
          </button>
        </form>
      ) : (
        <a href="/cdn-cgi/access/logout">Sign out</a>
      )}
    </span>
  );
}
