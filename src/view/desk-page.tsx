// The desk: the runs that wait for a decision, the one button, a sample of what a run leaves behind, and what became of the
// others. It also stands when the list of runs does not.
import type { ListedRun } from "../host/run-index.ts";
import { waits } from "./listed-words.ts";
import { Page } from "./page.tsx";
import { SAMPLE_COUNT, SampleLines } from "./proof.tsx";
import { RunLines } from "./run-lines.tsx";
import { Older } from "./run-list-page.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import { OutOfTouch, type Standing } from "./standing.tsx";
import { type Deciding, mayStart, SignedInAs } from "./who-decides.tsx";

/** What lies on the desk. */
export interface DeskRuns {
  /** Runs that wait for a decision, the least time left first; `more` when there are others besides. */
  readonly waiting: { readonly runs: readonly ListedRun[]; readonly more: boolean };
  /** The newest of the other runs; `next` is the address of those before them, null when there are none. */
  readonly others: { readonly runs: readonly ListedRun[]; readonly next: string | null };
}

export interface DeskPageProps {
  /** Null when the list of runs cannot be read. */
  readonly runs: DeskRuns | null;
  /** What is wrong with this deployment, each as a sentence with its full stop: settings, bindings, names it no longer lists. */
  readonly troubles: readonly string[];
  /** The words on the button that starts a run; null where a run starts only from outside, by a webhook or the API. */
  readonly start: string | null;
  readonly origin: string;
  readonly deciding: Deciding;
  readonly standing: Standing;
}

export function DeskPage(props: DeskPageProps) {
  const { origin, deciding, standing, troubles } = props;
  const runs = props.runs && sorted(props.runs, standing.now);
  const { title, sentence } = waitingWords(runs?.waiting ?? null);
  const icon = title === QUIET ? {} : { icon: "waiting" as const };
  return (
    <Page
      {...{ title, ...icon }}
      description={title === QUIET ? WHAT : `${sentence} ${WHAT}`}
      url={`${origin}/`}
      name="desk"
      script="desk-page"
      status={<Reader deciding={deciding} />}
    >
      <div class="desk" id="desk" data-now={standing.now} data-tag={standing.tag}>
        <p class="unseen" role="status">
          {sentence}
        </p>
        <OutOfTouch />
        <Troubles troubles={troubles} deciding={deciding} />
        {runs !== null && <Waiting waiting={runs.waiting} now={standing.now} />}
        <section class="hero" aria-labelledby="hero-title">
          <h1 id="hero-title">
            <span>An agent stops before it changes production.</span>{" "}
            <span>You decide on exactly what will run.</span>
          </h1>
          <p class="lead">Every step leaves a signed receipt that anyone can check later, offline.</p>
          <Start deciding={deciding} label={props.start} />
        </section>
        <Sample />
        {runs === null ? (
          <NoList />
        ) : (
          <Others {...{ runs, deciding }} now={standing.now} start={props.start} />
        )}
      </div>
    </Page>
  );
}

const QUIET = "Runs";
const WHAT =
  "An agent stops before it changes production, a human decides on exactly what will run, and every step leaves a signed receipt.";

/** A run that nobody can decide any more takes no place among those that wait, however late the list is with it. */
function sorted({ waiting, others }: DeskRuns, now: string): DeskRuns {
  const over = waiting.runs.filter((entry) => !waits(entry, now));
  return {
    waiting: { ...waiting, runs: waiting.runs.filter((entry) => waits(entry, now)) },
    others: { ...others, runs: [...over, ...others.runs] },
  };
}

/** How many runs wait, for the window's title and for those who are read to. Null when that is not known. */
function waitingWords(waiting: DeskRuns["waiting"] | null): { title: string; sentence: string } {
  if (waiting === null) return { title: QUIET, sentence: "The list of runs cannot be read now." };
  const { more, runs } = waiting;
  const count = runs.length;
  if (count === 0) return { title: QUIET, sentence: "No run waits for a decision." };
  const title = `(${count}${more ? "+" : ""}) Decision needed`;
  if (count === 1 && !more) return { title, sentence: "1 run waits for a decision." };
  return { title, sentence: `${more ? "More than " : ""}${count} runs wait for a decision.` };
}

