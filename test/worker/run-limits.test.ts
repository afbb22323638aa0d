// A run that would grow past what can be stored and sent ends by its own rules, and says why.
import { describe, expect, it } from "vitest";
import type { Bundle, RunView } from "../../src/chain/index.ts";
import { RUN_LIMITS } from "../../src/run/limits.ts";
import { decided, get, receiptsOf, verifyRun } from "./client.ts";
import { inside, proposing, startWith } from "./instances.ts";

/** A script that asks to write a new file of `size` characters that no earlier run of the script has asked for. */
const writing = (size: number) => `async () => {
  const content = String(Math.random()) + "x".repeat(${size});
  await repository.write_file({ path: "big.txt", content, before: null });
}`;

const oneMore = (view: RunView) => decided(view, "request-changes", { feedback: "Once more." });

describe("a run", () => {
  it("that has reached its limit of receipts ends when a further proposal is due, with a chain that verifies", async () => {
    let view = await startWith(proposing(writing(10)), { revisions: 1000 });
    let rounds = 1;
    while (view.status === "awaiting_decision" && rounds < 100) {
      view = await oneMore(view);
      rounds += 1;
    }
    expect(view).toMatchObject({ status: "failed", outcome: { status: "not_run" } });
    expect(view.outcome?.reason).toContain(`limit of ${RUN_LIMITS.receipts} receipts`);
    expect(view.count).toBeLessThanOrEqual(RUN_LIMITS.receipts);
    expect(view.count).toBeGreaterThan(RUN_LIMITS.receipts - 6);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  }, 60_000);

  it("that has reached its limit of bytes ends the same way, and its bundle can be had", async () => {
    const open = await startWith(proposing(writing(10)));
    await inside(open.run, async (_, instance) => {
      for (const name of ["a", "b", "c", "d", "e", "f"]) {
        expect((await instance.edit(`${name}.txt`, name.repeat(900_000))).ok).toBe(true);
      }
    });
    const view = await oneMore(open);
    expect(view).toMatchObject({ status: "failed", outcome: { status: "not_run" } });
    expect(view.outcome?.reason).toContain(`limit of ${RUN_LIMITS.artifacts} bytes`);
    // The files that somebody else put there are in the handoff's repository, so the bundle carries them.
    const bundle = await get<Bundle>(`/api/runs/${view.run}/bundle`);
    expect(JSON.stringify(bundle).length).toBeGreaterThan(6 * 900_000);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("whose script asks for a call that is too large proposes nothing", async () => {
    // Code Mode counts characters, storage counts bytes: each of these is three.
    const wide = `async () => {
      await repository.write_file({ path: "big.txt", content: "€".repeat(400_000), before: null });
    }`;
    const view = await startWith(proposing(wide));
    expect(view).toMatchObject({ status: "failed", count: 4 });
    expect(view.outcome?.reason).toMatch(/a call of 1200\d{3} bytes; one may have at most 1048576/);
  });

  it("keeps as much evidence as fits, says what it left out, and goes on", async () => {
    const code = `async () => {
      for (let i = 0; i < 8; i += 1) {
        await repository.preview_patch({ path: "src/notes-" + i + ".js", content: "// " + "x".repeat(400_000) });
      }
      return { summary: "Looked at much." };
    }`;
    const view = await startWith({ investigate: () => ({ code }), ...proposing(writing(10)) });
    expect(view.status).toBe("awaiting_decision");
    const { receipts } = await receiptsOf(view.run);
    const evidence = receipts[1]?.statement;
    expect(evidence?.predicate).toMatchObject({
      summary: "Looked at much. 3 further calls were too many or too large to keep as evidence.",
    });
    expect(evidence?.subject.map(({ name }) => name)).toEqual([
      "code",
      ...[1, 2, 3, 4, 5].map((n) => `item-${n}`),
    ]);
    expect((await verifyRun(view.run)).verdict).toBe("incomplete");
  });
});
