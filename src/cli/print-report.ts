// A verifier's report for a terminal: a line per receipt, every check, what was not checked, and the verdict last.
import { type Check, type Report, readBundle, type Verification } from "../chain/index.ts";
import { breakIntoColumns, cutToColumns } from "./columns.ts";
import { describeReceipt, HEADER, type Row } from "./describe-receipt.ts";
import { describeResult } from "./describe-result.ts";
import { roundLines } from "./describe-round.ts";
import { plainText } from "./plain-text.ts";

/** Failures told in full. A bundle of junk has one for each receipt. */
const MAX_FAILURES = 20;

/** What a row is cut to where nobody says how wide the terminal is: somebody may look at the output in one all the same. */
const USUAL_COLUMNS = 100;

/** From here on a row has room for what a receipt bound. In less, that stands on a line of its own. */
const WIDE_COLUMNS = 150;

/** How a report is printed. `columns` is the terminal's width, null where that is not known; `notes`, what else was not checked. */
export interface Layout {
  readonly columns?: number | null;
  readonly notes?: readonly string[];
}

/** The report as lines of text. A line about a receipt whose signature does not hold says nothing of its content. */
export function printReport(verification: Verification, bundle: unknown, layout: Layout = {}): string[] {
  const { report, run } = verification;
  const { columns = null, notes = [] } = layout;
  const failures = report.checks.filter(({ ok }) => !ok);
  const more = failures.length - MAX_FAILURES;
  const told = [
    "checked",
    ...passedLines(report.checks),
    ...failures.slice(0, MAX_FAILURES).map(failureLine),
    ...(more > 0 ? [`  ✗ and ${more} more; --json has them all`] : []),
    "",
    "not checked",
    ...[...report.notChecked, ...notes].map((line) => `  · ${plainText(line)}`),
  ];
  return [
    `run ${report.run}`,
    "",
    ...receiptLines(report, bundle, columns ?? USUAL_COLUMNS),
    "",
    ...(run ? [...roundLines(run), ""] : []).flatMap((line) =>
      breakIntoColumns(line, columns ?? USUAL_COLUMNS),
    ),
    ...told.flatMap((line) => breakIntoColumns(line, columns)),
    "",
    ...closingLines(verification),
  ];
}

function receiptLines({ checks }: Report, bundle: unknown, columns: number): string[] {
  const read = readBundle(bundle);
  if (!read.ok) return [];
  const { receipts, artifacts } = read.value;
  const signatures = new Map<number, Check>();
  const places = new Map<number, Check>();
  for (const check of checks) {
    if (check.seq === undefined) continue;
    (check.id === "signature" ? signatures : places).set(check.seq, check);
  }
  const rows = receipts.flatMap((envelope, seq) => {
    const signature = signatures.get(seq);
    const place = places.get(seq);
    const mark = !signature?.ok || place?.ok === false ? "✗" : place ? "✓" : "·";
    const said = signature?.ok
      ? describeReceipt(envelope, artifacts)
      : { columns: signature?.code ?? "", bound: "" };
    return rowLines(`${mark} ${String(seq).padStart(4)}  `, said, columns);
  });
  return [...rowLines("     #  ", HEADER, columns), ...rows];
}

/** A row cut to the width: what the terminal broke would go on at its left edge, as if it were the next row. */
function rowLines(start: string, { columns: own, bound }: Row, columns: number): string[] {
  const lines =
    columns >= WIDE_COLUMNS ? [`${start}${own}  ${bound}`] : [`${start}${own}`, bound && `        ${bound}`];
  return lines.map((line) => cutToColumns(line.trimEnd(), columns)).filter((line) => line !== "");
}

/** What passed, the checks of single receipts counted together. */
function passedLines(checks: readonly Check[]): string[] {
  const passed = checks.filter(({ ok }) => ok);
  const count = (id: Check["id"]) => passed.filter((check) => check.id === id).length;
  const lines = [
    [count("signature"), "receipts are signed, each by a trusted key of the role that may"],
    [count("chain"), "receipts follow lawfully from what stands before them"],
  ] as const;
  return [
    ...passed
      .filter(({ seq, id }) => (seq === undefined || id === "anchor") && id !== "complete")
      .map(passedLine),
    ...lines.flatMap(([n, words]) => (n > 0 ? [`  ✓ ${n} ${words}`] : [])),
    ...passed.filter(({ id }) => id === "complete").map(passedLine),
  ];
}

function passedLine({ message }: Check): string {
  return `  ✓ ${plainText(message)}`;
}

function failureLine({ seq, code, message }: Check): string {
  const what = `${code ?? ""}${seq === undefined ? "" : ` at receipt ${seq}`}`;
  return `  ✗ ${what && `${what}: `}${plainText(message)}`;
}

/** The last line names the verdict and the result; a line before it the head, where that is part of a verified chain. */
function closingLines(verification: Verification): string[] {
  const { report, run } = verification;
  const closing = closingLine(verification);
  return run ? [`${report.count} receipts, head ${report.head}`, closing] : [closing];
}

/** The verdict and, unless that is invalid, what the run came to. */
export function closingLine({ report: { verdict, checks }, run }: Verification): string {
  if (verdict === "invalid" || !run) return "invalid: do not rely on this chain; what failed is marked ✗";
  const isUnmet = checks.some(({ id, ok }) => id === "require" && !ok);
  const rest = verdict === "incomplete" ? "; the chain does not end in a handoff" : "";
  return `${verdict}${isUnmet ? ", but not what was required" : ""}: ${describeResult(run, verdict === "incomplete")}${rest}`;
}