/** Who reads this, at the right of the masthead. */
function Reader({ deciding }: { deciding: Deciding }) {
  switch (deciding.as) {
    case "anyone":
      return <span>Open demo</span>;
    case "known":
      return <SignedInAs deciding={deciding} />;
    case "stranger":
      return <a href="/sign-in">Sign in</a>;
    case "nobody":
      return <span>Not set up</span>;
  }
}

function Troubles({ troubles, deciding }: { troubles: readonly string[]; deciding: Deciding }) {
  const all =
    deciding.as === "nobody" ? [`Nobody can start or decide: ${deciding.message}.`, ...troubles] : troubles;
  if (all.length === 0) return null;
  return (
    <div class="notice is-bad desk-troubles">
      <b>This deployment is not set up right.</b>
      <ul>
        {all.map((trouble) => (
          <li>{trouble}</li>
        ))}
      </ul>
    </div>
  );
}

/** First, for somebody is being waited for. Where there is room it stands below the button, which a run that comes in never moves. */
function Waiting({ waiting: { runs, more }, now }: { waiting: DeskRuns["waiting"]; now: string }) {
  if (runs.length === 0) return null;
  return (
    <section class="waiting" aria-labelledby="waiting-title">
      <h2 id="waiting-title">Waiting for a decision</h2>
      <RunLines runs={runs} now={now} />
      {more && (
        <p>
          <a class="onward" href="/?status=awaiting_decision">
            All runs that wait
          </a>
        </p>
      )}
    </section>
  );
}

interface OthersProps {
  readonly runs: DeskRuns;
  readonly deciding: Deciding;
  readonly now: string;
  readonly start: string | null;
}

function Others({ runs: { waiting, others }, deciding, now, start }: OthersProps) {
  if (others.runs.length > 0) {
    return (
      <section class="others" aria-labelledby="runs-title">
        <h2 id="runs-title">{waiting.runs.length > 0 ? "Other runs" : "Runs"}</h2>
        <RunLines runs={others.runs} now={now} />
        {others.next !== null && <Older href={others.next} />}
      </section>
    );
  }
  if (waiting.runs.length > 0) return null;
  const how = mayStart(deciding) && start !== null ? ` ${start}, and the run is listed here.` : "";
  return (
    <section class="others" aria-labelledby="runs-title">
      <h2 id="runs-title">Runs</h2>
      <p>None yet.{how}</p>
    </section>
  );
}

function NoList() {
  return (
    <section class="others" aria-labelledby="runs-title">
      <h2 id="runs-title">Runs</h2>
      <p>
        <b>The list of runs cannot be read now.</b> The runs go on without it, each at its own address.
      </p>
    </section>
  );
}

/** The one button, for whoever may press it; for others, the way in. Why nobody can is told on top. */
function Start({ deciding, label }: { deciding: Deciding; label: string | null }) {
  if (deciding.as === "nobody" || label === null) return null;
  if (deciding.as === "stranger") return <SignInForm mode={deciding.mode} next="/" />;
  return (
    <form class="actions" method="post" action="/runs">
      <button class="is-primary is-large" type="submit">
        {label}
      </button>
      {deciding.as === "anyone" && <span class="aside">Then anybody may decide, in this open demo.</span>}
    </form>
  );
}

/** What a run leaves behind. Its script verifies it here and says so; until then the page says only what it is. */
function Sample() {
  return (
    <aside class="proof desk-sample" aria-labelledby="sample-title">
      <h2 id="sample-title">
        A run’s receipts <span class="aside">sample</span>
      </h2>
      <ol class="proof-lines">
        <SampleLines />
      </ol>
      <p class="proof-sum" id="sample-check">
        {SAMPLE_COUNT} receipts, 3 keys, 1 chain
      </p>
      <a class="button" href="/verify?try=forge">
        Try to forge one
      </a>
    </aside>
  );
}
