// Where the run is, in six steps: what was done and when, what it waits for, what is still to come.
import type { Child } from "hono/jsx";
import type { RunStory } from "../host/run-story.ts";
import { lapse } from "./duration.ts";
import { Instant, TimeLeft } from "./instant.tsx";
import { Name } from "./shown-text.tsx";
import { settlingOf } from "./status-words.ts";

type State = "done" | "now" | "next" | "skipped";

interface Step {
  readonly title: Child;
  readonly below: Child;
}

const DUE: Readonly<Record<string, number>> = {
  alert: 0,
  evidence: 1,
  proposal: 2,
  preview: 2,
  decision: 3,
  execution: 4,
  outcome: 5,
  handoff: 5,
};

export function Rail({ story, now, isForYou }: { story: RunStory; now: string; isForYou: boolean }) {
  const { due, status } = story.view;
  const sentBack = due === "execution" && status === "investigating";
  const at = due === null ? 6 : sentBack ? 2 : (DUE[due] ?? 0);
  const steps = [
    alert(story),
    looked(story),
    proposed(story),
    decided(story, now, isForYou),
    called(story),
    measured(story),
  ];
  return (
    <ol class="rail" aria-label="Steps of this run">
      {steps.map(({ title, below }, i) => {
        const state = stateOf(story, i, at);
        return (
          <li class={`is-${state}`} aria-current={state === "now" ? "step" : undefined}>
            <span>{title}</span>
            <small>{below}</small>
          </li>
        );
      })}
    </ol>
  );
}

function stateOf(story: RunStory, i: number, at: number): State {
  if (i === at) return "now";
  if (i > at) return "next";
  const last = story.rounds.at(-1);
  if (i >= 2 && i <= 4 && !last) return "skipped";
  if (i === 4 && last?.execution?.status !== "executed") return "skipped";
  if (i === 3 && last?.decisions.length === 0) return "skipped";
  return "done";
}

function since({ receipts }: RunStory, digest: string | undefined): string {
  const at = receipts.findIndex((receipt) => receipt.digest === digest);
  const [before, one] = [receipts[at - 1], receipts[at]];
  if (!before || !one) return "";
  return `+${lapse(before.statement.predicate.issuedAt, one.statement.predicate.issuedAt)}`;
}

function alert({ alert: signed }: RunStory): Step {
  return { title: "Alert", below: signed ? <Instant at={signed.issuedAt} as="bare" /> : "" };
}

function looked(story: RunStory): Step {
  const calls = story.evidence.reduce((sum, { items }) => sum + items.length, 0);
  const first = story.evidence[0];
  if (!first) return { title: "Investigate", below: "" };
  return {
    title: "Investigated",
    below: `${calls} ${calls === 1 ? "read" : "reads"} · ${since(story, first.digest)}`,
  };
}

function proposed(story: RunStory): Step {
  const last = story.rounds.at(-1);
  if (!last) return { title: "Propose", below: "" };
  const { revision, digest } = last.proposal;
  return { title: "Proposed", below: `revision ${revision} · ${since(story, digest)}` };
}

function decided(story: RunStory, now: string, isForYou: boolean): Step {
  const { view, rounds } = story;
  const last = rounds.at(-1);
  if (view.due === "decision" && view.pending) {
    const { expiresAt } = view.pending;
    return {
      title: isForYou ? "Waiting for you" : "Waiting for a reviewer",
      below: (
        <>
          <TimeLeft from={now} to={expiresAt} /> · until{" "}
          <Instant at={expiresAt} as={expiresAt.slice(0, 10) === now.slice(0, 10) ? "short" : "full"} />
        </>
      ),
    };
  }
  const settled = settlingOf(last);
  if (!settled) return { title: last?.execution ? "Nobody decided" : "Decide", below: "" };
  const words = { approve: "Approved", reject: "Rejected", request_changes: "Changes requested" };
  return {
    title: words[settled.decision],
    below: (
      <>
        by <Name text={settled.reviewer.id} />
      </>
    ),
  };
}

function called(story: RunStory): Step {
  const { execution } = story.rounds.at(-1) ?? {};
  if (!execution) return { title: "Make the call", below: "" };
  const words = { executed: "Done", failed: "Failed", withheld: "Not made", unknown: "Unknown" };
  return {
    title: words[execution.status],
    below: execution.status === "withheld" ? "" : since(story, execution.digest),
  };
}

function measured(story: RunStory): Step {
  if (!story.outcome) return { title: "Measure again", below: "" };
  const { status, digest } = story.outcome;
  return {
    title: status === "resolved" || status === "unresolved" ? "Measured" : "Ended",
    below: since(story, digest),
  };
}
