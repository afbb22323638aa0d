// How much room text takes in a terminal, and text made to fit. A line that the terminal itself breaks goes on at the left edge, where
// its words could pass for a line of ours. In doubt a character counts as wider than it is.

import { fstatSync } from "node:fs";

/** The least width that lines are made for. */
const MIN_COLUMNS = 20;

/** Before what goes on on a further line: nothing that is said there can pass for a line of its own. */
const MARGIN = "    │ ";

/** The columns of the terminal that a stream is read in, as far as anybody says; null when it goes to no terminal that is known. */
export function terminalColumns(stream: WriteStream): number | null {
  const said = /^[1-9]\d{0,5}$/.test(process.env.COLUMNS ?? "") ? Number(process.env.COLUMNS) : null;
  // A pager reads a pipe, and writes to the terminal that standard error is on.
  const piped = stream.fd === 1 && process.stderr.isTTY && isPipe(stream) ? process.stderr.columns : null;
  const columns = (stream.isTTY && stream.columns) || said || piped;
  return columns ? Math.max(columns, MIN_COLUMNS) : null;
}

type WriteStream = NodeJS.WriteStream & { readonly fd: number };

function isPipe({ isTTY, fd }: WriteStream): boolean {
  return !isTTY && fstatSync(fd).isFIFO();
}

/** The columns that a line of visible characters takes. */
export function columnsOf(line: string): number {
  let columns = 0;
  for (const character of line) columns += widthOf(character);
  return columns;
}

/** A line cut to at most so many columns, saying so where it was cut. */
export function cutToColumns(line: string, columns: number): string {
  return columnsOf(line) <= columns ? line : `${startOf(line, columns - 1)}…`;
}

/**
 * A line broken at spaces, or where a word is too long, into lines of at most so many columns, behind a margin all but the first.
 * Where the width is not known it stays whole, for those who search it.
 */
export function breakIntoColumns(line: string, columns: number | null): string[] {
  if (columns === null) return [line];
  const lines: string[] = [];
  let rest = line;
  while (columnsOf(rest) > columns) {
    const start = startOf(rest, columns);
    const space = start.lastIndexOf(" ");
    // A break inside the margin would leave the rest as long as it was.
    const end = space > MARGIN.length ? space : start.length;
    lines.push(rest.slice(0, end));
    rest = `${MARGIN}${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}

/** A line broken into pieces of at most so many columns, with nothing left out. */
export function breakExactly(line: string, columns: number): string[] {
  const pieces: string[] = [];
  let rest = line;
  while (columnsOf(rest) > columns) {
    const piece = startOf(rest, Math.max(columns, 2));
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}

/** As much of a line as fits into so many columns. */
function startOf(line: string, columns: number): string {
  let room = columns;
  let end = 0;
  for (const character of line) {
    room -= widthOf(character);
    if (room < 0) break;
    end += character.length;
  }
  return line.slice(0, end);
}

function widthOf(character: string): number {
  if (character < "\x7f") return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Marks that are drawn onto the character before them. */
const NO_WIDTH = /[\p{Mn}\p{Me}]/u;

/** Everything of UAX 11's classes W and F, in few ranges that hold some narrow characters too. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d37f}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
