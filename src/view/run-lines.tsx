// Runs as lines of a list: what each is about, where it stands, and for how long. From the index, so a line may be a moment
// behind its run; the run's own page is what counts.
import type { ListedRun } from "../host/run-index.ts";
import { ageWords, between, leftWords } from "./duration.ts";
import { givenWords, listedWords, missingWords, shortId, waits } from "./listed-words.ts";
import { Name, Resource, Title } from "./shown-text.tsx";

/** The runs in the order given. `now` is the instant at which the page was made. */
export function RunLines({ runs, now }: { runs: readonly ListedRun[]; now: string }) {
  return (
    <ol class="run-lines">
      {runs.map((entry) =>
        waits(entry, now) ? <WaitingLine {...{ entry, now }} /> : <Line {...{ entry, now }} />,
      )}
    </ol>
  );
}

interface LineProps {
  readonly entry: ListedRun;
  readonly now: string;
}

function WaitingLine({ entry, now }: LineProps) {
  const { run, proposal, expiresAt, alert, given, missing } = entry;
  return (
    <li class="run-line is-waiting" id={run}>
      <p class="run-head">
        <RunLink entry={entry} />
        {expiresAt && <TimeLeft now={now} until={expiresAt} />}
      </p>
      {proposal && (
        <p class="run-change">
          {proposal.resources.length > 0 ? (
            <Changes resources={proposal.resources} />
          ) : (
            <Calls call={proposal.call} />
          )}
        </p>
      )}
      <p class="run-facts">
        <code>{shortId(run)}</code>
        {proposal && alert !== null && <Title text={alert} />}
        {proposal && proposal.revision > 1 && <span>revision {proposal.revision}</span>}
        {proposal && <span class={`of-risk is-${proposal.risk}`}>{proposal.risk} risk, says the agent</span>}
        {given.length > 0 && <span>{givenWords(given)}</span>}
        {missing.length > 0 && <span>{missingWords(missing)}</span>}
      </p>
    </li>
  );
}

function Line({ entry, now }: LineProps) {
  const { run, proposal, alert } = entry;
  const { title, sentence, tone } = listedWords(entry);
  return (
    <li class={`run-line is-${tone}`} id={run}>
      <p class="run-head">
        <RunLink entry={entry} />
        <Age now={now} since={entry.createdAt} />
      </p>
      <p class="run-result">
        <b>{title}</b> {sentence}
      </p>
      <p class="run-facts">
        <code>{shortId(run)}</code>
        {proposal && alert !== null && <Title text={alert} />}
      </p>
    </li>
  );
}

/** The proposal's title; before there is one, the alert's. */
function RunLink({ entry: { links, proposal, alert } }: { entry: ListedRun }) {
  return (
    <a class="run-title" href={links.page}>
      <Title text={proposal?.title ?? alert ?? "A new run"} />
    </a>
  );
}

function Changes({ resources }: { resources: readonly string[] }) {
  const [first = "", ...more] = resources;
  return (
    <>
      Changes <Resource text={first} />
      {more.length > 0 && ` and ${more.length === 1 ? "1 more" : "others"}`}
    </>
  );
}

/** A call of which no change can be derived. */
function Calls({ call }: { call: string }) {
  return (
    <>
      Calls{" "}
      <code>
        <Name text={call} />
      </code>
    </>
  );
}

/** How long ago, and how long there is, as of the page's making; the page's script lets both run (src/client/run-ages.ts). */
function Age({ now, since }: { now: string; since: string }) {
  return (
    <time class="age" datetime={since}>
      {ageWords(between(since, now))}
    </time>
  );
}

function TimeLeft({ now, until }: { now: string; until: string }) {
  return (
    <time class="left" datetime={until}>
      {leftWords(between(now, until))}
    </time>
  );
}
