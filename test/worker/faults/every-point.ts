// Walks each path once to learn its boundaries, then once for every boundary, with the run's object stopped there.
import { describe, expect, it } from "vitest";
import { proposing } from "../instances.ts";
import { FaultLine } from "./fault-line.ts";
import { type Path, Walk } from "./walk.ts";

const investigate = () => ({
  code: `async () => {
    await codemode.step("note", () => 1);
    return { summary: JSON.stringify((await browser.run_checkout({})).tally) };
  }`,
});

/** A planner of few calls, so that a walk is quick; every kind of call that the built-in scripts make is there. */
export function scripted(code: string): Path["planner"] {
  return { investigate, ...proposing(code) };
}

/** A planner whose script writes these files, one gated call after the other. */
export function writing(...paths: string[]): Path["planner"] {
  return scripted(`async () => {
    for (const path of ${JSON.stringify(paths)}) {
      const file = await repository.read_file({ path });
      await repository.write_file({ path, content: file.content + "\\n// seen\\n", before: file.digest });
    }
  }`);
}

/** One test for every boundary of every path. */
export async function stopAtEveryPoint(paths: readonly Path[]): Promise<void> {
  for (const path of paths) {
    const clean = new FaultLine(null);
    const end = await new Walk(path, clean).toTheEnd();
    describe(`${path.name}, stopped at each of ${clean.met.length} points`, () => {
      it("ends as it should when nothing breaks", () => expect(end).toBe(path.ends));
      it.each(clean.met.map((point, place) => ({ point, place })))(
        "comes to rest after a stop at $place, $point",
        async ({ point, place }) => {
          const line = new FaultLine(place);
          await new Walk(path, line).toTheEnd();
          expect(line.stopped).toBe(point);
        },
      );
    });
  }
}
