// What a page draws of a change: all of it where there is room, else its beginning and its end. What would be written is never
// what is left out without a word.
import type { Change } from "./change.ts";
import { changeBlocks, type Diff, type DiffHunk, type DiffLine, diffLines } from "./diff-lines.ts";
import { countHidden } from "./hidden-characters.ts";
import { DRAWN_COLOUR, drawnSize, fitting, type Room, SHOWN_OF_AN_END } from "./room.ts";
import type { MarkedPiece } from "./shown-text.tsx";

/** A stretch of lines that are drawn; before it, maybe, the lines and bytes that are not. */
export interface DrawnHunk extends DiffHunk {
  readonly leftOut?: { readonly lines: number; readonly bytes: number };
}

export interface DrawnChange {
  readonly hunks: readonly DrawnHunk[];
  readonly added: number;
  readonly removed: number;
  readonly matched: boolean;
  /** How the lines end, if that is to be told. */
  readonly ends: string;
  readonly hidden: ReturnType<typeof countHidden>;
  /** Bytes that are not drawn. */
  readonly left: number;
  /** Whether there is room to draw it a second time, side by side. */
  readonly isShort: boolean;
}

/** Bytes, as drawn, of each end of a change. */
const DRAWN_OF_AN_END = 256 * 1024;
/** Of a whole one that is drawn a second time: side by side, lines that stay stand twice. */
const DRAWN_TWICE = 160 * 1024;
/** Bytes of a line that is not cut itself. */
const LONG_LINE = 1024;
/** Room for a line's markup, its numbers and its sign. */
const DRAWN_LINE = 90;

/** Draws a change within the room that is left, and takes what it needs of it. */
export function drawChange(change: Change, room: Room): DrawnChange {
  const { name, before, after, isNew, isText, language } = change;
  const { shown, words } = isText ? lineEnds(before, after, isNew) : { shown: true, words: "" };
  const [old = before, fresh = after] = shown
    ? []
    : [before, after].map((text) => text.replaceAll("\r\n", "\n"));
  const diff = diffLines(language, old, fresh);
  const free = Math.floor(room.left / 2);
  const { hunks, left, taken } = bothEnds(diff, Math.min(DRAWN_OF_AN_END, free));
  const isShort = left === 0 && taken <= Math.min(DRAWN_TWICE, free);
  room.left -= isShort ? 2 * taken : taken;
  return {
    ...{ hunks, left, isShort },
    ...{ added: diff.added, removed: diff.removed, matched: diff.matched, ends: words },
    hidden: countHidden([name, ...diff.hunks.flatMap(({ lines }) => lines.map(textOf))].join("\n")),
  };
}

interface Drawn {
  readonly hunks: readonly DrawnHunk[];
  readonly left: number;
  readonly taken: number;
}

/** Lines from the beginning and from the end; of two whole texts, one after the other, both ends of each. */
function bothEnds({ hunks, matched }: Diff, drawn: number): Drawn {
  const whole = endsOfLines(hunks, { shown: SHOWN_OF_AN_END, drawn });
  if (matched || whole.left === 0) return whole;
  const texts = hunks.flatMap(({ heading, lines }) => {
    const [block] = changeBlocks(lines);
    return [block?.removed ?? [], block?.added ?? []].flatMap((of) =>
      of.length > 0 ? [{ heading, lines: of }] : [],
    );
  });
  const limits = { shown: SHOWN_OF_AN_END / texts.length, drawn: drawn / texts.length };
  const sides = texts.map((text) => endsOfLines([text], limits));
  return {
    hunks: sides.flatMap((side) => side.hunks),
    left: sides.reduce((sum, { left }) => sum + left, 0),
    taken: sides.reduce((sum, { taken }) => sum + taken, 0),
  };
}

interface Limits {
  readonly shown: number;
  readonly drawn: number;
}

