// What a page draws of a call's effects: a diff where both sides are at hand, two values where they are small, digests otherwise.
// One room for all of them, shared out fairly: a hundred effects make no page larger than one does.
import type { Json } from "../domain/index.ts";
import type { ToldContent, ToldEffect } from "../host/run-story.ts";
import type { Change } from "./change.ts";
import { type DrawnChange, drawChange } from "./drawn-change.ts";
import { laidOutJson } from "./laid-out-json.ts";
import type { Room } from "./room.ts";

/** An effect as it is drawn. */
export type EffectCard = { readonly effect: ToldEffect } & (
  | { readonly shape: "diff"; readonly change: Change; readonly drawn: DrawnChange }
  | { readonly shape: "values"; readonly before: string | null; readonly after: string | null }
  | { readonly shape: "digests" }
);

/** SHA-256 of the four bytes of `null`: a JSON value that is null, and no value that is not at hand. */
const DIGEST_OF_NULL = "sha256:74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b";
/** Most lines that a value is laid out in; a longer one is told by its digest, and its arguments are shown. */
const MOST_LINES = 20_000;
/** Longest value that stands on a line with another. */
const SHORT = 80;

type Side =
  | { readonly is: "absent" | "unknown" }
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "json"; readonly value: Json };

function sideOf({ digest, value }: ToldContent): Side {
  if (digest === null) return { is: "absent" };
  if (digest === "unknown" || (value === null && digest !== DIGEST_OF_NULL)) return { is: "unknown" };
  return typeof value === "string" ? { is: "text", text: value } : { is: "json", value };
}

/** Draws the effects of a call, in their order. */
export function effectCards(effects: readonly ToldEffect[], room: Room): EffectCard[] {
  return effects.map((effect, i) => {
    const share = { left: Math.floor(room.left / (effects.length - i)) };
    const had = share.left;
    const card = cardOf(effect, share);
    room.left -= had - share.left;
    return card;
  });
}

function cardOf(effect: ToldEffect, room: Room): EffectCard {
  const [before, after] = [sideOf(effect.before), sideOf(effect.after)];
  if (before.is === "unknown" || after.is === "unknown") return { effect, shape: "digests" };
  if (before.is !== "json" && after.is !== "json") {
    return { effect, ...diff(effect.resource, textOf(before), textOf(after), true, room) };
  }
  const values = [layOut(before), layOut(after)];
  const [was = null, is = null] = values;
  const isShort = values.every((value) => value === null || (value.length <= SHORT && !value.includes("\n")));
  if (isShort) return { effect, shape: "values", before: was, after: is };
  const isLong = values.some(
    (value) => value !== null && value.split("\n", MOST_LINES).length === MOST_LINES,
  );
  return isLong ? { effect, shape: "digests" } : { effect, ...diff(effect.resource, was, is, false, room) };
}

/** A text beside a value is a value too: JSON resources hold both. */
function layOut(side: Side): string | null {
  if (side.is === "text") return laidOutJson(side.text, "", 0);
  return side.is === "json" ? laidOutJson(side.value, "", 0) : null;
}

function textOf(side: Side): string | null {
  return side.is === "text" ? side.text : null;
}

/** The change of the arguments between two calls. */
export function argumentsCard(before: Json, after: Json, room: Room) {
  return diff("arguments", laidOutJson(before, "", 0), laidOutJson(after, "", 0), false, room);
}

function diff(name: string, before: string | null, after: string | null, isText: boolean, room: Room) {
  const change: Change = {
    name,
    before: withEnd(before, isText),
    after: withEnd(after, isText),
    isNew: before === null,
    isGone: after === null,
    isText,
    language: isText ? name : "values.json.js",
  };
  return { shape: "diff", change, drawn: drawChange(change, room) } as const;
}

/** A value laid out is no file: that it ends without a line feed is no news. */
function withEnd(text: string | null, isText: boolean): string {
  return text === null || isText ? (text ?? "") : `${text}\n`;
}

/** Lines that come and go over all cards; null where a card has none to count. */
export function countLines(cards: readonly EffectCard[]): { added: number; removed: number } | null {
  let [added, removed] = [0, 0];
  for (const card of cards) {
    if (card.shape !== "diff") return null;
    added += card.drawn.added;
    removed += card.drawn.removed;
  }
  return { added, removed };
}
