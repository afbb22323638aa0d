// Who may decide here, said to the one who reads the page. Never grander than it is: an open demo says that anybody may.
import type { Actor } from "../receipt/index.ts";
import { Instant, TimeLeft } from "./instant.tsx";
import { Name } from "./shown-text.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import type { Story } from "./story.ts";

/** How people are recognized here, as the receipts' `method` and the deployment's setting name it. */
export type SignInMode = "token" | "access";

/** Who reads this page, as far as it bears on decisions. */
export type Deciding =
  | { readonly as: "anyone" }
  | {
      readonly as: "known";
      readonly mode: SignInMode;
      readonly actor: Actor;
      readonly mayDecide: boolean;
    }
  | { readonly as: "stranger"; readonly mode: SignInMode }
  | { readonly as: "nobody"; readonly message: string };

/** Whether this page may offer its reader the decision. The server checks again, and the run's rules do. */
export function isOffered(deciding: Deciding, story: Story): boolean {
  if (deciding.as === "anyone") return true;
  return deciding.as === "known" && deciding.mayDecide && !isBarred(deciding.actor, story);
}

/** Whether this page may offer its reader to start a run. */
export function mayStart(deciding: Deciding): boolean {
  return deciding.as === "anyone" || deciding.as === "known";
}

function isBarred(actor: Actor, { policy, alert }: Story): boolean {
  return policy?.separateReviewer === true && alert?.receipt.statement.predicate.startedBy.id === actor.id;
}

/** Under which name a decision made here would be signed. */
export function Signing({ deciding }: { deciding: Deciding }) {
  if (deciding.as !== "known") {
    return (
      <>
        Open: <b>anybody may decide</b>
      </>
    );
  }
  const { id, method } = deciding.actor;
  return (
    <>
      You decide as{" "}
      <b>
        <Name text={id} /> ({method})
      </b>
    </>
  );
}

/** The decision as its readers see it who may not take it: what is due, why not by them, and what they can do. */
export function DecisionElsewhere({
  deciding,
  story,
  now,
}: {
  deciding: Deciding;
  story: Story;
  now: string;
}) {
  const expiresAt = story.open?.round.preview?.statement.predicate.expiresAt ?? now;
  return (
    <section class="decision" id="decision" aria-labelledby="decision-title">
      <div class="decision-head">
        <h2 id="decision-title">A decision is due</h2>
        <p class="until">
          until <Instant at={expiresAt} />, <TimeLeft from={now} to={expiresAt} />
        </p>
      </div>
      <WhyNotYou deciding={deciding} story={story} />
    </section>
  );
}

function WhyNotYou({ deciding, story }: { deciding: Deciding; story: Story }) {
  switch (deciding.as) {
    case "anyone":
      return null;
    case "nobody":
      return <p>Decisions are stopped: {deciding.message}.</p>;
    case "stranger":
      return (
        <>
          <p>Only reviewers of this deployment may decide. The receipt will name the one who does.</p>
          <SignInForm mode={deciding.mode} next={`/runs/${story.run}`} />
        </>
      );
    case "known":
      return deciding.mayDecide ? (
        <p>You started this run. Its policy asks for a reviewer other than the one who started it.</p>
      ) : (
        <p>
          <Name text={deciding.actor.id} /> may start runs and read them, but not decide.
        </p>
      );
  }
}

/** Who is signed in, with a way out. Access signs people out by itself, at an address of its own. */
export function SignedInAs({ deciding }: { deciding: Deciding }) {
  if (deciding.as !== "known") return null;
  const { id, method } = deciding.actor;
  return (
    <div class="signed-in">
      <span>
        Signed in as{" "}
        <b>
          <Name text={id} />
        </b>{" "}
        ({method})
      </span>
      {deciding.mode === "token" ? (
        <form method="post" action="/sign-out">
          <button type="submit">Sign out</button>
        </form>
      ) : (
        <a href="/cdn-cgi/access/logout">Sign out</a>
      )}
    </div>
  );
}

/** Who may start runs and decide here, in a sentence for the desk, which says above why nobody can. */
export function whoMay(deciding: Deciding): string {
  switch (deciding.as) {
    case "anyone":
      return "Anybody may, in this open demo.";
    case "nobody":
      return "Nobody can at present.";
    case "stranger":
    case "known":
      return "Only reviewers who have signed in may, and the receipt names them.";
  }
}
