// A unified diff as a table: both line numbers, the sign as text, and ins/del for whoever does not see colours.
// It is drawn from the two texts that the receipts name, never from a diff that somebody sent.
import { structuredPatch } from "diff";

interface DiffTableProps {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** True when there was no such file; an empty file is not that. */
  readonly isNew: boolean;
}

interface DiffLine {
  readonly sign: "+" | "-" | " " | "\\";
  readonly old: number | null;
  readonly new: number | null;
  readonly text: string;
}

interface DiffHunk {
  readonly heading: string;
  readonly lines: readonly DiffLine[];
}

/** The hunks of a change with three lines of context, and how many lines come and go. */
export function diffLines(before: string, after: string) {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: 3 });
  const numbered = hunks.map((hunk): DiffHunk => {
    let old = hunk.oldStart;
    let fresh = hunk.newStart;
    const lines = hunk.lines.map((line): DiffLine => {
      const text = line.slice(1);
      switch (line[0]) {
        case "+":
          return { sign: "+", old: null, new: fresh++, text };
        case "-":
          return { sign: "-", old: old++, new: null, text };
        case "\\":
          return { sign: "\\", old: null, new: null, text: text.trim() };
        default:
          return { sign: " ", old: old++, new: fresh++, text };
      }
    });
    const heading = `@@ −${rangeOf(hunk.oldStart, hunk.oldLines)} +${rangeOf(hunk.newStart, hunk.newLines)} @@`;
    return { heading, lines };
  });
  const all = numbered.flatMap(({ lines }) => lines);
  return {
    hunks: numbered,
    added: all.filter(({ sign }) => sign === "+").length,
    removed: all.filter(({ sign }) => sign === "-").length,
  };
}

/** A range of no lines is named by the line before it, as in every unified diff. */
function rangeOf(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

export function DiffTable({ path, before, after, isNew }: DiffTableProps) {
  const { hunks, added, removed } = diffLines(before, after);
  return (
    <figure class="diff">
      <figcaption>
        <code>{path}</code>
        <span>
          {isNew ? "new file, " : ""}
          <span class="added">+{added}</span> <span class="removed">−{removed}</span>
          <span class="unseen"> lines</span>
        </span>
      </figcaption>
      <section class="diff-box" aria-label={`Changes to ${path}`} tabindex={0}>
        <table>
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
                <Line line={line} />
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </figure>
  );
}

const ROW_CLASS = { "+": "is-added", "-": "is-removed", " ": "is-same", "\\": "is-note" } as const;

function Line({ line }: { line: DiffLine }) {
  const text = `${line.sign === "\\" ? "" : line.sign}${line.text}`;
  return (
    <tr class={ROW_CLASS[line.sign]}>
      <td class="line-number">{line.old ?? ""}</td>
      <td class="line-number">{line.new ?? ""}</td>
      <td class="line">
        {line.sign === "+" ? <ins>{text}</ins> : line.sign === "-" ? <del>{text}</del> : <span>{text}</span>}
      </td>
    </tr>
  );
}
