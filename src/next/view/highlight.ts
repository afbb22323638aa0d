// Syntax colours for code that somebody else wrote. A parser with a bounded number of steps, not regular expressions: text
// made to be slow ends up plain instead of holding up the server. Must never change, drop or add a character.
import { highlightTree, tagHighlighter, tags } from "@lezer/highlight";
import { parser } from "@lezer/javascript";

export type TokenKind = "keyword" | "string" | "literal" | "comment" | "name";

/** A stretch of text on one line. Whatever is of no kind is in the plain ink. */
export interface Piece {
  readonly text: string;
  readonly kind: TokenKind | null;
}

/** Longest text that is coloured, in UTF-16 units, and most steps of the parser: hostile text takes about 0.1 ms a step. */
const MAX_LENGTH = 30_000;
const MAX_STEPS = 12_000;
/** Most coloured pieces of one text: their markup is many times as long as they are. */
const MAX_PIECES = 5_000;
/** How many texts are remembered: a run shows a handful, and every look at its page shows the same ones. */
const REMEMBERED = 64;

const highlighter = tagHighlighter([
  { tag: [tags.keyword, tags.modifier], class: "keyword" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.character], class: "string" },
  { tag: [tags.number, tags.bool, tags.null, tags.self], class: "literal" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment, tags.docComment], class: "comment" },
  {
    tag: [
      tags.function(tags.variableName),
      tags.function(tags.propertyName),
      tags.function(tags.definition(tags.variableName)),
      tags.function(tags.definition(tags.propertyName)),
      tags.className,
      tags.definition(tags.className),
    ],
    class: "name",
  },
]);

const KINDS: ReadonlySet<string> = new Set<TokenKind>(["keyword", "string", "literal", "comment", "name"]);

const PARSERS = [
  [/\.[cm]?jsx?$/i, parser.configure({ dialect: "jsx" })],
  [/\.[cm]?ts$/i, parser.configure({ dialect: "ts" })],
  [/\.tsx$/i, parser.configure({ dialect: "ts jsx" })],
] as const;

const remembered = new Map<string, readonly (readonly Piece[])[]>();

/** The lines of a text, without their line feeds, in coloured pieces. `path` tells the language. */
export function codeLines(path: string, text: string): readonly (readonly Piece[])[] {
  const language = PARSERS.findIndex(([extension]) => extension.test(path));
  const key = `${language} ${text}`;
  const known = remembered.get(key);
  remembered.delete(key);
  const lines = known ?? intoLines(coloured(PARSERS[language]?.[1], text));
  if (text.length <= MAX_LENGTH) remembered.set(key, lines);
  for (const oldest of remembered.keys()) {
    if (remembered.size <= REMEMBERED) break;
    remembered.delete(oldest);
  }
  return lines;
}

type Parser = (typeof PARSERS)[number][1];

function coloured(language: Parser | undefined, text: string): Piece[] {
  const tree = language && text.length <= MAX_LENGTH ? parse(language, text) : null;
  if (!tree) return [{ text, kind: null }];
  const pieces: Piece[] = [];
  let end = 0;
  const upTo = (to: number, kind: TokenKind | null) => {
    if (to > end) pieces.push({ text: text.slice(end, to), kind });
    end = Math.max(end, to);
  };
  highlightTree(tree, highlighter, (from, to, kind) => {
    upTo(from, null);
    upTo(to, isKind(kind) ? kind : null);
  });
  upTo(text.length, null);
  return pieces.length <= MAX_PIECES ? pieces : [{ text, kind: null }];
}

/** The syntax tree, or null when it takes too long to get. */
function parse(language: Parser, text: string) {
  const work = language.startParse(text);
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const tree = work.advance();
    if (tree) return tree;
  }
  return null;
}

function isKind(kind: string): kind is TokenKind {
  return KINDS.has(kind);
}

function intoLines(pieces: readonly Piece[]): Piece[][] {
  const lines: Piece[][] = [[]];
  for (const { text, kind } of pieces) {
    for (const [i, part] of text.split("\n").entries()) {
      if (i > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ text: part, kind });
    }
  }
  return lines;
}
