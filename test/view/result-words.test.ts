// How a run ended, as it is told at the head of its page, in lists and in its chapter: bad news as plainly as good.
import { describe, expect, it } from "vitest";
import type { Tally } from "../../src/receipt/index.ts";
import { resultWords } from "../../src/view/result-words.ts";
import { RunLines } from "../../src/view/run-lines.tsx";
import { RunPage } from "../../src/view/run-page.tsx";
import { statusWords } from "../../src/view/status-words.ts";
import type { Story } from "../../src/view/story.ts";
import { lawful, storyOf } from "./lawful-stories.ts";

const tally = (failed: number, goodFailed = 0): Tally => ({ requests: 32, failed, good: 16, goodFailed });

describe("what came of a write", () => {
  it.each<[Tally, Tally, string]>([
    [tally(6), tally(0), "Fixed. 6 → 0 of 32 requests fail."],
    [
      tally(6),
      tally(32, 16),
      "Worse. 32 of 32 fail now, 6 before. 16 of 16 valid checkouts are not answered 200, 0 before.",
    ],
    [tally(6), tally(32), "Worse. 32 of 32 fail now, 6 before."],
    [tally(6), tally(2), "Better, not fixed. 2 of 32 fail now, 6 before."],
    [tally(6), tally(6), "No better. 6 of 32 fail, as before."],
    [tally(0), tally(0), "Fine as before. 0 of 32 fail, as before."],
    [tally(0), tally(3), "Worse. 3 of 32 fail now, 0 before."],
    [
      tally(6),
      tally(0, 16),
      "Worse. 6 → 0 of 32 requests fail. 16 of 16 valid checkouts are not answered 200, 0 before.",
    ],
    [
      tally(0, 4),
      tally(0),
      "Fixed. 0 of 32 fail, as before. 0 of 16 valid checkouts are not answered 200, 4 before.",
    ],
    [
      tally(6, 4),
      tally(6, 2),
      "Better, not fixed. 6 of 32 fail, as before. 2 of 16 valid checkouts are not answered 200, 4 before.",
    ],
  ])("%o, then %o: %s", (before, after, words) => {
    const { title, sentence, tone } = resultWords(before, after);
    expect(`${title}. ${sentence}`).toBe(words);
    expect(tone).toBe(after.failed === 0 && after.goodFailed === 0 ? "good" : "bad");
  });
});

const ended = (status: Story["status"]) => {
  const story = lawful
    .map(({ bundle }) => storyOf(bundle))
    .find((one) => one.status === status && one.outcome);
  if (!story?.outcome) throw new Error(`expected a chain that is ${status}`);
  return { story, outcome: story.outcome };
};

/** A completed run, as if it had been measured so. */
function measured(before: Tally, after: Tally): Story {
  const { story, outcome } = ended("completed");
  const { receipt } = outcome;
  const predicate = { ...receipt.statement.predicate, before, after };
  return {
    ...story,
    outcome: { ...outcome, receipt: { ...receipt, statement: { ...receipt.statement, predicate } } },
  };
}

async function pageOf(story: Story): Promise<string> {
  const facts = { keys: new Map<string, string>(), origin: "", now: "2026-11-23T06:00:00.000Z" };
  return String(await RunPage({ story, ...facts, deciding: { as: "anyone" } }).toString());
}
const wordsOf = (html: string) => html.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");

describe("a run that made it worse", () => {
  it("says so in its title, its status and its outcome", async () => {
    const html = await pageOf(measured(tally(6), tally(32)));
    expect(html).toMatch(/<title>Worse: /);
    expect(html).toContain("/favicon-bad.svg");
    expect(wordsOf(html)).toContain("Worse. 32 of 32 fail now, 6 before.");
    expect(wordsOf(html)).toContain("The outcome: worse");
    expect(wordsOf(html)).not.toContain("not clean");
  });

  it("says so in a list", async () => {
    const outcome = { status: "unresolved", before: tally(6), after: tally(32) } as const;
    const links = { self: "", page: "" };
    const entry = {
      run: `run-${"0".repeat(24)}`,
      status: "completed",
      head: null,
      count: 8,
      title: "Checkout",
    } as const;
    const rest = {
      createdAt: "2026-11-23T06:00:00.000Z",
      risk: "low",
      expiresAt: null,
      outcome,
      links,
    } as const;
    const html = String(await RunLines({ runs: [{ ...entry, ...rest }], now: rest.createdAt }).toString());
    expect(wordsOf(html)).toContain("Worse32 of 32 fail now, 6 before.");
    expect(html).toContain("is-bad");
  });
});

describe("a run that wrote nothing", () => {
  /** The last round's decision or execution, as if it had said something else. */
  function saying(story: Story, kind: "decision" | "execution", said: object): Story {
    const last = story.rounds.at(-1);
    const receipt = last?.round[kind];
    if (!last || !receipt) throw new Error(`expected a ${kind}`);
    const statement = { ...receipt.statement, predicate: { ...receipt.statement.predicate, ...said } };
    const round = { ...last.round, [kind]: { ...receipt, statement } };
    return { ...story, rounds: [...story.rounds.slice(0, -1), { ...last, round }] };
  }
  const by = { id: "alice  b", method: "token" };

  it("says who rejected it, and why", async () => {
    const { story } = ended("rejected");
    const said = saying(story, "decision", { reviewer: by, reason: "not in\n a freeze" });
    expect(statusWords(said)).toMatchObject({ title: "Rejected", tone: "quiet" });
    const words = wordsOf(await pageOf(said));
    expect(words).toContain("Rejected by aliceU+0020 ×2b: not in a freeze. Nothing was written.");
    const silent = saying(story, "decision", { reviewer: by, reason: "" });
    expect(wordsOf(await pageOf(silent))).toContain("Rejected by aliceU+0020 ×2b. Nothing was written.");
  });

  it("repeats no more of a long reason than a line or two", () => {
    const { story } = ended("rejected");
    const { by: told = "" } = statusWords(saying(story, "decision", { reason: "word ".repeat(300) }));
    expect(told.length).toBeLessThan(200);
    expect(told).toMatch(/ …$/);
  });

  it("says so where nothing was proposed", () => {
    const { story } = ended("failed");
    expect(statusWords({ ...story, rounds: [] })).toMatchObject({ title: "Nothing proposed", tone: "bad" });
  });

  it("says why an approved call was not made", async () => {
    const { story } = ended("failed");
    const why = "src/checkout.js changed after the proposal.";
    const said = saying({ ...story, written: false }, "execution", { reason: why });
    expect(statusWords(said)).toMatchObject({ title: "Not written", sentence: why, tone: "bad" });
    expect(wordsOf(await pageOf(said))).toContain(`Not written. ${why}`);
  });
});
