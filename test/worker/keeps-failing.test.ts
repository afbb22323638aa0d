// No run is for ever: what keeps failing is tried a few times, with growing pauses that a restart does not shorten, and then the
// run ends with the reason in its outcome.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { Planner } from "../../src/agent/planner.ts";
import type { RunView } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { digestOf } from "../../src/receipt/index.ts";
import type { RunDurableObject } from "../../src/run/run-durable-object.ts";
import { MAX_TRIES } from "../../src/run/tries.ts";
import { decide, decided, get, receiptsOf, request, stubOf, verifyRun } from "./client.ts";
import { inside, proposing, runRequest, startWith } from "./instances.ts";

type Odd = (...given: unknown[]) => unknown;

const viewOf = (run: string) => get<RunView>(`/api/runs/${run}`);

/** Starts a run whose planner answers this to one of the questions; the other is answered as ever. */
async function startOdd(question: keyof Planner, answer: Odd) {
  const run = nameRun(null);
  const asked = vi.fn(answer);
  const prepare = (instance: RunDurableObject) => {
    const planner: Planner = { ...instance.planner };
    Reflect.set(planner, question, asked);
    instance.planner = planner;
    instance.plannerWithinMs = 20;
  };
  await runInDurableObject(stubOf(run), async (instance) => {
    prepare(instance);
    await instance.start(run, runRequest(), { waitMs: 10_000 });
  });
  return { run, asked, prepare };
}

/** Lets the alarm go off until the run has ended, and tells how far ahead it was set before each, in milliseconds. */
async function untilEnded(run: string, before: () => Promise<void> = async () => {}): Promise<number[]> {
  const pauses: number[] = [];
  for (let alarms = 0; alarms < 2 * MAX_TRIES; alarms += 1) {
    if ((await viewOf(run)).due === null) return pauses;
    const alarm = await runInDurableObject(stubOf(run), (_, { storage }) => storage.getAlarm());
    pauses.push((alarm ?? Number.NaN) - Date.now());
    await before();
    await runDurableObjectAlarm(stubOf(run));
  }
  throw new Error("the run never ended");
}

const script = "async () => ({ summary: 'Looked.' })";
const proposal = { propose: true, code: script, summary: "A summary.", risk: "low", feedback: null };

const ODD: [name: string, question: keyof Planner, answer: Odd, reason: RegExp][] = [];
for (const question of ["investigate", "propose"] as const) {
  const fitting = question === "investigate" ? {} : proposal;
  ODD.push(
    ["throws", question, () => Promise.reject(new Error("quota exceeded")), /quota exceeded/],
    ["throws at once", question, thrower(new Error("no key")), /no key/],
    ["throws words", question, thrower("out of credit"), /out of credit/],
    ["throws an object", question, thrower({ code: 7 }), /it threw \{"code":7\}/],
    ["throws an object of no words", question, thrower(Object.create(null)), /it threw \{\}/],
    ["throws undefined", question, thrower(undefined), /it threw undefined/],
    ["throws an error without a message", question, thrower(new TypeError("")), /it threw TypeError/],
    ["answers undefined", question, () => undefined, /does not fit: .*expected object/],
    ["answers null", question, () => null, /does not fit: .*expected object/],
    ["answers text", question, () => script, /does not fit: .*expected object/],
    ["answers no code", question, () => ({ ...fitting, code: undefined }), /does not fit: code: .*string/],
    ["answers a number for code", question, () => ({ ...fitting, code: 7 }), /does not fit: code: .*string/],
    ["answers empty code", question, () => ({ ...fitting, code: " \n" }), /does not fit: code: .*empty/],
    ["never answers", question, () => new Promise(() => {}), /no answer within 20 ms/],
  );
}
const plans: [string, Record<string, unknown>, RegExp][] = [
  ["no summary", { summary: undefined }, /does not fit: summary: /],
  ["an empty summary", { summary: "" }, /does not fit: summary: .*empty/],
  ["a number for the summary", { summary: 7 }, /does not fit: summary: /],
  ["an unknown risk", { risk: "none" }, /does not fit: risk: /],
  ["no risk", { risk: undefined }, /does not fit: risk: /],
  ["words for the feedback", { feedback: "Done." }, /does not fit: feedback: /],
  [
    "numbers in the feedback",
    { feedback: { applied: [7], notApplied: [] } },
    /does not fit: feedback\.applied/,
  ],
  ["neither a proposal nor none", { propose: "maybe" }, /does not fit: propose: /],
  ["no reason for none", { propose: false }, /does not fit: reason: /],
];
for (const [name, part, reason] of plans) {
  ODD.push([`answers ${name}`, "propose", () => ({ ...proposal, ...part }), reason]);
}

function thrower(thrown: unknown): Odd {
  return () => {
    throw thrown;
  };
}

