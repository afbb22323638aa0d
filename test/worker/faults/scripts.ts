// Scripts of few calls, so that a run is quick; every kind of call that the built-in ones make is there.
import type { Planner } from "../../../src/agent/planner.ts";
import { proposing } from "../instances.ts";

const investigate = () => ({
  code: `async () => {
    await codemode.step("note", () => 1);
    return { summary: JSON.stringify((await browser.run_checkout({})).tally) };
  }`,
});

/** A planner that proposes what this script asks for. */
export function scripted(code: string): Partial<Planner> {
  return { investigate, ...proposing(code) };
}

/** A planner whose script writes these files, one gated call after the other. */
export function writing(...paths: string[]): Partial<Planner> {
  return scripted(`async () => {
    for (const path of ${JSON.stringify(paths)}) {
      const file = await repository.read_file({ path });
      await repository.write_file({ path, content: file.content + "\\n// seen\\n", before: file.digest });
    }
  }`);
}
