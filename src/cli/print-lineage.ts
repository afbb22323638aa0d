// A lineage for a terminal: every run's report, the newest first, and one verdict at the end that covers them all.
import type { Lineage } from "../chain/index.ts";
import { closingLine, type Layout, printReport } from "./print-report.ts";

/** The lineage as lines of text. */
export function printLineage({ verdict, runs }: Lineage, layout: Layout = {}): string[] {
  const reports = runs.flatMap(({ report, bundle }, i) => [
    ...(i === 0 ? [] : ["", "It continues:", ""]),
    ...printReport(report, bundle, layout),
  ]);
  return [
    ...reports,
    "",
    `lineage ${verdict}: ${runs.map(({ report }) => `${report.run} ${report.verdict}`).join(" ← ")}`,
    ...runs.slice(0, 1).map(({ report, bundle }) => closingLine(report, bundle)),
  ];
}

/** The lineage as the JSON that `--json` prints: the verdict, and one report a run as without `--follow`. */
export function lineageJson({ verdict, runs }: Lineage) {
  return { verdict, runs: runs.map(({ report }) => report) };
}