describe("a planner that", () => {
  it.each(ODD)(
    "%s when it is to %s is asked five times, and then the run ends with the reason",
    async (_, question, answer, reason) => {
      const { run, asked } = await startOdd(question, answer);
      expect(asked).toHaveBeenCalledTimes(1);
      expect(await viewOf(run)).toMatchObject({ status: "investigating" });
      const pauses = await untilEnded(run);
      expect(asked).toHaveBeenCalledTimes(MAX_TRIES);
      expect(pauses).toHaveLength(MAX_TRIES - 1);
      for (const [i, pause] of pauses.slice(1).entries())
        expect(pause).toBeGreaterThan(2 * (pauses[i] ?? Number.NaN));
      const view = await viewOf(run);
      expect(view).toMatchObject({ status: "failed", due: null, outcome: { status: "not_run" } });
      expect(view.outcome?.reason).toMatch(reason);
      expect(view.outcome?.reason).toContain(`failed ${MAX_TRIES} times`);
      expect((await verifyRun(run)).verdict).toBe("valid");
      const page = await request(`/runs/${run}`);
      expect([page.status, await page.text()]).toEqual([
        200,
        expect.stringContaining(`failed ${MAX_TRIES} times`),
      ]);
    },
  );

  it("never investigates leaves evidence of nothing, which a chain asks for before its outcome", async () => {
    const { run } = await startOdd("investigate", thrower(new Error("quota exceeded")));
    await untilEnded(run);
    const { receipts } = await receiptsOf(run);
    expect(receipts.map(({ kind }) => kind)).toEqual(["alert", "evidence", "outcome", "handoff"]);
    const { subject, predicate } = receipts[1]?.statement ?? {};
    expect(subject).toEqual([{ name: "code", digest: { sha256: digestOf(new Uint8Array()).slice(7) } }]);
    expect(predicate).toMatchObject({ items: [], summary: expect.stringContaining("quota exceeded") });
  });

  it("fails is not asked more often because the instance dies in between, also in the middle of a try", async () => {
    const { run, asked, prepare } = await startOdd("propose", thrower(new Error("quota exceeded")));
    let restarts = 0;
    await untilEnded(run, async () => {
      restarts += 1;
      await evictDurableObject(stubOf(run));
      await runInDurableObject(stubOf(run), async (instance, { storage }) => {
        prepare(instance);
        // As if this one had begun, and its host had died before it could fail.
        if (restarts === 2) storage.sql.exec("UPDATE tries SET count = count + 1, reason = NULL");
      });
    });
    expect(asked).toHaveBeenCalledTimes(MAX_TRIES - 1);
    expect((await viewOf(run)).outcome?.reason).toContain("quota exceeded");
  });

  it("fails is not asked sooner because somebody starts the run once more", async () => {
    const { run, asked } = await startOdd("investigate", thrower(new Error("quota exceeded")));
    for (let times = 0; times < 3; times += 1) {
      await runInDurableObject(stubOf(run), (instance) =>
        instance.start(run, runRequest(), { waitMs: 1_000 }),
      );
    }
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("ends the whole instance each time is given up as well: a try counts when it begins", async () => {
    const { run, prepare } = await startOdd("investigate", thrower(new Error("once")));
    await inside(run, (_context, instance, { storage }) => {
      prepare(instance);
      storage.sql.exec("UPDATE tries SET count = ?, reason = NULL", MAX_TRIES);
    });
    await evictDurableObject(stubOf(run));
    await untilEnded(run);
    expect((await viewOf(run)).outcome?.reason).toContain("it was cut off each time");
  });

  it("fails a few times and then answers goes on as ever", async () => {
    let tries = 0;
    const run = nameRun(null);
    await runInDurableObject(stubOf(run), async (instance) => {
      const { investigate } = instance.planner;
      instance.planner = {
        ...instance.planner,
        investigate: (...given) => {
          tries += 1;
          if (tries < MAX_TRIES) throw new Error("quota exceeded");
          return investigate(...given);
        },
      };
      await instance.start(run, runRequest(), { waitMs: 10_000 });
    });
    for (let alarms = 1; alarms < MAX_TRIES; alarms += 1) await runDurableObjectAlarm(stubOf(run));
    expect(await viewOf(run)).toMatchObject({ status: "awaiting_decision", count: 4 });
    expect(tries).toBe(MAX_TRIES);
  });

  it.each([
    [
      "says what was said wrongly",
      { text: "Something else.", applied: ["done"], notApplied: [""] },
      ["done"],
    ],
    ["leaves out what was said", { applied: ["done"], notApplied: [] }, ["done"]],
    ["says nothing of it", null, []],
    ["says nothing at all", undefined, []],
  ])("%s has the reviewer's own words signed", async (_, feedback, applied) => {
    const code = `async () => repository.write_file({ path: "a.txt", content: String(Math.random()), before: null })`;
    const propose: Odd = () => ({ ...proposal, code, feedback });
    const planner: Partial<Planner> = {};
    Reflect.set(planner, "propose", propose);
    const view = await startWith(planner);
    // Feedback on what nobody has said anything about is none.
    const first = (await receiptsOf(view.run)).receipts[2]?.statement.predicate;
    expect(first).toMatchObject({ revision: 1, feedback: null });
    await decided(view, "request-changes", { feedback: "Answer 409." });
    const { receipts } = await receiptsOf(view.run);
    expect(receipts[6]?.statement.predicate).toMatchObject({
      revision: 2,
      feedback: { text: "Answer 409.", applied, notApplied: [] },
    });
  });
});

describe("a script that", () => {
  it.each([
    ["ends without a write", "async () => 1", "ended without asking for a write"],
    ["never pauses", "async () => new Promise(() => {})", "Execution timed out"],
    ["is no script", "async () => { const", "The script ended before it asked for a write"],
  ])("%s ends its run with the reason", async (_, code, reason) => {
    const run = nameRun(null);
    await runInDurableObject(stubOf(run), async (instance) => {
      instance.planner = { ...instance.planner, ...proposing(code) };
      instance.scriptTimeoutMs = 200;
      await instance.start(run, runRequest(), { waitMs: 10_000 });
    });
    const view = await viewOf(run);
    expect(view).toMatchObject({ status: "failed", due: null });
    expect(view.outcome?.reason).toContain(reason);
  });

  it("Code Mode cannot run is tried five times", async () => {
    const { run } = await startOdd("investigate", thrower(new Error("once")));
    await inside(run, ({ scripts }, instance) => {
      instance.planner = { ...instance.planner, investigate: () => ({ code: script }) };
      scripts.execute = () => Promise.reject(new Error("the facet is down"));
    });
    await untilEnded(run);
    expect((await viewOf(run)).outcome?.reason).toContain("the facet is down");
  });
});

describe("a run that can measure nothing", () => {
  const failing = () => {
    throw new Error("no Worker can be loaded");
  };
  /** Puts a loader in place that loads nothing, as where the plan of the account has no Dynamic Workers. */
  const withoutLoader = (instance: RunDurableObject) =>
    Object.defineProperty(instance, "env", {
      value: { ...Reflect.get(instance, "env"), LOADER: { load: failing, get: failing } },
    });

  it("from its start on ends, says so, and claims no success", async () => {
    const run = nameRun(null);
    await runInDurableObject(stubOf(run), async (instance) => {
      withoutLoader(instance);
      await instance.start(run, runRequest(), { waitMs: 10_000 });
    });
    await untilEnded(run);
    const view = await viewOf(run);
    expect(view).toMatchObject({ status: "failed", outcome: { status: "not_run" } });
    expect(view.outcome?.reason).toContain("could not be measured");
    expect(view.outcome?.before.failed).toBe(view.outcome?.before.requests);
    expect((await verifyRun(run)).verdict).toBe("valid");
  });

  it("because a stored file was altered ends, and hands on the others", async () => {
    const view = await startWith({});
    await inside(view.run, (_context, _instance, { storage }) => {
      const row = "SELECT sha256 FROM files WHERE path = 'src/http.js'";
      storage.sql.exec(`UPDATE artifacts SET bytes = zeroblob(10) WHERE sha256 = (${row})`);
    });
    await evictDurableObject(stubOf(view.run));
    expect((await decide(view, "reject")).status).toBe(200);
    await untilEnded(view.run);
    const { outcome, status } = await viewOf(view.run);
    expect({ status, outcome: outcome?.status }).toEqual({ status: "rejected", outcome: "not_run" });
    expect(outcome?.reason).toContain("the stored bytes of src/http.js no longer hash");
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("after its write tells it as unresolved, with what it could not do", async () => {
    const view = await startWith({});
    await inside(view.run, (context) => {
      Object.defineProperty(context, "measure", { value: () => Promise.reject(new Error("no loader")) });
    });
    expect((await decide(view, "approve")).status).toBe(200);
    await untilEnded(view.run);
    const { outcome, status } = await viewOf(view.run);
    expect({ status, outcome: outcome?.status }).toEqual({ status: "completed", outcome: "unresolved" });
    expect(outcome?.reason).toContain("could not be measured, so every request counts as failed: no loader");
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });
});

describe("an approved call that keeps failing", () => {
  it("is told as failed, and its approval is spent", async () => {
    const view = await startWith({});
    await inside(view.run, ({ scripts }) => {
      scripts.pending = () => Promise.reject(new Error("the facet is down"));
    });
    expect((await decide(view, "approve")).status).toBe(200);
    await untilEnded(view.run);
    const { receipts } = await receiptsOf(view.run);
    expect(receipts[5]?.statement.predicate).toMatchObject({
      status: "failed",
      written: false,
      reason: expect.stringMatching(/failed 5 times.*the facet is down/),
    });
    expect((await verifyRun(view.run)).verdict).toBe("valid");
    const rows = await inside(view.run, (_context, _instance, { storage }) =>
      storage.sql.exec("SELECT state FROM fence").toArray(),
    );
    expect(rows).toEqual([{ state: "closed" }]);
  });
});
