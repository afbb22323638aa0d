// The desk: what this is, the one button, the runs that wait for a decision, what became of the others, and how to check a
// run without believing anybody. It also stands when the list of runs does not.
import type { RunEntry } from "../chain/index.ts";
import { CodeBox } from "./code-box.tsx";
import { Page } from "./page.tsx";
import { verifyCommand } from "./receipt-strip.tsx";
import { RunLines } from "./run-lines.tsx";
import { NextPage } from "./run-list-page.tsx";
import { Seal } from "./seal.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import { OutOfTouch, type Standing } from "./standing.tsx";
import { type Deciding, mayStart, SignedInAs, whoMay } from "./who-decides.tsx";

/** What lies on the desk. */
export interface DeskRuns {
  /** Runs that wait for a decision, the least time left first; `more` when there are others besides. */
  readonly waiting: { readonly runs: readonly RunEntry[]; readonly more: boolean };
  /** The newest of the other runs; `next` is the address of those before them, null when there are none. */
  readonly others: { readonly runs: readonly RunEntry[]; readonly next: string | null };
}

interface DeskPageProps {
  /** Null when the list of runs cannot be read. */
  readonly runs: DeskRuns | null;
  /** Why some of the runs cannot be opened; null where all can. */
  readonly lost?: string | null;
  readonly origin: string;
  readonly deciding: Deciding;
  readonly standing: Standing;
}

export function DeskPage({ runs, lost = null, origin, deciding, standing }: DeskPageProps) {
  const { title, sentence } = waitingWords(runs?.waiting ?? null);
  return (
    <Page title={title} name="desk" {...(title !== QUIET && { icon: "waiting" })} script="desk-page">
      <div class="desk" id="desk" data-now={standing.now} data-tag={standing.tag}>
        <p class="unseen" role="status">
          {sentence}
        </p>
        <OutOfTouch />
        {lost !== null && (
          <p class="notice">
            <b>Some runs cannot be opened.</b> {`${lost.charAt(0).toUpperCase()}${lost.slice(1)}`}. Nothing is
            lost.
          </p>
        )}
        <div class="hero">
          <h1>An agent stops before it changes production. You decide on exactly what will run.</h1>
          <p class="lead">Every step leaves a signed receipt that anyone can check later, offline.</p>
          <Start deciding={deciding} />
        </div>
        {runs !== null && <Waiting waiting={runs.waiting} now={standing.now} />}
        {runs === null ? (
          <NoList deciding={deciding} />
        ) : (
          <Others runs={runs} deciding={deciding} now={standing.now} />
        )}
        <section aria-labelledby="steps-title">
          <h2 id="steps-title">What happens in a run</h2>
          <ol class="steps">
            <li>
              <Seal signer="agent" />
              <h3>The agent investigates</h3>
              <p>
                It measures a checkout that has a real bug, reads runbooks and source, and writes a patch.
              </p>
            </li>
            <li>
              <Seal signer="human" />
              <h3>You decide</h3>
              <p>
                The one call that writes waits for you: approve it, reject it, or ask for changes.{" "}
                {whoMay(deciding)}
              </p>
            </li>
            <li>
              <Seal signer="runtime" />
              <h3>The runtime carries it out</h3>
              <p>
                Only the approved write is made, and the rest of its script runs on. Then the same checkout is
                measured again, whatever the agent claims.
              </p>
            </li>
          </ol>
        </section>
        <section id="check" aria-labelledby="check-title">
          <h2 id="check-title">How to check a run</h2>
          <p>
            In your browser, at <a href="/verify">Check a chain</a>, where you can also break one and see what
            notices. Or from a copy of the source, with the run’s id in place of <code>RUN</code>. It needs
            the run’s bundle and a trust policy, and nothing else of this deployment.
          </p>
          <CodeBox label="Command that checks a run" text={verifyCommand(origin, "RUN")} as="is-command" />
          <p>
            Each run’s page also gives, for every receipt, two shell lines that check its signature with
            openssl alone.
          </p>
          <p>
            The keys come from <a href="/.well-known/countersign.json">/.well-known/countersign.json</a>. A
            deployment can only vouch for itself there; keep your own copy.
          </p>
        </section>
      </div>
    </Page>
  );
}

const QUIET = "Countersign";

/** How many runs wait, for the window's title and for those who are read to. Null when that is not known. */
function waitingWords(waiting: DeskRuns["waiting"] | null): { title: string; sentence: string } {
  if (waiting === null) return { title: QUIET, sentence: "The list of runs cannot be read now." };
  const { more, runs } = waiting;
  const count = runs.length;
  if (count === 0) return { title: QUIET, sentence: "No run waits for a decision." };
  const title = `(${count}${more ? "+" : ""}) Decision needed · ${QUIET}`;
  if (count === 1) return { title, sentence: "1 run waits for a decision." };
  return { title, sentence: `${more ? "More than " : ""}${count} runs wait for a decision.` };
}

/** First of the lists, for somebody is being waited for. It stands where a run that comes in does not move the button. */
function Waiting({ waiting: { runs, more }, now }: { waiting: DeskRuns["waiting"]; now: string }) {
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="waiting-title">
      <h2 id="waiting-title">Waiting for a decision</h2>
      <RunLines runs={runs} now={now} />
      {more && (
        <p class="onward">
          <a href="/?status=awaiting_decision">All runs that wait</a>
        </p>
      )}
    </section>
  );
}

function Others({
  runs: { waiting, others },
  deciding,
  now,
}: {
  runs: DeskRuns;
  deciding: Deciding;
  now: string;
}) {
  if (others.runs.length > 0) {
    return (
      <section aria-labelledby="runs-title">
        <h2 id="runs-title">{waiting.runs.length > 0 ? "Other runs" : "Runs"}</h2>
        <RunLines runs={others.runs} now={now} />
        {others.next !== null && <NextPage href={others.next} />}
      </section>
    );
  }
  if (waiting.runs.length > 0) return null;
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title">Runs</h2>
      <p>
        There are none yet.
        {mayStart(deciding) && " Fire the alert, and the run that it starts will be listed here."}
      </p>
    </section>
  );
}

function NoList({ deciding }: { deciding: Deciding }) {
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title">Runs</h2>
      <p>
        <b>The list of runs cannot be read now.</b> The runs go on without it, each at its own address
        {mayStart(deciding) && ", and a new one can be started"}.
      </p>
    </section>
  );
}

/** The one button, for whoever may press it; for others, the way in. */
function Start({ deciding }: { deciding: Deciding }) {
  if (deciding.as === "nobody") return <p>No run can be started: {deciding.message}.</p>;
  if (deciding.as === "stranger") return <SignInForm mode={deciding.mode} next="/" />;
  return (
    <>
      <form method="post" action="/runs">
        <button class="primary" type="submit">
          Fire the checkout alert
        </button>
      </form>
      <SignedInAs deciding={deciding} />
    </>
  );
}
