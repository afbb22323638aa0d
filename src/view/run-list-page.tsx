// One page of the list of runs: the older ones, or those of one status.
import type { RunStatus } from "../chain/index.ts";
import type { ListedRun } from "../host/run-index.ts";
import { Page } from "./page.tsx";
import { RunLines } from "./run-lines.tsx";
import { OutOfTouch, type Standing } from "./standing.tsx";

export interface RunListPageProps {
  /** The status that the list is about; null for older runs of any. */
  readonly status: RunStatus | null;
  readonly runs: readonly ListedRun[];
  /** The address of the next page, null on the last. */
  readonly next: string | null;
  readonly standing: Standing;
}

export function RunListPage({ status, runs, next, standing }: RunListPageProps) {
  const title = status === null ? "Older runs" : TITLES[status];
  return (
    <Page title={title} description={`${title}, newest first.`} name="desk" script="desk-page" trail={title}>
      <div class="desk is-list" id="desk" data-now={standing.now} data-tag={standing.tag}>
        <h1>{title}</h1>
        <p class="aside">
          Newest first. <a href="/">All runs</a>
        </p>
        <OutOfTouch />
        {runs.length === 0 ? <p>None.</p> : <RunLines runs={runs} now={standing.now} />}
        {next !== null && <Older href={next} />}
      </div>
    </Page>
  );
}

/** The way to the runs that are older than those shown. */
export function Older({ href }: { href: string }) {
  return (
    <p>
      <a class="onward" href={href} rel="next">
        Older runs
      </a>
    </p>
  );
}

const TITLES: Readonly<Record<RunStatus, string>> = {
  investigating: "Investigating",
  awaiting_decision: "Waiting for a decision",
  executing: "At work",
  completed: "Completed runs",
  rejected: "Rejected runs",
  expired: "Expired runs",
  failed: "Failed runs",
  unknown: "Runs of unknown result",
};
