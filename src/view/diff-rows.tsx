// The two tables of a change. In both, the sign is text and ins/del say the same to whoever does not see colours.
import { changeBlocks, type DiffHunk, type DiffLine } from "./diff-lines.ts";
import { CodeText } from "./shown-text.tsx";

interface TableProps {
  readonly label: string;
  readonly hunks: readonly DiffHunk[];
}

/** Removed lines above the added ones, each with its number before or after. */
export function UnifiedTable({ label, hunks }: TableProps) {
  return (
    <table class="unified" aria-label={label}>
      <thead class="unseen">
        <tr>
          <th scope="col">Line before</th>
          <th scope="col">Line after</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      {hunks.map(({ heading, lines }) => (
        <tbody>
          <tr class="hunk">
            <td colspan={3}>{heading}</td>
          </tr>
          {lines.map((line) => (
            <tr class={CLASS[line.sign]}>
              <td class="line-number">{line.old ?? ""}</td>
              <td class="line-number">{line.new ?? ""}</td>
              <td class="line">
                <LineText line={line} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** Before on the left, after on the right, lines that replace one another in one row. */
export function SplitTable({ label, hunks }: TableProps) {
  return (
    <table class="split" aria-label={label}>
      <colgroup>
        <col class="of-numbers" />
        <col />
        <col class="of-numbers" />
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
          <span class="sign">+</span>
          {text}
        </ins>
      );
    case "-":
      return (
        <del>
          <span class="sign">-</span>
          {text}
        </del>
      );
    case "\\":
      return text;
    default:
      return (
        <>
          <span class="sign"> </span>
          {text}
        </>
      );
  }
}
