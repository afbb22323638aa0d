// Puts a hostile script into a run of its own, and tells what is true afterwards from storage, never from what the script said.
import { runInDurableObject } from "cloudflare:test";
import { expect } from "vitest";
import type { Planner } from "../../../src/agent/planner.ts";
import type { RunView } from "../../../src/chain/index.ts";
import type { Pass } from "../../../src/codemode/script-runtime.ts";
import { nameRun } from "../../../src/http/run-stub.ts";
import { CHECKOUT_FILES } from "../../../src/workload/checkout-source.ts";
import { decided, get, receiptsOf, stubOf, verifyRun } from "../client.ts";
import { inside, proposing, runRequest } from "../instances.ts";

/** The file that attacked runs are about, and the content that their reviewer is shown. */
export const TARGET = "notes/target.md";
export const APPROVED = "what the reviewer read\n";
export const CALL = JSON.stringify({ path: TARGET, content: APPROVED, before: null });
/** An honest last line of a script, as source text. */
export const WRITE = `await repository.write_file(${CALL});`;

/** True on the first pass over a script and false on each replay: a recorded step is not run again. */
export const FIRST_PASS = `let first = false; await codemode.step("once", () => { first = true; return 0; });`;

const script = (body: string) => `async () => {\n${body}\n}`;

/** A planner whose scripts have these bodies; an investigation that looks at nothing unless one is given. */
export function bodies(of: { investigate?: string; propose?: string }): Partial<Planner> {
  return {
    investigate: () => ({ code: script(of.investigate ?? `return { summary: "Looked at nothing." };`) }),
    ...proposing(script(of.propose ?? WRITE)),
  };
}

/** Starts a run under a hostile planner; `timeoutMs` bounds its scripts. Returns its view once it is at rest. */
export async function attack(planner: Partial<Planner>, timeoutMs = 20_000): Promise<RunView> {
  const run = nameRun(null);
  const started = await runInDurableObject(stubOf(run), async (instance) => {
    instance.planner = { ...instance.planner, ...planner };
    instance.scriptTimeoutMs = timeoutMs;
    return instance.start(run, runRequest(), { waitMs: 15_000 });
  });
  if (!started.ok) throw new Error(started.refusal.message);
  return started.value;
}

/** {@link attack} with a proposal script, which has to come to its pause and is then approved. */
export async function approveAttack(propose: string, timeoutMs?: number): Promise<RunView> {
  const view = await attack(bodies({ propose }), timeoutMs);
  expect(view).toMatchObject({ status: "awaiting_decision", pending: { path: TARGET } });
  await expectWritten(view.run, {});
  return decided(view, "approve");
}

/** What a script answers when it runs in the sandbox of a run, apart from any step of that run. */
export async function runScript(run: string, body: string): Promise<Pass> {
  return inside(run, ({ scripts }) => scripts.execute(script(body)));
}

/**
 * Holds a run at rest to the truth: beside the files that it began with there are these and no others, the fence knows of as
 * many writes, no version was made in between, and the chain verifies.
 */
export async function expectWritten(run: string, written: Readonly<Record<string, string>>): Promise<void> {
  const found = await inside(run, ({ repository }, _, state) => ({
    files: repository.contents(),
    versions: state.storage.sql.exec("SELECT path, version FROM files WHERE version > 0").toArray(),
    fence: state.storage.sql.exec("SELECT decision FROM fence WHERE state = 'written'").toArray(),
  }));
  const paths = Object.keys(written);
  expect(found.files).toEqual({ ...CHECKOUT_FILES, ...written });
  expect(found.versions).toEqual(paths.map((path) => ({ path, version: 1 })));
  expect(found.fence).toHaveLength(paths.length);
  const { due } = await get<RunView>(`/api/runs/${run}`);
  expect([null, "decision"]).toContain(due);
  expect((await verifyRun(run)).verdict).toBe(due === null ? "valid" : "incomplete");
}

/** The statement of a run's only or newest receipt of a kind. */
export async function newest(run: string, kind: string) {
  const { receipts } = await receiptsOf(run);
  return receipts.filter((receipt) => receipt.kind === kind).at(-1)?.statement;
}

/** The evidence items of a run, as they were signed. */
export async function evidenceOf(run: string): Promise<unknown[]> {
  const subjects = (await newest(run, "evidence"))?.subject ?? [];
  return inside(run, ({ store }) =>
    subjects
      .filter(({ name }) => name !== "code")
      .map(({ digest }) => JSON.parse(new TextDecoder().decode(store.artifact(digest.sha256)))),
  );
}
