// A lineage for a terminal: every run's report, the newest first, and one verdict at the end that covers them all.
import type { Lineage, Verification } from "../chain/index.ts";
import { closingLine, type Layout, printReport } from "./print-report.ts";

/** The lineage as lines of text. */
export function printLineage({ verdict, runs }: Lineage, layout: Layout = {}): string[] {
  const reports = runs.flatMap((run, i) => [
    ...(i === 0 ? [] : ["", "It continues:", ""]),
    ...printReport(run, run.bundle, layout),
  ]);
  return [
    ...reports,
    "",
    `lineage ${verdict}: ${runs.map(({ report }) => `${report.run} ${report.verdict}`).join(" ← ")}`,
    ...runs.slice(0, 1).map(closingLine),
  ];
}

/** The lineage as the JSON that `--json` prints: the verdict, and for each run what is printed without `--follow`. */
export function lineageJson({ verdict, runs }: Lineage) {
  return { verdict, runs: runs.map(reportJson) };
}

/** A verification as the JSON that `--json` prints: the report, and in `says` what the verified chain says, null if it is invalid. */
export function reportJson({ report, run }: Verification) {
  return { ...report, says: run };
}
