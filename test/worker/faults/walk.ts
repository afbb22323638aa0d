// A path of a run from start to rest, walked by clients who try again when they are cut off, and what must hold at its end.
// It knows what each client was told, so that it can say whether any of that was lost.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect } from "vitest";
import type { Planner } from "../../../src/agent/planner.ts";
import { hexOf, type RunStatus, type RunView } from "../../../src/chain/index.ts";
import { nameRun } from "../../../src/http/run-stub.ts";
import { sha256Hex } from "../../../src/receipt/index.ts";
import type { RunResult } from "../../../src/run/run-api.ts";
import type { RunDurableObject } from "../../../src/run/run-durable-object.ts";
import { receiptsOf, stubOf, verifyRun } from "../client.ts";
import { contextOf, runRequest } from "../instances.ts";
import type { FaultLine } from "./fault-line.ts";

/** What somebody does to a run. `lapse` lets the reviewer's time run out; `edit` is somebody else's write to a file. */
export type Act =
  | { readonly does: "start" | "approve" | "reject" | "lapse" }
  | { readonly does: "request_changes"; readonly feedback: string }
  | { readonly does: "edit"; readonly path: string; readonly content: string };

export interface Path {
  readonly name: string;
  readonly planner: Partial<Planner>;
  readonly acts: readonly Act[];
  /** How it ends when nothing breaks. */
  readonly ends: RunStatus;
}

const DECISION_SECONDS = 3600;
/** Longest that a run which owes a step may lie until its alarm, in milliseconds. */
const SOON_MS = 60_000;
const PATIENCE = { waitMs: 15_000 };
const REVIEWER = { id: "reviewer", method: "test" };

type Inside<Value> = (instance: RunDurableObject, state: DurableObjectState) => Promise<Value> | Value;

/** One walk along a path, with at most one fault on the way. */
export class Walk {
  readonly run = nameRun(null);
  readonly #path: Path;
  readonly #line: FaultLine;
  readonly #request = runRequest({ decisionSeconds: DECISION_SECONDS });
  /** Heads that a client was told of. */
  readonly #told = new Set<string>();
  #watched: RunDurableObject | null = null;
  #lapsedMs = 0;

  constructor(path: Path, line: FaultLine) {
    this.#path = path;
    this.#line = line;
  }

