// Walks each path once to learn its boundaries, then once for every boundary, with the run's object stopped there.
import { describe, expect, it } from "vitest";
import { FaultLine } from "./fault-line.ts";
import { type Path, walk } from "./walk.ts";

/** One test for every boundary of every path. */
export async function stopAtEveryPoint(paths: readonly Path[]): Promise<void> {
  for (const path of paths) {
    const clean = new FaultLine();
    const end = await walk(path, clean);
    describe(`${path.name}, stopped at each of ${clean.met.length} points`, () => {
      it("ends as it should when nothing breaks", () => expect(end).toBe(path.ends));
      it.each(clean.met)("comes to rest after a stop at %s", async (point) => {
        const line = new FaultLine(point);
        await walk(path, line);
        expect(line.stopped).toBe(point);
      });
    });
  }
}
