// The two tables of a change. In both, the sign is text and ins/del say the same to whoever does not see colours.
// No text decides how wide a column is: one line of a change must never push the end of another out of sight.
import { changeBlocks, type DiffLine } from "./diff-lines.ts";
import type { DrawnHunk } from "./drawn-change.ts";
import { CodeText } from "./shown-text.tsx";

interface TableProps {
  readonly label: string;
  readonly hunks: readonly DrawnHunk[];
}

/** Removed lines above the added ones, each with its number before or after. A line has little markup: there may be thousands. */
export function UnifiedTable({ label, hunks }: TableProps) {
  return (
    <table class="unified" aria-label={label}>
      <colgroup>
        <Numbers hunks={hunks} />
        <Numbers hunks={hunks} />
        <col />
      </colgroup>
      <thead class="unseen">
        <tr>
          <th scope="col">Line before</th>
          <th scope="col">Line after</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      {hunks.map(({ heading, lines, leftOut }) => (
        <tbody>
          {leftOut && <LeftOutRow {...leftOut} columns={3} />}
          <tr class="hunk">
            <td colspan={3}>{heading}</td>
          </tr>
          {lines.map((line) => (
            <tr class={CLASS[line.sign]}>
              <td>{line.old ?? ""}</td>
              <td>{line.new ?? ""}</td>
              <td>
                <LineText line={line} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** A column of line numbers, as wide as the largest needs. */
function Numbers({ hunks }: Pick<TableProps, "hunks">) {
  const last = hunks.at(-1)?.lines.at(-1);
  const largest = Math.max(last?.old ?? 0, last?.new ?? 0);
  return <col class={largest > 9_999 ? "of-numbers is-wide" : "of-numbers"} />;
}

function LeftOutRow({ lines, bytes, columns }: { lines: number; bytes: number; columns: number }) {
  const count = lines === 1 ? "of 1 line" : `of ${lines.toLocaleString("en")} lines`;
  return (
    <tr class="left-out">
      <td colspan={columns}>
        {bytes.toLocaleString("en")} bytes {count} are not shown here
      </td>
    </tr>
  );
}

/** Before on the left, after on the right, lines that replace one another in one row. */
export function SplitTable({ label, hunks }: TableProps) {
  return (
    <table class="split" aria-label={label}>
      <colgroup>
        <Numbers hunks={hunks} />
        <col />
        <Numbers hunks={hunks} />
        <col />
      </colgroup>
      <thead class="unseen">
        <tr>
          <th scope="col">Line before</th>
          <th scope="col">Text before</th>
          <th scope="col">Line after</th>
          <th scope="col">Text after</th>
        </tr>
      </thead>
      {hunks.map(({ heading, lines }) => (
        <tbody>
          <tr class="hunk">
            <td colspan={4}>{heading}</td>
          </tr>
          {pairs(lines).map(([before, after]) => (
            <tr>
              <Half side="of-before" line={before} number={before?.old ?? null} />
              <Half side="of-after" line={after} number={after?.new ?? null} />
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

type Pair = readonly [before: DiffLine | null, after: DiffLine | null];

function pairs(lines: readonly DiffLine[]): Pair[] {
  return changeBlocks(lines).flatMap(({ removed, added, same }) => [
    ...Array.from(
      { length: Math.max(removed.length, added.length) },
      (_, i): Pair => [removed[i] ?? null, added[i] ?? null],
    ),
    ...same.map((line): Pair => [line, line]),
  ]);
}

interface HalfProps {
  readonly side: "of-before" | "of-after";
  readonly line: DiffLine | null;
  readonly number: number | null;
}

function Half({ side, line, number }: HalfProps) {
  if (!line) return <td class={`is-nothing ${side}`} colspan={2}></td>;
  return (
    <>
      <td class={`line-number ${side} ${CLASS[line.sign]}`}>{number ?? ""}</td>
      <td class={`line ${CLASS[line.sign]}`}>
        <LineText line={line} />
      </td>
    </>
  );
}

const CLASS = { "+": "is-added", "-": "is-removed", " ": "is-same", "\\": "is-note" } as const;

function LineText({ line: { sign, pieces } }: { line: DiffLine }) {
  const text = <CodeText pieces={pieces} />;
  switch (sign) {
    case "+":
      return (
        <ins>
          <b>+</b>
          {text}
        </ins>
      );
    case "-":
      return (
        <del>
          <b>-</b>
          {text}
        </del>
      );
    case "\\":
      return text;
    default:
      return (
        <>
          <b> </b>
          {text}
        </>
      );
  }
}
