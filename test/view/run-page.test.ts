// The run's page: the outcome repeats no reason that the last round has just given, for every lawful chain of the corpus; and a
// subject that would fill a phone's first screen is set smaller.
import { describe, expect, it } from "vitest";
import { RunPage } from "../../src/view/run-page.tsx";
import type { Story } from "../../src/view/story.ts";
import { lawful, storyOf } from "./lawful-stories.ts";

const pageOf = async (story: Story) =>
  String(
    await RunPage({
      story,
      keys: new Map(),
      origin: "https://countersign.example",
      now: "2026-11-23T06:00:00.000Z",
      deciding: { as: "anyone" },
    }).toString(),
  );

/** Of the story's outcome, as if it had given this reason, all that the page shows. */
async function outcomeOf(story: Story, reason: string): Promise<string> {
  if (!story.outcome) throw new Error("expected a chain that has its outcome");
  const { receipt } = story.outcome;
  const predicate = { ...receipt.statement.predicate, reason };
  const outcome = {
    ...story.outcome,
    receipt: { ...receipt, statement: { ...receipt.statement, predicate } },
  };
  const html = await pageOf({ ...story, outcome });
  return /<section[^>]* id="outcome".*?<\/section>/s.exec(html)?.[0] ?? "";
}

describe("the evidence", () => {
  it.each(lawful)("is found by its place, whatever its signer calls it: $name", ({ bundle }) => {
    const { evidence } = storyOf(bundle);
    expect(evidence?.items.filter(({ artifact }) => artifact.text === null) ?? []).toEqual([]);
  });
});

describe("the outcome's reason", () => {
  const ended = lawful.filter(({ bundle }) => storyOf(bundle).outcome);

  it.each(ended)("$name", async ({ bundle }) => {
    const story = storyOf(bundle);
    const told = story.rounds.at(-1)?.round.execution?.statement.predicate.reason ?? "";
    expect(await outcomeOf(story, "It is another reason.")).toContain("<bdi>It is another reason.</bdi>");
    const repeated = await outcomeOf(story, told);
    expect(repeated).toContain("The outcome:");
    expect(repeated).not.toContain('<p class="words">');
  });
});

describe("a call of which no change is known", () => {
  const waiting = storyOf(lawful.find(({ bundle }) => storyOf(bundle).open)?.bundle);
  /** The waiting chain, as if its call were another. */
  function calling(args: unknown): Story {
    const round = waiting.rounds.at(-1);
    if (!round) throw new Error("expected a chain that waits");
    const open = { ...round, change: null, action: { connector: "flags", method: "set", args } };
    return { ...waiting, open, rounds: [...waiting.rounds.slice(0, -1), open] };
  }
  /** What lies open, without what is folded. */
  const unfolded = (html: string) => html.replace(/<details.*?<\/details>/gs, "").replace(/<[^>]*>/g, "");

  it("shows its arguments where the change would stand, unfolded, and once", async () => {
    const html = await pageOf(calling({ flag: "deferred-payment", to: true }));
    expect(unfolded(html)).toContain("&quot;flag&quot;: &quot;deferred-payment&quot;, &quot;to&quot;: true");
    expect(html.match(/deferred-payment/g)).toHaveLength(1);
    expect(html).toMatch(/<button class="approve"[^>]*>Approve /);
  });

  it("says at the button when the arguments are not shown in full", async () => {
    const html = await pageOf(calling({ text: `begin${"x".repeat(400_000)}end` }));
    expect(unfolded(html)).toMatch(/beginx+ ?.*[\d,]+ bytes are not shown here\..*x+end/s);
    expect(html).toMatch(/<button class="approve"[^>]*>Approve, not shown in full /);
  });

  it("of an earlier round has them folded", async () => {
    const story = calling({ flag: "deferred-payment" });
    const [first] = story.rounds;
    if (!first) throw new Error("expected a round");
    const html = await pageOf({ ...story, rounds: [first, ...waiting.rounds.slice(-1)] });
    expect(html).toContain("deferred-payment");
    expect(unfolded(html)).not.toContain("deferred-payment");
  });
});

describe("a subject", () => {
  function titled(title: string): Story {
    const story = storyOf(lawful[0]?.bundle);
    if (!story.alert) throw new Error("expected a chain to begin with its alert");
    const { receipt } = story.alert;
    const predicate = { ...receipt.statement.predicate, title };
    return {
      ...story,
      alert: { ...story.alert, receipt: { ...receipt, statement: { ...receipt.statement, predicate } } },
    };
  }

  it.each([
    [80, false],
    [81, true],
    [300, true],
  ])("of %i characters is set smaller: %s", async (length, isSmall) => {
    expect((await pageOf(titled("a".repeat(length)))).includes('<h1 class="is-long">')).toBe(isSmall);
  });
});
