// One run under test: asked as clients ask, stopped as fate has it, woken as the platform wakes it. It remembers what clients
// were told and what somebody edited, so that it can say what was lost and what was written that nobody signed for.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect } from "vitest";
import type { Planner } from "../../../src/agent/planner.ts";
import { hexOf, nextStep, type Policy, type RunView, type Step } from "../../../src/chain/index.ts";
import { nameRun } from "../../../src/http/run-stub.ts";
import { type Digest, sha256Hex } from "../../../src/receipt/index.ts";
import type { DecisionRequest, RunResult } from "../../../src/run/run-api.ts";
import type { RunDurableObject } from "../../../src/run/run-durable-object.ts";
import { EVENTS } from "../../../src/run/webhook.ts";
import { receiptsOf, stubOf, verifyRun } from "../client.ts";
import { followRun, lineageOf } from "../continuing.ts";
import { listedAs } from "../index-table.ts";
import { contextOf, POLICY, runRequest } from "../instances.ts";
import { FaultLine, STOPPED } from "./fault-line.ts";
import { type Surroundings, surround } from "./surroundings.ts";

/** Longest that a run which owes a step may lie until its alarm, in milliseconds. */
const SOON_MS = 60_000;

type Inside<Value> = (instance: RunDurableObject, state: DurableObjectState) => Promise<Value> | Value;

export class Subject {
  readonly run = nameRun(null);
  /** Where the instance will be stopped. Once it has been, those that follow are left alone. */
  line: FaultLine;
  readonly #planner: Partial<Planner>;
  readonly policy: Policy;
  readonly #request;
  readonly #parent: string | null;
  readonly #surroundings: Surroundings;
  readonly #told = new Set<string>();
  readonly #edits = new Set<string>();
  readonly #watched = new WeakMap<RunDurableObject, FaultLine>();
  #lapsedMs = 0;
  /** Whether what fails around the run still does; it comes back once the run has ended. */
  #isDown = true;
  /** The messages that a receiver of webhooks has taken, by their ids. */
  readonly #heard = new Set<string>();

  /** @param parent the finished run that this one continues, if it does. */
  constructor(
    planner: Partial<Planner>,
    policy: Partial<Policy> = {},
    line = new FaultLine(),
    parent: string | null = null,
    surroundings: Surroundings = {},
  ) {
    this.#planner = planner;
    this.policy = { ...POLICY, ...policy };
    this.#request = runRequest(this.policy);
    this.line = line;
    this.#parent = parent;
    this.#surroundings = surroundings;
  }

  /** The run's clock, which runs ahead of the real one after each lapse. */
  now(): number {
    return Date.now() + this.#lapsedMs;
  }

