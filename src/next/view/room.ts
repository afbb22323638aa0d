// How much of a page texts that somebody else wrote may take up: a page stays small whatever it is given. Room is counted in
// bytes as they are drawn, for a control character takes thirteen times its own. Never leaves out anything without a word.
import { createContext } from "hono/jsx";
import type { Where } from "./hidden-characters.ts";

/** What is left of the room that several texts share. */
export interface Room {
  left: number;
}

const KIB = 1024;

/** Bytes of one text that are shown from its beginning, and as many from its end. */
export const SHOWN_OF_AN_END = 64 * KIB;
/** Bytes that these may take up when they are drawn. */
export const DRAWN_OF_AN_END = 128 * KIB;

/** What a human decides on has room of its own, besides that of its change. */
export const ROOM_OF_THE_QUESTION = 900 * KIB;
/** All else on a run's page: what was read, earlier rounds, the receipts. */
export const ROOM_OF_THE_REST = 400 * KIB;

/** The room that a part of a page shares; null where a page needs none, because it shows a few texts only. */
export const SharedRoom = createContext<Room | null>(null);

/** The beginning and the end of a text. `left` is how many bytes of UTF-8 between them are not shown; then `tail` is not empty. */
export interface Ends {
  readonly head: string;
  readonly tail: string;
  readonly left: number;
}

/** All of a text that has room, or both its ends. Takes the room. */
export function endsOf(text: string, where: Where, room: Room | null): Ends {
  const free = Math.max(0, Math.floor((room?.left ?? Number.POSITIVE_INFINITY) / 2));
  const limits = { shown: SHOWN_OF_AN_END, drawn: Math.min(DRAWN_OF_AN_END, free) };
  const head = fitting(text, where, limits);
  const rest = text.slice(head.text.length);
  const tail = fitting(rest, where, limits, "backwards");
  if (room) room.left -= head.drawn + tail.drawn;
  const between = rest.slice(0, rest.length - tail.text.length);
  const left = new TextEncoder().encode(between).length;
  return left === 0 ? { head: text, tail: "", left } : { head: head.text, tail: tail.text, left };
}

interface Limits {
  readonly shown: number;
  readonly drawn: number;
}

/** As much of the beginning, or of the end, of a text as keeps within limits. */
export function fitting(
  text: string,
  where: Where,
  { shown, drawn }: Limits,
  direction: "forwards" | "backwards" = "forwards",
): { readonly text: string; readonly drawn: number } {
  const back = direction === "backwards";
  let at = back ? text.length : 0;
  let bytes = 0;
  let taken = 0;
  while (back ? at > 0 : at < text.length) {
    const character = back ? before(text, at) : String.fromCodePoint(text.codePointAt(at) ?? 0);
    const [size, cost] = costOf(character, where);
    if (bytes + size > shown || taken + cost > drawn) break;
    bytes += size;
    taken += cost;
    at += back ? -character.length : character.length;
  }
  return { text: back ? text.slice(at) : text.slice(0, at), drawn: taken };
}

function before(text: string, at: number): string {
  const pair = text.slice(Math.max(0, at - 2), at);
  const whole = (pair.codePointAt(0) ?? 0) > 0xffff;
  return whole ? pair : text.slice(at - 1, at);
}

/** Room for the markup of a coloured piece of code. */
export const DRAWN_COLOUR = 30;
/** Room for `<u>U+202E</u>`. A title, for the first few, is little beside it. */
const DRAWN_HIDDEN = 15;
const ESCAPED = /[&<>"']/;
const DRAWN_ESCAPED = 6;
const MAY_BE_HIDDEN = /[\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u{2800}]/u;

/** Bytes of a character in UTF-8, and as it is drawn at the most. */
function costOf(character: string, where: Where): readonly [size: number, drawn: number] {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) {
    if (code > 0x20 && code < 0x7f) return [1, ESCAPED.test(character) ? DRAWN_ESCAPED : 1];
    const isPlain = character === " " || character === "\n" || character === "\t";
    return [1, isPlain && (where === "code" || where === "prose") ? 1 : DRAWN_HIDDEN];
  }
  const size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  return [size, MAY_BE_HIDDEN.test(character) ? DRAWN_HIDDEN : size];
}

/** Bytes that a text takes up at the most when it is drawn. */
export function drawnSize(text: string, where: Where): number {
  let drawn = 0;
  for (const character of text) drawn += costOf(character, where)[1];
  return drawn;
}
