// examples/pull-request: merges over HTTP on a forge on loopback, which moves, refuses, and loses answers.
import { describe, expect, inject, it } from "vitest";
import { merger } from "../../examples/pull-request/index.ts";
import { pullRequests } from "../../examples/pull-request/merge.ts";
import { digestOf } from "../../src/receipt/index.ts";
import { approve, inExample, shown } from "./example-run.ts";
import type { Repository } from "./forge.ts";

const HEAD = "1".repeat(40);
const utf8 = (text: string) => new TextEncoder().encode(text);
let count = 0;

/** A pull request in a repository of its own, and the example on it. An "absent" counts soon, for a test is in a hurry. */
async function pullRequest(more: Partial<Repository> = {}) {
  const address = `${inject("exampleForge")}/repos/octo/shop-${++count}`;
  const repository: Repository = { head: HEAD, base: "main", mergeable: true, merging: "ok", ...more };
  const put = (repository: Repository) =>
    fetch(address, { method: "POST", body: JSON.stringify(repository) });
  await put(repository);
  const calls = pullRequests.calls.map((call) => ({
    ...call,
    ...(call.remote && { remote: { ...call.remote, settleSeconds: 0.01 } }),
  }));
  const env = { FORGE_REPOSITORY: address, FORGE_TOKEN: "forge-token" };
  const said = async () =>
    (await fetch(address, { headers: { authorization: "Bearer forge-token" } })).json();
  const example = { domain: { ...pullRequests, calls }, planner: merger, env, title: "Merge #7" };
  return { example, said, put, repository };
}

describe("examples/pull-request", () => {
  it("shows what would be merged, and merges it once a human approves", async () => {
    const { example, said } = await pullRequest();
    await inExample(example, async (run) => {
      expect(await shown(run)).toMatchObject({
        title: "Merge: Answer 422 without a cart",
        plan: `Answer 422 without a cart\n${HEAD} onto main\nmodified src/checkout.js +3 -1`,
        effects: [
          { resource: "open-pull:7", before: digestOf(utf8(HEAD)), after: null },
          { resource: "branch:main", before: "unknown", after: "unknown" },
        ],
      });
      expect(await said()).toMatchObject({ asked: 0, merged: null });
      const { rounds, status } = await approve(run);
      expect({ status, execution: rounds[0]?.execution?.status }).toEqual({
        status: "completed",
        execution: "executed",
      });
      expect(await said()).toMatchObject({
        asked: 1,
        merged: { message: expect.stringMatching(/^Approved-by: sha256:/) },
      });
    });
  });

  it("does not even ask when the head has moved since it was shown", async () => {
    const { example, said, put, repository } = await pullRequest();
    await inExample(example, async (run) => {
      await put({ ...repository, head: "3".repeat(40) });
      const { rounds } = await approve(run);
      expect(rounds[0]?.execution).toMatchObject({
        status: "failed",
        reason: expect.stringMatching(/has changed since the proposal/),
      });
      expect(await said()).toMatchObject({ asked: 0, merged: null });
    });
  });

  it.each([
    ["moves first", "failed", /refused to merge: 409/, null],
    ["merges, and the answer is lost", "executed", "", { sha: "c".repeat(40) }],
    ["is lost", "failed", "", null],
    ["somebody else merges", "failed", "", { message: "by hand" }],
  ] as const)("when the forge %s, it is %s, and was asked once", async (merging, status, reason, merged) => {
    const { example, said } = await pullRequest({ merging });
    await inExample(example, async (run) => {
      const { rounds } = await approve(run);
      expect(rounds[0]?.execution?.status).toBe(status);
      if (reason) expect(rounds[0]?.execution?.reason).toMatch(reason);
      expect(await said()).toMatchObject({ asked: 1, merged });
    });
  });

  it("proposes nothing that has conflicts", async () => {
    const { example } = await pullRequest({ mergeable: false });
    await inExample(example, async (run) => {
      const { context } = await run.engine();
      expect(context.chain.state.round).toBeNull();
      expect(context.chain.state.outcome?.statement.predicate).toMatchObject({
        status: "not_run",
        reason: expect.stringMatching(/conflicts/),
      });
    });
  });
});
