// What is drawn of effects: a diff where both sides are at hand, values where they are small, digests otherwise; and never more than there is room for.
import { describe, expect, it } from "vitest";
import { drawRounds } from "../../src/view/drawn-round.ts";
import { effectCards } from "../../src/view/effect-cards.ts";
import { digest, side, textEffect } from "./content.ts";
import { story } from "./stories.ts";

const cards = (effects: Parameters<typeof effectCards>[0], left = 1_000_000) =>
  effectCards(effects, { left });

describe("an effect", () => {
  it("on JSON is a diff of members, each on a line of its own", () => {
    const before = side({ retries: 1, on: false, list: [] });
    const after = side({
      retries: 3,
      on: false,
      list: [],
      note: "a longer text, so that it all does not fit on one line of eighty",
    });
    const [card] = cards([{ resource: "settings:a", before, after }]);
    if (card?.shape !== "diff") throw new Error("expected a diff");
    const lines = card.drawn.hunks.flatMap(({ lines }) =>
      lines.map(({ sign, pieces }) => sign + pieces.map(({ text }) => text).join("")),
    );
    expect(lines).toEqual([
      " {",
      '-  "retries": 1,',
      '+  "retries": 3,',
      '   "on": false,',
      '-  "list": []',
      '+  "list": [],',
      '+  "note": "a longer text, so that it all does not fit on one line of eighty"',
      " }",
    ]);
  });

  it("on small values shows both", () => {
    expect(cards([{ resource: "flag:a", before: side(true), after: side(false) }])).toMatchObject([
      { shape: "values", before: "true", after: "false" },
    ]);
  });

  it("tells the value null from a value that is not at hand", () => {
    const isNull = { digest: digest(null), value: null };
    const isGone = { digest: digest("gone"), value: null };
    expect(cards([{ resource: "flag:a", before: isNull, after: side(1) }])[0]).toMatchObject({
      shape: "values",
      before: "null",
    });
    expect(cards([{ resource: "flag:a", before: isGone, after: side(1) }])[0]?.shape).toBe("digests");
    expect(
      cards([{ resource: "flag:a", before: { digest: null, value: null }, after: side(1) }])[0],
    ).toMatchObject({ shape: "values", before: null });
  });

  it("shares the room with a hundred others, and says what is left out", () => {
    const long = "a line of some length\n".repeat(40_000);
    const drawn = cards(
      [
        textEffect("file:long", null, long),
        ...Array.from({ length: 99 }, (_, i) => textEffect(`file:${i}`, "a\n", "b\n")),
      ],
      400_000,
    );
    const [first, ...others] = drawn.map((card) => (card.shape === "diff" ? card.drawn.left : -1));
    expect(first).toBeGreaterThan(700_000);
    expect(others.every((left) => left === 0)).toBe(true);
  });
});

describe("what is decided on", () => {
  const draw = (shape: Parameters<typeof story>[0]) =>
    drawRounds(story(shape), { left: 900_000 }, { left: 400_000 }).at(-1);

  it("is not shown in full where a diff, the arguments or the dry run is cut", () => {
    const big = "x".repeat(300_000);
    expect(draw({})?.inFull).toBe(true);
    expect(draw({ rounds: [{ plan: big }] })?.inFull).toBe(false);
    expect(draw({ rounds: [{ effects: [], args: { big } }] })?.inFull).toBe(false);
    expect(draw({ rounds: [{ effects: [textEffect("file:a", null, big)] }] })?.inFull).toBe(false);
  });

  it("shows every argument that no effect shows", () => {
    expect(draw({})?.args).toBeNull();
    const args = { path: "src/checkout.js", content: "", before: null, mode: "0777" };
    expect(draw({ rounds: [{ args }] })?.args).toEqual({ mode: "0777" });
    expect(draw({ rounds: [{ args, effects: [] }] })?.args).toEqual(args);
  });

  it("is told as what differs from the revision before, and whole once it is decided", () => {
    const rounds = [
      {},
      { effects: [textEffect("file:src/checkout.js", "old\n", "new\n"), textEffect("file:b", null, "b\n")] },
    ];
    expect(draw({ rounds })?.since).toMatchObject({ revision: 1, dropped: [] });
    expect(draw({ rounds })?.since?.cards.map(({ effect }) => effect.resource)).toEqual([
      "file:src/checkout.js",
      "file:b",
    ]);
    expect(draw({ rounds, outcome: {} })?.since).toBeNull();
  });
});
