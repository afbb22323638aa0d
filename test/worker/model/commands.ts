// What may be done to a run, alone or all at once. A command says what must come of it where that is certain; what must hold
// in any case is checked by the world after each.
import { evictDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect } from "vitest";
import { stubOf } from "../client.ts";
import { FaultLine } from "../faults/fault-line.ts";
import type { Decision, World } from "./world.ts";

/** There is no model beside the world: what may happen is what its receipts allow. */
type Model = Record<string, never>;
type Command = fc.AsyncCommand<Model, World>;

const MAX_PATIENCE_MS = 15_000;

/** Something done to a run. `alone` is true when nothing else is going on at the same time. */
interface Deed {
  readonly name: string;
  readonly perform: (world: World, alone: boolean) => Promise<unknown>;
}

const waitMs = fc.constantFrom(0, MAX_PATIENCE_MS);
const decision = fc.constantFrom<Decision>("approve", "reject", "request_changes");
const path = fc.constantFrom("src/http.js", "src/pricing.js", "src/new.js");

const start: fc.Arbitrary<Deed> = waitMs.map((wait) => ({
  name: `start(${wait})`,
  perform: ({ subject }) => subject.isCutOff(() => subject.start(wait)),
}));

/** `age` 0 is about the newest proposal that was seen, 1 about the one before it. */
const decide: fc.Arbitrary<Deed> = fc
  .record({ how: decision, age: fc.nat({ max: 2 }), wait: waitMs })
  .map(({ how, age, wait }) => ({
    name: `${how}(${age}, ${wait})`,
    async perform(world, alone) {
      const proposal = world.proposals[age];
      if (!proposal) return;
      const wanted = expectedAnswers(world, how, proposal);
      const answer = await world.decide(how, proposal, wait);
      if (alone && answer !== "cut off") expect(wanted).toContain(answer);
    },
  }));

function expectedAnswers({ view, subject }: World, how: Decision, proposal: string): string[] {
  const { pending } = view ?? {};
  if (pending?.proposal !== proposal) return ["ERR_DECISION_STALE"];
  // Whoever is late sets the run going, and it may have gone on before the next one comes.
  if (subject.now() >= Date.parse(pending.expiresAt)) return ["ERR_DECISION_LATE", "ERR_DECISION_STALE"];
  const isLast = pending.revision >= subject.policy.revisions;
  return [how === "request_changes" && isLast ? "ERR_REVISION_LIMIT" : "ok"];
}

const edit: fc.Arbitrary<Deed> = fc.record({ path, n: fc.nat({ max: 99 }) }).map(({ path, n }) => ({
  name: `edit(${path})`,
  perform: ({ subject }) => subject.isCutOff(() => subject.edit(path, `// edit ${n}\n`)),
}));

const wake: Deed = { name: "wake", perform: ({ subject }) => subject.wake() };
const stop: Deed = { name: "stop", perform: ({ subject }) => subject.stop() };
const look: Deed = { name: "look", perform: ({ subject }) => subject.isCutOff(() => subject.look()) };

const lapse: Deed = {
  name: "lapse",
  async perform({ subject }) {
    subject.lapse();
  },
};

const evict: Deed = {
  name: "evict",
  async perform({ subject }) {
    // The pool's eviction waits for work in flight, and for ever if that is stopped meanwhile.
    subject.line.stopAfter(Number.POSITIVE_INFINITY);
    await subject.isCutOff(async () => {
      await subject.look(); // only what runs can be evicted
      await evictDurableObject(stubOf(subject.run));
    });
  },
};

const race: fc.Arbitrary<Deed> = fc
  .array(fc.oneof({ arbitrary: decide, weight: 4 }, start, edit, fc.constantFrom(wake, stop, look)), {
    minLength: 2,
    maxLength: 5,
  })
  .map((deeds) => ({
    name: `race[${deeds.map(({ name }) => name).join(", ")}]`,
    perform: (world) => Promise.all(deeds.map(({ perform }) => perform(world, false))),
  }));

/** The same, and the instance is stopped at the nth boundary that it comes to from there. */
const cutShort: fc.Arbitrary<Deed> = fc
  .record({ n: fc.nat({ max: 45 }), deed: fc.oneof(decide, race, fc.constant(wake)) })
  .map(({ n, deed }) => ({
    name: `stopAfter(${n}, ${deed.name})`,
    perform(world, alone) {
      const { subject } = world;
      if (subject.line.stopped !== null) subject.line = new FaultLine();
      subject.line.stopAfter(n);
      return deed.perform(world, alone);
    },
  }));

function command(deeds: fc.Arbitrary<Deed>): fc.Arbitrary<Command> {
  return deeds.map(({ name, perform }) => ({
    check: () => true,
    async run(_, world) {
      await perform(world, true);
      // What answers at once goes on by itself, and may be stopped while somebody looks.
      while (await world.subject.isCutOff(() => world.check()));
    },
    toString: () => name,
  }));
}

/** Sequences that begin with a start: what comes before it is dull. */
export const commands = fc.commands(
  [
    start,
    decide,
    decide,
    decide,
    edit,
    cutShort,
    cutShort,
    race,
    fc.constantFrom(wake, stop, evict, lapse),
  ].map(command),
  { maxCommands: 12, size: "+1" },
);