  /** Does something in the run's object, with this subject's planner, clock and fault line. */
  inside<Value>(work: Inside<Value>): Promise<Value> {
    return runInDurableObject(stubOf(this.run), async (instance, state) => {
      instance.planner = { ...instance.planner, ...this.#planner };
      instance.now = () => this.now();
      const line = this.line;
      if (!this.#watched.has(instance)) {
        surround(instance, this.#surroundings, {
          run: this.run,
          isDown: () => this.#isDown,
          hear: (id) => this.#heard.add(id),
        });
      }
      if (this.#watched.get(instance) !== line && line.stopped === null) line.watch(instance, state);
      this.#watched.set(instance, line);
      return work(instance, state);
    });
  }

  /** The run as the API shows it, or null while there is none. */
  async look(): Promise<RunView | null> {
    const view = await this.inside((instance) => instance.view());
    if (view.ok) this.#hear(view.value);
    else expect(view.refusal.code).toBe("ERR_RUN_UNKNOWN");
    return view.ok ? view.value : null;
  }

  start(waitMs: number): Promise<RunResult<RunView>> {
    const parent = this.#parent;
    if (parent === null) return this.#ask((instance) => instance.start(this.run, this.#request, { waitMs }));
    const request = { ...this.#request, alert: {}, parent: { run: parent } };
    return this.#ask((instance) => instance.continueFrom(this.run, request, { waitMs }));
  }

  decide(
    decision: DecisionRequest["decision"],
    proposal: Digest,
    waitMs: number,
    reason = "",
  ): Promise<RunResult<RunView>> {
    const reviewer = { id: "reviewer", method: "test" };
    return this.#ask((instance) => instance.decide({ decision, proposal, reason, reviewer }, { waitMs }));
  }

  /** Somebody else's write to a file. */
  async edit(path: string, content: string): Promise<RunResult<{ readonly version: number }>> {
    this.#edits.add(sha256Hex(new TextEncoder().encode(content)));
    return this.inside((instance) => instance.edit(path, content));
  }

  /** Lets the reviewer's time run out. */
  lapse(): void {
    this.#lapsedMs += this.policy.decisionSeconds * 1000;
  }

  contentOf(path: string): Promise<string | null> {
    return this.inside(
      async (instance) => (await contextOf(instance)).repository.read(path)?.content ?? null,
    );
  }

  alarm(): Promise<number | null> {
    return this.inside((_, { storage }) => storage.getAlarm());
  }

  /** Fires the alarm, whenever it was set for. */
  async wake(): Promise<void> {
    const set: number[] = [];
    const cutOff = await this.isCutOff(async () => {
      set.push((await this.alarm()) ?? 0);
      await runDurableObjectAlarm(stubOf(this.run));
    });
    const [alarm] = set;
    // The platform tries again when a handler was cut off; the test pool does not.
    while (cutOff && alarm && (await this.isCutOff(() => this.#restoreAlarm(alarm))));
  }

  #restoreAlarm(alarm: number): Promise<void> {
    return this.inside(async (_, { storage }) => {
      if ((await storage.getAlarm()) === null) await storage.setAlarm(alarm);
    });
  }

  /** Ends the instance at once, with whatever it is doing. */
  async stop(): Promise<void> {
    await this.isCutOff(() => this.inside((_, state) => state.abort(STOPPED)));
  }

  /** Whether the instance was stopped during the work. */
  async isCutOff(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return false;
    } catch (error) {
      if (!String(error).includes(STOPPED)) throw error;
      return true;
    }
  }

  /** Does something that changes nothing, and again if the instance was stopped in the middle of it. */
  async insist<Value>(work: () => Promise<Value>): Promise<Value> {
    for (;;) {
      const done: Value[] = [];
      const cutOff = await this.isCutOff(async () => done.push(await work()));
      const [value] = done;
      if (!cutOff && value !== undefined) return value;
    }
  }

  /** Lets alarms carry the run on until it waits for a human or has ended. Null when it was never stored. */
  async rest(): Promise<RunView | null> {
    for (let alarms = 0; alarms < 20; alarms += 1) {
      // Asked first of all: a run that is opened sets an alarm for what it has yet to tell, and so would hide a missing one.
      const alarm = await this.alarm();
      await this.#expectListHears(alarm);
      const view = await this.look();
      if (!view) return null;
      const due = await this.expectWayForward(alarm);
      if (due === null) this.#isDown = false;
      await this.#delivered();
      const waits = due?.kind === "decision" && this.now() < Date.parse(due.expiresAt);
      if (waits || (due === null && !(await this.isSoon()))) return view;
      await this.#reachNearAlarm();
      await this.wake();
    }
    throw new Error("the run never came to rest");
  }

  /** What is to be tried again at an alarm is not due before. An alarm that is far off is for the end of a time, and is not awaited. */
  async #reachNearAlarm(): Promise<void> {
    const left = ((await this.alarm()) ?? 0) - this.now();
    if (left > 0 && left < SOON_MS) this.#lapsedMs += left;
  }

  /** What the list has not heard yet it hears by the alarm: perhaps nobody ever asks for the run again. */
  async #expectListHears(alarm: number | null): Promise<void> {
    const stored = await this.inside((_, { storage }) => {
      const isThere = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'receipts'").toArray();
      return isThere.length > 0 ? storage.sql.exec("SELECT count(*) AS n FROM receipts").one().n : 0;
    });
    const listed = await listedAs(this.run);
    if (stored === (listed?.count ?? 0)) return;
    const within = (alarm ?? Number.POSITIVE_INFINITY) - Date.now();
    expect(within, `of ${stored} receipts the list has not heard, and no alarm is near`).toBeLessThan(
      SOON_MS,
    );
  }

  /** Waits for the deliveries that are under way, so that it is not left to chance whether an alarm takes them up. */
  async #delivered(): Promise<void> {
    await this.inside(async (instance) => {
      const opened = await instance.open();
      if (opened.ok) await opened.value.upkeep.deliver();
    });
  }

