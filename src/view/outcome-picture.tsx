// How a run ended, as a picture: one for each ending, in the same hand. Decoration: the words beside it say the same.
import type { Picture } from "./result-words.ts";

const RING = "M24 3a21 21 0 1 1 0 42a21 21 0 1 1 0-42Z";
const SQUARE = "M9 6h30a3 3 0 0 1 3 3v30a3 3 0 0 1-3 3H9a3 3 0 0 1-3-3V9a3 3 0 0 1 3-3Z";

/** An outline, and the strokes in it. */
const DRAWN: Readonly<Record<Picture, readonly [outline: string, strokes: string]>> = {
  fixed: [RING, "M14 25l7 7l14-16"],
  fine: [RING, "M15 20h18M15 28h18"],
  better: [RING, "M13 33l8-9l5 5l9-13M28 16h7v7"],
  same: [RING, "M13 24h21M28 18l6 6l-6 6"],
  worse: [RING, "M13 15l8 9l5-5l9 13M28 32h7v-7"],
  unmeasured: [SQUARE, "M14 25l7 7l14-16M33 36h1"],
  unknown: [RING, "M18 19a6 6 0 1 1 9 5c-2 1.2-3 2.5-3 5M24 34v.5"],
  rejected: [RING, "M16 16l16 16M32 16l-16 16"],
  expired: [RING, "M17 13h14M17 35h14M18 13c0 8 12 14 12 22M30 13c0 8-12 14-12 22"],
  "not-done": [SQUARE, "M14 24h20"],
  nothing: [RING, "M12 36l24-24"],
};

export function OutcomePicture({ picture, tone }: { picture: Picture; tone: string }) {
  const [outline, strokes] = DRAWN[picture];
  return (
    <svg class={`outcome-picture is-${tone}`} viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
      <path class="outline" d={outline} />
      <path d={strokes} />
    </svg>
  );
}