  /** Walks to the end of the path, holds the run to the truth there, and returns its status. */
  async toTheEnd(): Promise<RunStatus> {
    for (const act of this.#path.acts) {
      const saw = await this.#look();
      const cutOff = await this.#isCutOff(() => this.#perform(act, saw));
      await this.#rest();
      // Who was cut off looks again, and does it again if it was not done.
      if (cutOff && (await this.#isUndone(act, saw))) await this.#perform(act, saw);
      await this.#rest();
    }
    const view = await this.#look();
    if (!view) throw new Error("expected the run to be there");
    await this.#expectTruth(view.status);
    return view.status;
  }

  async #perform(act: Act, saw: RunView | null): Promise<void> {
    const proposal = saw?.pending?.proposal;
    switch (act.does) {
      case "start":
        return this.#ask((instance) => instance.start(this.run, this.#request, PATIENCE));
      case "lapse":
        this.#lapsedMs = DECISION_SECONDS * 1000;
        return;
      case "edit":
        await this.#inside((instance) => instance.edit(act.path, act.content));
        return;
      default: {
        if (!proposal) return; // the run has ended before, and said why
        const reason = act.does === "request_changes" ? act.feedback : "";
        const request = { decision: act.does, proposal, reason, reviewer: REVIEWER };
        return this.#ask((instance) => instance.decide(request, PATIENCE));
      }
    }
  }

  async #isUndone(act: Act, saw: RunView | null): Promise<boolean> {
    if (act.does === "edit") return (await this.#contentOf(act.path)) !== act.content;
    const sees = await this.#look();
    if (act.does === "start") return sees === null;
    return act.does !== "lapse" && saw?.pending?.proposal === sees?.pending?.proposal;
  }

  /** Lets alarms carry the run on until it waits for a human or has ended. A run that owes a step has an alarm, and soon. */
  async #rest(): Promise<void> {
    for (let alarms = 0; alarms < 10; alarms += 1) {
      const view = await this.#look();
      if (!view) return; // the start was cut off before anything was stored
      const alarm = await this.#alarm();
      const waits = view.due === "decision" && this.#lapsedMs === 0;
      if (view.due === null && alarm === null) return;
      expect(alarm, `${view.due} is due after ${this.#line.stopped}, and no alarm is set`).not.toBeNull();
      const inMs = (alarm ?? 0) - Date.now();
      if (waits) {
        expect(inMs).toBeLessThanOrEqual(DECISION_SECONDS * 1000);
        return;
      }
      if (view.due !== "decision") expect(inMs, `${view.due} is due`).toBeLessThan(SOON_MS);
      const cutOff = await this.#isCutOff(() => runDurableObjectAlarm(stubOf(this.run)));
      // The platform tries again when a handler was cut off; the test pool does not.
      if (cutOff) {
        await this.#inside(async (_, { storage }) => {
          if ((await storage.getAlarm()) === null) await storage.setAlarm(alarm ?? 0);
        });
      }
    }
    throw new Error("the run never came to rest");
  }

  /** True when the fault line stopped the instance during the work. */
  async #isCutOff(work: () => Promise<unknown>): Promise<boolean> {
    const before = this.#line.stopped;
    try {
      await work();
      return false;
    } catch (error) {
      if (this.#line.stopped === before) throw error;
      return true;
    }
  }

  async #look(): Promise<RunView | null> {
    const view = await this.#inside((instance) => instance.view());
    if (view.ok) this.#hear(view.value);
    else expect(view.refusal.code).toBe("ERR_RUN_UNKNOWN");
    return view.ok ? view.value : null;
  }

  async #ask(question: Inside<RunResult<RunView>>): Promise<void> {
    const answer = await this.#inside(async (instance, state) => {
      const value = await question(instance, state);
      if (this.#line.stopped === null) await this.#line.reach("reply", state);
      return value;
    });
    if (!answer.ok) throw new Error(answer.refusal.message);
    this.#hear(answer.value);
  }

  #hear({ head }: RunView): void {
    if (head) this.#told.add(head);
  }

  #alarm(): Promise<number | null> {
    return this.#inside((_, { storage }) => storage.getAlarm());
  }

  #contentOf(path: string): Promise<string | null> {
    return this.#inside(
      async (instance) => (await contextOf(instance)).repository.read(path)?.content ?? null,
    );
  }

  /** Does something in the run's object, with the path's planner and clock, and watched as long as it is whole. */
  #inside<Value>(work: Inside<Value>): Promise<Value> {
    return runInDurableObject(stubOf(this.run), async (instance, state) => {
      instance.planner = { ...instance.planner, ...this.#path.planner };
      instance.now = () => Date.now() + this.#lapsedMs;
      if (this.#line.stopped === null && this.#watched !== instance) {
        this.#watched = instance;
        this.#line.watch(instance, state);
      }
      return work(instance, state);
    });
  }

  /** The chain verifies, holds what clients were told, says exactly what was written, and owns up to what was cut short. */
  async #expectTruth(status: RunStatus): Promise<void> {
    const report = await verifyRun(this.run);
    expect(report.verdict, JSON.stringify(report.checks.filter(({ ok }) => !ok))).toBe("valid");
    const { receipts } = await receiptsOf(this.run);
    const digests = receipts.map(({ digest }) => digest as string);
    expect([...this.#told].filter((head) => !digests.includes(head))).toEqual([]);
    const executions = receipts.flatMap(({ statement: { predicate } }) =>
      "written" in predicate ? predicate : [],
    );
    expect(status === this.#path.ends || executions.some(({ recovered }) => recovered), status).toBe(true);
    const claimed = executions.flatMap(({ changes }) => changes.map(({ after }) => hexOf(after)));
    const edits = this.#path.acts.flatMap((act) =>
      act.does === "edit" ? [sha256Hex(new TextEncoder().encode(act.content))] : [],
    );
    const { versions, fenced } = await this.#inside((_, { storage: { sql } }) => ({
      versions: sql.exec<{ sha256: string }>("SELECT sha256 FROM files WHERE version > 0").toArray(),
      fenced: sql.exec("SELECT 1 FROM fence WHERE state = 'written'").toArray().length,
    }));
    expect(versions.map(({ sha256 }) => sha256).sort()).toEqual([...claimed, ...edits].sort());
    expect(fenced).toBe(claimed.length);
  }
}