function endsOfLines(hunks: readonly DiffHunk[], limits: Limits): Drawn {
  const all = hunks.flatMap(({ lines }) => lines);
  const head = take(all, limits, "forwards");
  const rest = [...(head.rest ? [head.rest] : []), ...all.slice(head.lines.length)];
  const tail = take(rest, limits, "backwards");
  const taken = head.taken + tail.taken;
  const between = rest.slice(0, rest.length - tail.lines.length);
  if (tail.rest) between.push(tail.rest);
  // Also when a line was cut: the end shows all the rest of it.
  if (between.length === 0) return { hunks, left: 0, taken };
  const bytes = bytesOf(between.map(textOf).join("\n")) + 1;
  const after = groupHunks(tail.lines, all.length - tail.lines.length, hunks);
  const [first = { heading: "", lines: [] }, ...others] = after;
  const leftOut = { lines: between.length, bytes };
  return {
    hunks: [...groupHunks(head.lines, 0, hunks), { ...first, leftOut }, ...others],
    left: bytes,
    taken,
  };
}

/** Lines that keep within limits, from one end. Of a long line the last may be a part; then `rest` is the other. */
function take(lines: readonly DiffLine[], { shown, drawn }: Limits, direction: "forwards" | "backwards") {
  const back = direction === "backwards";
  const kept: DiffLine[] = [];
  let bytes = 0;
  let taken = 0;
  let rest: DiffLine | null = null;
  for (const line of back ? lines.toReversed() : lines) {
    const [size, cost] = [bytesOf(textOf(line)) + 1, drawnLine(line)];
    if (bytes + size <= shown && taken + cost <= drawn) {
      kept.push(line);
      bytes += size;
      taken += cost;
      continue;
    }
    if (size <= LONG_LINE) break;
    const text = textOf(line);
    const limits = { shown: shown - bytes, drawn: drawn - taken - DRAWN_LINE };
    const part = fitting(text, "code", limits, direction);
    if (part.text !== "") {
      kept.push({ ...line, pieces: [{ text: part.text, kind: null }] });
      const other = back ? text.slice(0, -part.text.length) : text.slice(part.text.length);
      rest = other === "" ? null : { ...line, pieces: [{ text: other, kind: null }] };
      taken += part.drawn + DRAWN_LINE;
    }
    break;
  }
  return { lines: back ? kept.reverse() : kept, taken, rest };
}

/** Lines that stand from a place on, by the hunks that they are of. */
function groupHunks(lines: readonly DiffLine[], from: number, hunks: readonly DiffHunk[]): DrawnHunk[] {
  let start = 0;
  return hunks.flatMap(({ heading, lines: of }) => {
    const [begin, end] = [Math.max(0, start - from), Math.max(0, start + of.length - from)];
    start += of.length;
    const own = lines.slice(begin, end);
    return own.length > 0 ? [{ heading, lines: own }] : [];
  });
}

function textOf({ pieces }: { readonly pieces: readonly MarkedPiece[] }): string {
  return pieces.map(({ text }) => text).join("");
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function drawnLine(line: DiffLine): number {
  return line.pieces.reduce(
    (sum, { text, kind, marked }) =>
      sum + (kind !== null || marked ? DRAWN_COLOUR : 0) + drawnSize(text, "code"),
    DRAWN_LINE,
  );
}

/** How the lines end: said once where every line of both files ends in CRLF, shown in each line where some do not. */
function lineEnds(before: string, after: string, isNew: boolean): { shown: boolean; words: string } {
  const [old, fresh] = [isNew ? null : endsIn(before), endsIn(after)];
  if (fresh === "CRLF" && (old === null || old === "CRLF"))
    return { shown: false, words: "line ends CRLF, " };
  if (old !== null && fresh !== null && old !== fresh) {
    return { shown: true, words: `line ends ${old}, then ${fresh}, ` };
  }
  return { shown: true, words: fresh === "mixed" ? "mixed line ends, " : "" };
}

/** Null for a text of a single line without an end. */
function endsIn(text: string): "LF" | "CRLF" | "mixed" | null {
  const all = text.match(/\n/g)?.length ?? 0;
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  if (all === 0) return null;
  return crlf === 0 ? "LF" : crlf === all ? "CRLF" : "mixed";
}