  /** Whether the alarm is one for something still to be done or told; an ended run has one for the end of its time, too. */
  async isSoon(): Promise<boolean> {
    const alarm = await this.alarm();
    return alarm !== null && alarm <= Date.now() + SOON_MS;
  }

  /** A run that waits for a human has an alarm for the time when they are late; one that owes a step has one soon. */
  async expectWayForward(before?: number | null): Promise<Step | null> {
    const { due, alarm } = await this.inside(async (instance, { storage }) => {
      const { chain } = await contextOf(instance);
      // In one turn: a pass that is under way would go on between two questions.
      const [due, alarm] = [nextStep(chain.state), storage.getAlarm()];
      return { due, alarm: before === undefined ? await alarm : before };
    });
    if (due === null) return null;
    expect(
      alarm,
      `${due.kind} is due after a stop at ${this.line.stopped}, and no alarm is set`,
    ).not.toBeNull();
    const latest = due.kind === "decision" ? Date.parse(due.expiresAt) : Date.now() + SOON_MS;
    expect(alarm, `${due.kind} is due`).toBeLessThanOrEqual(latest);
    return due;
  }

  /** The versions that a gated write has made: all but those that the run began with and those that somebody edited. */
  writes(sql: SqlStorage): string[] {
    const versions = sql.exec<{ sha256: string }>("SELECT sha256 FROM files WHERE version > 0").toArray();
    return versions.map(({ sha256 }) => sha256).filter((sha256) => !this.#edits.has(sha256));
  }

  /**
   * The chain verifies, holds all that clients were told, and claims every write that was made and no other; and whoever is to
   * hear of the run has heard all of it.
   */
  async expectTruth(): Promise<void> {
    const report = await verifyRun(this.run);
    expect(report.verdict, JSON.stringify(report.checks.filter(({ ok }) => !ok))).toBe("valid");
    const { receipts } = await receiptsOf(this.run);
    const digests = new Set<string>(receipts.map(({ digest }) => digest));
    expect([...this.#told].filter((head) => !digests.has(head))).toEqual([]);
    const claimed = receipts.flatMap(({ statement: { predicate } }) =>
      "written" in predicate ? predicate.changes.map(({ after }) => hexOf(after)) : [],
    );
    const { written, fenced } = await this.inside((_, { storage: { sql } }) => ({
      written: this.writes(sql),
      fenced: sql.exec("SELECT 1 FROM fence WHERE state = 'written'").toArray().length,
    }));
    expect(written.sort()).toEqual(claimed.sort());
    expect(fenced).toBe(claimed.length);
    expect(await listedAs(this.run)).toMatchObject({ count: receipts.length });
    if (this.#surroundings.receiver) {
      const events = receipts.filter(({ kind }) => kind in EVENTS);
      expect([...this.#heard].sort()).toEqual(events.map(({ digest }) => `msg_${hexOf(digest)}`).sort());
    }
    if (this.#parent !== null) await this.#expectLineage(this.#parent);
  }

  async #expectLineage(parent: string): Promise<void> {
    expect((await followRun(this.run)).verdict).toBe("valid");
    const { continuedBy } = await lineageOf(parent);
    expect(continuedBy.filter(({ run }) => run === this.run)).toHaveLength(1);
  }

  async #ask(question: Inside<RunResult<RunView>>): Promise<RunResult<RunView>> {
    const answer = await this.inside(async (instance, state) => {
      const value = await question(instance, state);
      if (this.line.stopped === null) await this.line.reach("reply", state);
      return value;
    });
    if (answer.ok) this.#hear(answer.value);
    return answer;
  }

  #hear({ head }: RunView): void {
    if (head) this.#told.add(head);
  }
}
