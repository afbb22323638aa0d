// What surrounds a run under test: settings of its deployment, and a list of runs that fails.
import type { RunDurableObject } from "../../../src/run/run-durable-object.ts";

export interface Surroundings {
  /** The list of runs answers nothing but errors until the run has ended. */
  readonly listIsDown?: true;
  /** Ended runs are kept for ever: they have no alarm for the end of their time. */
  readonly keptForever?: true;
}

/** Gives an instance its surroundings. To be called before it does anything. `isDown` is asked at each call to the list. */
export function surround(
  instance: RunDurableObject,
  { keptForever, listIsDown }: Surroundings,
  isDown: () => boolean,
): void {
  const own = Reflect.get(instance, "env");
  const value = {
    ...own,
    ...(keptForever && { RETENTION_DAYS: "forever" }),
    ...(listIsDown && { INDEX: unreliable(own.INDEX, isDown) }),
  };
  Object.defineProperty(instance, "env", { value, configurable: true });
}

/** The list, whose table is not there while it is down. */
function unreliable(list: D1Database, isDown: () => boolean): Pick<D1Database, "prepare"> {
  return { prepare: (query) => list.prepare(isDown() ? query.replaceAll("runs", "no_such_table") : query) };
}
