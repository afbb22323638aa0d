// What a script throws is the cause of how it ended, whatever it throws: an error, words, an object, nothing at all.
import { describe, expect, it } from "vitest";
import { decided, receiptsOf } from "./client.ts";
import { proposing, startWith } from "./instances.ts";

const THROWN: [code: string, words: string][] = [
  ['"The file is gone."', "The file is gone."],
  ["{ code: 7 }", 'it threw {"code":7}'],
  ["undefined", "it threw undefined"],
  ["null", "it threw null"],
  ["7", "it threw 7"],
  ['""', "it threw an empty text"],
  ['new TypeError("")', "it threw TypeError without a message"],
  ['{ message: "Said so." }', "Said so."],
  ['Object.assign(new Error("x"), { message: { a: 1 } })', "it threw Error without a message"],
  ["{ toJSON() { throw 1; } }", "it threw something that cannot be told in words"],
  ['new Error("As ever.")', "As ever."],
];

describe("a script that throws", () => {
  it.each(THROWN)("%s before its write ends the run with that as the reason", async (thrown, words) => {
    const view = await startWith(proposing(`async () => { throw ${thrown}; }`));
    expect(view.status).toBe("failed");
    expect(view.outcome?.reason).toContain(`The script ended before it asked for a write: `);
    expect(view.outcome?.reason).toContain(words);
  });

  it.each(THROWN)("%s in an investigation is told in its evidence", async (thrown, words) => {
    const { run } = await startWith({ investigate: () => ({ code: `async () => { throw ${thrown}; }` }) });
    const { receipts } = await receiptsOf(run);
    const summary = expect.stringMatching(/^The investigation stopped early: /);
    expect(receipts[1]?.statement.predicate).toMatchObject({ summary });
    expect(receipts[1]?.statement.predicate).toMatchObject({ summary: expect.stringContaining(words) });
  });

  it.each(THROWN)("%s after its write is told beside it", async (thrown, words) => {
    const code = `async () => {
      await repository.write_file({ path: "a.txt", content: "a", before: null });
      throw ${thrown};
    }`;
    const done = await decided(await startWith(proposing(code)), "approve");
    const { receipts } = await receiptsOf(done.run);
    expect(receipts[5]?.statement.predicate).toMatchObject({
      status: "executed",
      reason: expect.stringContaining(words),
    });
  });

  it.each(THROWN)("%s in place of the approved call is told as why it failed", async (thrown, words) => {
    // The second pass throws before it comes to the call: nothing that a log holds tells it so.
    const late = `async () => {
      let first = false;
      await codemode.step("once", () => { first = true; return 0; });
      if (!first) throw ${thrown};
      await repository.write_file({ path: "a.txt", content: "a", before: null });
    }`;
    const done = await decided(await startWith(proposing(late)), "approve");
    const { receipts } = await receiptsOf(done.run);
    expect(receipts[5]?.statement.predicate).toMatchObject({
      status: "failed",
      reason: expect.stringContaining(words),
    });
  });
});
