// One page of the list of runs: the older ones, or those of one status.
import type { RunEntry, RunStatus } from "../chain/index.ts";
import { Page } from "./page.tsx";
import { RunLines } from "./run-lines.tsx";
import { OutOfTouch, type Standing } from "./standing.tsx";

interface RunListPageProps {
  /** The status that the list is about; null for older runs of any. */
  readonly status: RunStatus | null;
  readonly runs: readonly RunEntry[];
  /** The address of the next page, null on the last. */
  readonly next: string | null;
  readonly standing: Standing;
}

export function RunListPage({ status, runs, next, standing }: RunListPageProps) {
  const title = status === null ? "Older runs" : TITLES[status];
  return (
    <Page title={`${title} · Countersign`} name="desk" script="desk-page">
      <div class="desk is-list" id="desk" data-now={standing.now} data-tag={standing.tag}>
        <p class="onward">
          <a href="/">To the desk</a>
        </p>
        <h1>{title}</h1>
        <p class="aside">
          Newest first.
          {status === "awaiting_decision" && " On the desk, those with the least time left come first."}
        </p>
        <OutOfTouch />
        {runs.length === 0 ? <p>There are none.</p> : <RunLines runs={runs} now={standing.now} />}
        {next !== null && <NextPage href={next} />}
      </div>
    </Page>
  );
}

/** The way to the runs that are older than those shown. */
export function NextPage({ href }: { href: string }) {
  return (
    <p class="onward">
      <a href={href} rel="next">
        Older runs
      </a>
    </p>
  );
}

const TITLES: Readonly<Record<RunStatus, string>> = {
  investigating: "Runs that investigate",
  awaiting_decision: "Runs that wait for a decision",
  executing: "Runs at work",
  completed: "Completed runs",
  rejected: "Rejected runs",
  expired: "Expired runs",
  failed: "Failed runs",
};
