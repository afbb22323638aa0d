// What changes between two texts, line by line. Drawn from the two texts that the receipts name, never from a diff that
// somebody sent.
import { diffWordsWithSpace } from "diff";
import { compareTexts, hunkRange } from "./compare-texts.ts";
import { hasRunOfMarks } from "./hidden-characters.ts";
import { codeLines, type Piece } from "./highlight.ts";
import type { MarkedPiece } from "./shown-text.tsx";

export interface DiffLine {
  /** `\` is a remark about the line before: its file ends there without a line feed. */
  readonly sign: "+" | "-" | " " | "\\";
  readonly old: number | null;
  readonly new: number | null;
  readonly pieces: readonly MarkedPiece[];
}

export interface DiffHunk {
  readonly heading: string;
  readonly lines: readonly DiffLine[];
}

export interface Diff {
  readonly hunks: readonly DiffHunk[];
  readonly added: number;
  readonly removed: number;
  /** False when the texts differ in so much that no lines were matched. */
  readonly matched: boolean;
}

/** Longest line whose words are compared, and how many pairs of lines are. */
const MAX_COMPARED = 300;
const MOST_PAIRS = 200;

/** Compares two texts with three lines of context. `path` tells the language to colour. */
export function diffLines(path: string, before: string, after: string): Diff {
  const compared = compareTexts(before, after);
  const sides = { old: codeLines(path, before), new: codeLines(path, after) };
  const hunks = compared.hunks.map((hunk): DiffHunk => {
    let old = hunk.oldStart;
    let fresh = hunk.newStart;
    const lines = hunk.lines.map((line): DiffLine => {
      switch (line[0]) {
        case "+":
          return { sign: "+", old: null, new: fresh, pieces: sides.new[fresh++ - 1] ?? [] };
        case "-":
          return { sign: "-", old, new: null, pieces: sides.old[old++ - 1] ?? [] };
        case "\\":
          return { sign: "\\", old: null, new: null, pieces: [{ text: line.slice(2), kind: null }] };
        default:
          return { sign: " ", old: old++, new: fresh, pieces: sides.new[fresh++ - 1] ?? [] };
      }
    });
    const heading = `@@ −${hunkRange(hunk.oldStart, hunk.oldLines)} +${hunkRange(hunk.newStart, hunk.newLines)} @@`;
    return { heading, lines };
  });
  const all = hunks.flatMap(({ lines }) => lines);
  return {
    hunks: compared.matched ? markWords(hunks) : hunks,
    added: all.filter(({ sign }) => sign === "+").length,
    removed: all.filter(({ sign }) => sign === "-").length,
    matched: compared.matched,
  };
}

/** A change as runs of removed and added lines, and the context between them. Remarks stay with their side. */
export interface ChangeBlock {
  readonly removed: readonly DiffLine[];
  readonly added: readonly DiffLine[];
  readonly same: readonly DiffLine[];
}

/** The lines of a hunk as blocks: what goes, what comes, then what stays. */
export function changeBlocks(lines: readonly DiffLine[]): ChangeBlock[] {
  type Side = "removed" | "added" | "same";
  const SIDES: Record<string, Side> = { "-": "removed", "+": "added", " ": "same" };
  const blocks: Record<Side, DiffLine[]>[] = [];
  let side: Side = "same";
  for (const line of lines) {
    const next: Side = SIDES[line.sign] ?? side;
    let block = blocks.at(-1);
    if (!block || (side === "same" && next !== "same")) {
      block = { removed: [], added: [], same: [] };
      blocks.push(block);
    }
    side = next;
    block[side].push(line);
  }
  return blocks;
}

/** Marks, in lines that replace one another and are still much alike, the words that differ. */
function markWords(hunks: readonly DiffHunk[]): DiffHunk[] {
  let left = MOST_PAIRS;
  return hunks.map(({ heading, lines }) => {
    const marked = new Map<DiffLine, DiffLine>();
    for (const { removed, added } of changeBlocks(lines)) {
      for (const [i, old] of removed.entries()) {
        const fresh = added[i];
        if (!fresh || old.sign !== "-" || fresh.sign !== "+" || left-- <= 0) continue;
        for (const [line, pieces] of compareWords(old, fresh)) marked.set(line, { ...line, pieces });
      }
    }
    return { heading, lines: lines.map((line) => marked.get(line) ?? line) };
  });
}

type Span = readonly [from: number, to: number];

function compareWords(old: DiffLine, fresh: DiffLine): [DiffLine, MarkedPiece[]][] {
  const [before, after] = [textOf(old.pieces), textOf(fresh.pieces)];
  if (before.length > MAX_COMPARED || after.length > MAX_COMPARED) return [];
  // Cut in two, neither part of such a run would be told from one of any script.
  if (hasRunOfMarks(before) || hasRunOfMarks(after)) return [];
  const spans: { old: Span[]; new: Span[] } = { old: [], new: [] };
  const at = { old: 0, new: 0 };
  let alike = 0;
  for (const { value, added, removed } of diffWordsWithSpace(before, after)) {
    if (!added && !removed) alike += value.trim().length;
    if (removed) spans.old.push([at.old, at.old + value.length]);
    if (added) spans.new.push([at.new, at.new + value.length]);
    if (!added) at.old += value.length;
    if (!removed) at.new += value.length;
  }
  if (alike * 4 < before.trim().length + after.trim().length) return [];
  return [
    [old, mark(old.pieces, spans.old)],
    [fresh, mark(fresh.pieces, spans.new)],
  ];
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

/** Cuts pieces at the ends of the spans and marks what lies within. */
function mark(pieces: readonly Piece[], spans: readonly Span[]): MarkedPiece[] {
  const cuts = spans.flat();
  let start = 0;
  return pieces.flatMap(({ text, kind }) => {
    const from = start;
    start += text.length;
    const bounds = [from, ...cuts.filter((cut) => cut > from && cut < start), start];
    return bounds.slice(1).map((to, i) => {
      const begin = bounds[i] ?? from;
      const marked = spans.some(([a, b]) => a <= begin && to <= b);
      return { text: text.slice(begin - from, to - from), kind, marked };
    });
  });
}
