// Walks each path once to learn its boundaries, then once for every boundary, with the run's object stopped there.
// point-counter.ts counts what is made here: a suite for each path, in it a test for each point and no other.
import { describe, expect, it } from "vitest";
import { FaultLine } from "./fault-line.ts";
import { telling } from "./run-log.ts";
import { type Path, walk } from "./walk.ts";

/** For a walk, which takes about a third of a second: only something that hangs takes so long, on however busy a machine. */
const TIMEOUT_MS = 120_000;

/** One test for every boundary of every path. */
export async function stopAtEveryPoint(paths: readonly Path[]): Promise<void> {
  for (const path of paths) {
    const clean = new FaultLine();
    expect(await telling(() => walk(path, clean)), `${path.name}, when nothing breaks`).toBe(path.ends);
    describe(path.name, () => {
      it.each(clean.met)("comes to rest after a stop at %s", { timeout: TIMEOUT_MS }, async (point) => {
        const line = new FaultLine(point);
        await telling(() => walk(path, line));
        expect(line.stopped).toBe(point);
      });
    });
  }
}
