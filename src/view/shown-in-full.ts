// Whether a page shows all of what a human decides on. Where it does not, the button says so.
import { isDrawnInFull } from "./drawn-change.ts";
import { laidOutJson } from "./laid-out-json.ts";
import { endsOf } from "./room.ts";
import type { RoundStory } from "./story.ts";

/** Of a call that changes a file, the change; of any other, its arguments. */
export function isShownInFull({ change, action, artifact }: RoundStory): boolean {
  if (change) return isDrawnInFull(change);
  const text = action ? laidOutJson(action) : artifact.text;
  return text !== null && endsOf(text, "code", null).left === 0;
}
