// Runs as lines of a list: what each is about, where it stands, and for how long. From the index, so a line may be a moment
// behind its run; the run's own page is what counts.
import type { RunEntry } from "../chain/index.ts";
import { duration } from "./instant.tsx";
import { isSound, resultWords } from "./result-words.ts";
import { Title } from "./shown-text.tsx";
import { NOTHING_TO_DO, type StatusWords } from "./status-words.ts";

/** A run as it is listed; `unopenable` says that it cannot be opened, and nothing else of it is known then. */
type Listed = RunEntry & { readonly unopenable?: string | undefined };

/** The runs in the order given. `now` is the instant at which the page was made. */
export function RunLines({ runs, now }: { runs: readonly Listed[]; now: string }) {
  return (
    <ol class="run-lines">
      {runs.map((entry) => (
        <RunLine entry={entry} now={now} />
      ))}
    </ol>
  );
}

function RunLine({ entry, now }: { entry: Listed; now: string }) {
  const { title, tone } = entryWords(entry);
  return (
    <li class={`run-line is-${tone}`} id={entry.run}>
      <a href={`/runs/${entry.run}`}>
        <Title text={entry.title ?? "A new run"} />{" "}
        <code>{entry.run.slice("run-".length, "run-".length + 6)}</code>
      </a>
      <p class="run-facts">
        <strong>{title}</strong>
        {tone === "waiting" && entry.risk && (
          <span class={`risk risk-${entry.risk}`}>agent says: {entry.risk} risk</span>
        )}
        {tone === "waiting" && entry.expiresAt && <LeftToDecide now={now} until={entry.expiresAt} />}
        {entry.outcome && <span>{outcomeWords(entry.outcome)}</span>}
        <span class="aside">
          started <Age now={now} since={entry.createdAt} />
        </span>
      </p>
    </li>
  );
}

/** Where a run stands, in two words, with the tone that the run's own page has for it. */
function entryWords({ status, outcome, risk, unopenable }: Listed): Omit<StatusWords, "sentence"> {
  if (unopenable !== undefined) return { title: "Cannot be opened", tone: "bad" };
  switch (status) {
    case "investigating":
      return { title: "Investigating", tone: "working" };
    case "awaiting_decision":
      return { title: "Decision needed", tone: "waiting" };
    case "executing":
      return { title: "Working", tone: "working" };
    case "completed":
      return outcome?.after
        ? resultWords(outcome.before, outcome.after)
        : { title: "Not resolved", tone: "bad" };
    case "rejected":
      return { title: "Rejected", tone: "quiet" };
    case "expired":
      return { title: "Expired", tone: "quiet" };
    case "failed":
      if (risk !== null) return { title: outcome?.after ? "Failed" : "Not written", tone: "bad" };
      return outcome && isSound(outcome.before) ? NOTHING_TO_DO : { title: "Nothing proposed", tone: "bad" };
  }
}

/** The measurement after is there exactly when something was written. */
function outcomeWords({ before, after }: NonNullable<RunEntry["outcome"]>): string {
  return after === null ? "Nothing was written." : resultWords(before, after).sentence;
}

/** How long ago it was, and how long there is, as of the page's making; the page's script lets both run (src/client/run-ages.ts). */
function Age({ now, since }: { now: string; since: string }) {
  const age = duration(since, now);
  return (
    <time class="age" datetime={since}>
      {age === null ? "just now" : `${age} ago`}
    </time>
  );
}

function LeftToDecide({ now, until }: { now: string; until: string }) {
  const left = duration(now, until);
  return (
    <time class="left" datetime={until}>
      {left === null ? "the time to decide is over" : `${left} left to decide`}
    </time>
  );
}
