// Whatever is done to a run, in whatever order and however much of it at once, the rules of world.ts hold, and the run can be
// brought to its end from where that left it.
import fc from "fast-check";
import { expect, it } from "vitest";
import { telling } from "../faults/run-log.ts";
import { scripted, writing } from "../faults/scripts.ts";
import { Subject } from "../faults/subject.ts";
import { commands } from "./commands.ts";
import { World } from "./world.ts";

/** The same sequences every time. Another seed makes another test. */
const SEED = 20261123;
const SEQUENCES = 40;

const file = `const file = await repository.read_file({ path: "src/http.js" });`;
const call = (content: string) =>
  `repository.write_file({ path: "src/http.js", content: ${JSON.stringify(content)}, before: file.digest })`;
const other = `repository.write_file({ path: "src/new.js", content: "// new", before: null })`;

const SCRIPTS = {
  "writes one file": writing("src/http.js"),
  "writes two files": writing("src/http.js", "src/pricing.js"),
  "writes two files at once": scripted(
    `async () => { ${file} await Promise.all([${call("// a")}, ${other}]); }`,
  ),
  "does not wait for its write": scripted(`async () => { ${file} ${call("// b")}; return 1; }`),
  "throws after its write": scripted(
    `async () => { ${file} await ${call("// c")}; throw new Error("late"); }`,
  ),
  "swallows what its write answers": scripted(
    `async () => { ${file} try { await ${call("// d")}; } catch {} }`,
  ),
  "asks for nothing": scripted("async () => 1"),
};

it(`keeps every rule in ${SEQUENCES} sequences`, { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...keysOf(SCRIPTS)), commands, (script, deeds) =>
      telling(async () => {
        const subject = new Subject(SCRIPTS[script], { revisions: 3 });
        const world = new World(subject);
        await subject.start(15_000);
        await world.check();
        await fc.asyncModelRun(() => ({ model: {}, real: world }), deeds);
        await finish(world);
      }),
    ),
    { seed: SEED, numRuns: SEQUENCES },
  );
});

/** Nothing is stopped any more, and every open proposal is approved: the run must come to its end. */
async function finish(world: World): Promise<void> {
  world.subject.line.stopAfter(Number.POSITIVE_INFINITY);
  for (let rounds = 0; rounds < 5; rounds += 1) {
    const view = await world.subject.rest();
    await world.check();
    if (view?.due === null) return world.subject.expectTruth();
    if (view?.pending) await world.decide("approve", view.pending.proposal, 15_000);
  }
  expect.fail("the run never came to its end");
}

function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  return Object.keys(record) as Key[];
}
