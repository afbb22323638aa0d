// A path of a run from its start to its end, walked by clients who look and try again when they are cut off.
import { expect } from "vitest";
import type { Planner } from "../../../src/agent/planner.ts";
import type { RunStatus, RunView } from "../../../src/chain/index.ts";
import { receiptsOf } from "../client.ts";
import type { FaultLine } from "./fault-line.ts";
import { Subject } from "./subject.ts";
import type { Surroundings } from "./surroundings.ts";

/** What somebody does to a run. `lapse` lets the reviewer's time run out; `edit` is somebody else's write to a file. */
export type Act =
  | { readonly does: "start" | "approve" | "reject" | "lapse" }
  | { readonly does: "request_changes"; readonly feedback: string }
  | { readonly does: "edit"; readonly path: string; readonly content: string };

export interface Path {
  readonly name: string;
  readonly planner: Partial<Planner>;
  /** The finished run that it continues. */
  readonly parent?: string;
  readonly surroundings?: Surroundings;
  readonly acts: readonly Act[];
  /** How it ends when nothing breaks. */
  readonly ends: RunStatus;
}

const PATIENCE_MS = 15_000;

/** Walks a path to its end with at most one stop on the way, and holds the run to the truth there. */
export async function walk(path: Path, line: FaultLine): Promise<RunStatus> {
  const subject = new Subject(path.planner, {}, line, path.parent, path.surroundings);
  for (const act of path.acts) {
    const saw = await subject.insist(() => subject.look());
    const cutOff = await subject.isCutOff(() => perform(subject, act, saw));
    await subject.insist(() => subject.rest());
    if (cutOff && (await isUndone(subject, act, saw))) await perform(subject, act, saw);
    await subject.insist(() => subject.rest());
  }
  await subject.expectTruth();
  const { status, receipts } = await receiptsOf(subject.run);
  const recovered = receipts.some(
    ({ statement: { predicate } }) => "recovered" in predicate && predicate.recovered,
  );
  // A stop may cut a script short, but never without the chain saying so.
  expect(status === path.ends || recovered, `${status}, and nothing was recovered`).toBe(true);
  return status;
}

async function perform(subject: Subject, act: Act, saw: RunView | null): Promise<void> {
  if (act.does === "lapse") return subject.lapse();
  if (act.does === "edit") {
    await subject.edit(act.path, act.content);
    return;
  }
  const proposal = saw?.pending?.proposal;
  if (act.does !== "start" && !proposal) return; // the run has ended before, and said why
  const answer =
    act.does === "start" || !proposal
      ? await subject.start(PATIENCE_MS)
      : await subject.decide(act.does, proposal, PATIENCE_MS, "feedback" in act ? act.feedback : "");
  expect(answer).toMatchObject({ ok: true });
}

async function isUndone(subject: Subject, act: Act, saw: RunView | null): Promise<boolean> {
  if (act.does === "edit") return (await subject.contentOf(act.path)) !== act.content;
  const sees = await subject.look();
  if (act.does === "start") return sees === null;
  return act.does !== "lapse" && saw?.pending?.proposal === sees?.pending?.proposal;
}
