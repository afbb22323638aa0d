// A verifier's report for a terminal: a line per receipt, what failed in full, and the verdict last.
import { type Report, readBundle } from "../chain/index.ts";
import { decodeEnvelope, type Role, readStatement, SIGNER_OF, type Statement } from "../receipt/index.ts";

const SEALS: Readonly<Record<Role, string>> = {
  agent: "▲ agent  ",
  human: "● human  ",
  runtime: "■ runtime",
};

/** The report as lines of text. Lines about a receipt whose signature failed say nothing of its content. */
export function printReport(report: Report, bundle: unknown): string[] {
  const envelopes = readBundle(bundle);
  const lines = (envelopes.ok ? envelopes.value.receipts : []).map((envelope, seq) => {
    const failed = report.checks.find((check) => check.seq === seq && !check.ok);
    const judged = report.checks.some((check) => check.seq === seq && check.id === "chain");
    const mark = failed ? "✗" : judged ? "✓" : "·";
    return `${mark} ${String(seq).padStart(3)}  ${describeReceipt(envelope, failed?.id === "signature")}`;
  });
  const others = report.checks.filter((check) => check.seq === undefined);
  const failures = report.checks.filter((check) => !check.ok && check.seq !== undefined);
  return [
    `run ${report.run}`,
    "",
    ...lines,
    "",
    ...failures.map(({ seq, code, message }) => `✗ receipt ${seq}: ${code}: ${message}`),
    ...others.map(({ ok, code, message }) => `${ok ? "✓" : "✗"} ${code ? `${code}: ` : ""}${message}`),
    "",
    verdictLine(report),
  ];
}

function verdictLine({ verdict, count, head }: Report): string {
  switch (verdict) {
    case "valid":
      return `valid: ${count} receipts, head ${head}`;
    case "incomplete":
      return `incomplete: the ${count} receipts so far verify, but the chain does not end in a handoff`;
    case "invalid":
      return "invalid: do not rely on this chain; the marks above say where it fails";
  }
}

function describeReceipt(envelope: unknown, unsigned: boolean): string {
  if (unsigned) return "signature does not hold";
  const decoded = decodeEnvelope(envelope);
  const receipt = decoded.ok ? readStatement(decoded.value.payload) : decoded;
  if (!receipt.ok || !decoded.ok) return "cannot be read";
  const { kind, statement } = receipt.value;
  const { issuedAt } = statement.predicate;
  return `${SEALS[SIGNER_OF[kind]]}  ${kind.padEnd(9)}  ${issuedAt}  ${decoded.value.keyid.slice(0, 8)}  ${describeContent(receipt.value)}`;
}

/** What a receipt bound, in a few words. Control characters of signed text never reach the terminal. */
function describeContent({ kind, statement }: Statement): string {
  const text = ((): string => {
    switch (kind) {
      case "alert":
        return statement.predicate.title;
      case "evidence":
        return `${statement.predicate.items.length} items`;
      case "proposal":
        return `revision ${statement.predicate.revision}, ${statement.predicate.risk} risk`;
      case "preview":
        return statement.predicate.changes
          .map(({ path, after }) => `${path} → ${after.slice(7, 19)}`)
          .join(", ");
      case "decision":
        return `${statement.predicate.decision} by ${statement.predicate.reviewer.id} (${statement.predicate.reviewer.method})`;
      case "execution":
        return `${statement.predicate.status}${statement.predicate.written ? ", written" : ", nothing written"}`;
      case "outcome":
        return statement.predicate.status;
      case "handoff":
        return `hands on ${statement.predicate.outcome.slice(7, 19)}`;
    }
  })();
  return text.replace(/\p{C}/gu, "�").slice(0, 100);
}
