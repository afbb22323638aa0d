// A change as a reader may choose to see it: unified, or side by side where there is room, by a control that needs no
// script. Long lines wrap, so that nothing is pushed out of sight. Never draws only a part without saying so.
import { type Diff, type DiffHunk, type DiffLine, diffLines } from "./diff-lines.ts";
import { SplitTable, UnifiedTable } from "./diff-rows.tsx";
import { countHidden } from "./hidden-characters.ts";
import { CodeText, plainWords } from "./shown-text.tsx";

interface DiffTableProps {
  /** Tells one change on the page from another. */
  readonly id: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** True when there was no such file; an empty file is not that. */
  readonly isNew: boolean;
  /** False when the file before is not UTF-8, so that `before` is not all of it. */
  readonly isText: boolean;
}

/** Most lines drawn of one change. */
const MOST_LINES = 3_000;

export function DiffTable({ id, path, before, after, isNew, isText }: DiffTableProps) {
  const ends = lineEnds(before, after, isNew);
  const [old, fresh] = ends.shown
    ? [before, after]
    : [before, after].map((text) => text.replaceAll("\r\n", "\n"));
  const diff = diffLines(path, old ?? before, fresh ?? after);
  const { hunks, cut } = firstLines(diff);
  const splits = !isNew && hunks.length > 0;
  return (
    <figure class="diff">
      <figcaption>
        <code>
          <CodeText pieces={[{ text: path, kind: null }]} />
        </code>
        <span>
          {isNew && "new file, "}
          {after === "" && !isNew && "left empty, "}
          {ends.words}
          <span class="added">+{diff.added}</span> <span class="removed">−{diff.removed}</span>
          <span class="unseen"> lines</span>
        </span>
        {splits && <ViewSwitch id={id} />}
      </figcaption>
      {!isText && (
        <p class="diff-warning">
          <b>The file as it is now is no UTF-8 text.</b> � stands here for bytes of it that are no character.
        </p>
      )}
      <Remarks diff={diff} cut={cut} hidden={countHidden(path + textOf(hunks))} />
      {hunks.length === 0 && <p>{unchanged(isNew, isText)}</p>}
      {hunks.length > 0 && <UnifiedTable label={`Changes to ${plainWords(path)}`} hunks={hunks} />}
      {splits && <SplitTable label={`Changes to ${plainWords(path)}, side by side`} hunks={hunks} />}
    </figure>
  );
}

function unchanged(isNew: boolean, isText: boolean): string {
  if (isNew) return "A new file without content.";
  return isText ? "The content stays as it is." : "Only bytes that are no character change.";
}

function ViewSwitch({ id }: { id: string }) {
  return (
    <fieldset class="diff-view">
      <legend class="unseen">How to show the change</legend>
      <label>
        <input type="radio" name={`${id}-view`} value="unified" checked /> Unified
      </label>
      <label>
        <input type="radio" name={`${id}-view`} value="split" /> Side by side
      </label>
    </fieldset>
  );
}

function Remarks({ diff, cut, hidden }: { diff: Diff; cut: number; hidden: number }) {
  return (
    <>
      {hidden > 0 && (
        <p class="diff-warning">
          <b>
            {hidden === 1 ? "One character here cannot" : `${hidden} characters here cannot`} be seen as such,
            or would change the order in which text is shown.
          </b>{" "}
          Each stands as its code point, such as <span class="hidden-character">U+202E</span>.
        </p>
      )}
      {!diff.matched && (
        <p class="diff-warning">
          <b>Too much differs to match lines.</b> The whole file before comes first, then the whole file
          after.
        </p>
      )}
      {cut > 0 && (
        <p class="diff-warning">
          <b>{cut} further lines are not drawn here.</b> Read “The exact call”, below, before you decide.
        </p>
      )}
    </>
  );
}

/** The first lines of a change, whole hunks as far as they go, and how many are left out. */
function firstLines({ hunks, matched }: Diff) {
  if (!matched) return firstOfBoth(hunks);
  let left = MOST_LINES;
  let cut = 0;
  const drawn = hunks.flatMap(({ heading, lines }) => {
    const kept = lines.slice(0, left);
    left -= kept.length;
    cut += lines.length - kept.length;
    return kept.length > 0 ? [{ heading, lines: kept }] : [];
  });
  return { hunks: drawn, cut };
}

/** Of two whole texts, one after the other, the beginnings of both: what would be written must not be what is left out. */
function firstOfBoth(hunks: readonly DiffHunk[]) {
  let cut = 0;
  const drawn = hunks.map(({ heading, lines }) => {
    if (lines.length <= MOST_LINES) return { heading, lines };
    const removed = lines.filter(({ sign }) => sign === "-");
    const added = lines.filter(({ sign }) => sign === "+");
    const room = (other: readonly DiffLine[]) => Math.max(MOST_LINES / 2, MOST_LINES - other.length);
    const kept = [...removed.slice(0, room(added)), ...added.slice(0, room(removed))];
    cut += lines.length - kept.length;
    return { heading, lines: kept };
  });
  return { hunks: drawn, cut };
}

function textOf(hunks: readonly DiffHunk[]): string {
  return hunks
    .flatMap(({ lines }) => lines.flatMap(({ pieces }) => pieces.map(({ text }) => text)))
    .join("\n");
}

/** How the lines end: said once where every line of both files ends in CRLF, shown in each line where some do not. */
function lineEnds(before: string, after: string, isNew: boolean): { shown: boolean; words: string } {
  const [old, fresh] = [isNew ? null : endsOf(before), endsOf(after)];
  if (fresh === "CRLF" && (old === null || old === "CRLF"))
    return { shown: false, words: "line ends CRLF, " };
  if (old !== null && fresh !== null && old !== fresh) {
    return { shown: true, words: `line ends ${old}, then ${fresh}, ` };
  }
  return { shown: true, words: fresh === "mixed" ? "mixed line ends, " : "" };
}

/** Null for a text of a single line without an end. */
function endsOf(text: string): "LF" | "CRLF" | "mixed" | null {
  const all = text.match(/\n/g)?.length ?? 0;
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  if (all === 0) return null;
  return crlf === 0 ? "LF" : crlf === all ? "CRLF" : "mixed";
}
