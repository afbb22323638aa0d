// A verifier's report for a terminal: a line per receipt, every check, what was not checked, and the verdict last.
import { type Check, type Report, readBundle } from "../chain/index.ts";
import { COLUMNS, describeReceipt } from "./describe-receipt.ts";
import { plainText } from "./plain-text.ts";

/** Failures told in full. A bundle of junk has one for each receipt. */
const MAX_FAILURES = 20;

/** The report as lines of text. A line about a receipt whose signature does not hold says nothing of its content. */
export function printReport(report: Report, bundle: unknown, notes: readonly string[] = []): string[] {
  const failures = report.checks.filter(({ ok }) => !ok);
  const more = failures.length - MAX_FAILURES;
  return [
    `run ${report.run}`,
    "",
    `     #  ${COLUMNS}`,
    ...receiptLines(report, bundle),
    "",
    "checked",
    ...passedLines(report.checks),
    ...failures.slice(0, MAX_FAILURES).map(failureLine),
    ...(more > 0 ? [`  ✗ and ${more} more; --json has them all`] : []),
    "",
    "not checked",
    ...[...report.notChecked, ...notes].map((line) => `  · ${plainText(line)}`),
    "",
    verdictLine(report),
  ];
}

function receiptLines({ checks }: Report, bundle: unknown): string[] {
  const read = readBundle(bundle);
  if (!read.ok) return [];
  const { receipts, artifacts } = read.value;
  const signatures = new Map<number, Check>();
  const places = new Map<number, Check>();
  for (const check of checks) {
    if (check.seq === undefined) continue;
    (check.id === "signature" ? signatures : places).set(check.seq, check);
  }
  return receipts.map((envelope, seq) => {
    const signature = signatures.get(seq);
    const place = places.get(seq);
    const mark = !signature?.ok || place?.ok === false ? "✗" : place ? "✓" : "·";
    const words = signature?.ok ? describeReceipt(envelope, artifacts) : (signature?.code ?? "");
    return `${mark} ${String(seq).padStart(4)}  ${words}`;
  });
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
    ...passed.filter(({ seq, id }) => seq === undefined && id !== "complete").map(passedLine),
    ...lines.flatMap(([n, words]) => (n > 0 ? [`  ✓ ${n} ${words}`] : [])),
    ...passed.filter(({ id }) => id === "complete").map(passedLine),
  ];
}

function passedLine({ message }: Check): string {
  return `  ✓ ${plainText(message)}`;
}

function failureLine({ seq, code, message }: Check): string {
  return `  ✗ ${code}${seq === undefined ? "" : ` at receipt ${seq}`}: ${plainText(message)}`;
}

function verdictLine({ verdict, count, head }: Report): string {
  switch (verdict) {
    case "valid":
      return `valid: ${count} receipts, head ${head}`;
    case "incomplete":
      return `incomplete: the ${count} receipts so far verify, head ${head}, but the chain does not end in a handoff`;
    case "invalid":
      return "invalid: do not rely on this chain; what failed is marked ✗";
  }
}
