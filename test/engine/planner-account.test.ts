// What a planner says that it used, and what it has kept for the transcript: bounded, and whatever nonsense it says.
import { describe, expect, it } from "vitest";
import type { Planner, Situation } from "../../src/domain/index.ts";
import { ownFlags } from "./flag-domains.ts";
import { inRun, verified } from "./in-run.ts";

const LOOK = "async () => ({})";

/** Runs a planner that is asked so many times, and gives the situations that it saw and the transcripts that were signed. */
async function asking(
  next: (asked: number, ...given: Parameters<Planner["next"]>) => ReturnType<Planner["next"]>,
) {
  const seen: Situation[] = [];
  const planner: Planner = {
    id: "teller",
    next: (situation, lent) => {
      seen.push(situation);
      return next(seen.length, situation, lent);
    },
  };
  return inRun(async (run) => {
    run.configure({ domain: ownFlags, planner });
    run.create();
    await run.drive();
    await verified(run);
    const { chain, store } = (await run.engine()).context;
    const evidence = chain.all("evidence").map(({ statement }) => {
      const sha256 = statement.subject.find(({ name }) => name === "transcript")?.digest.sha256;
      return {
        ...statement.predicate,
        told: sha256 ? new TextDecoder().decode(store.artifact(sha256)) : null,
      };
    });
    const tables = run.sql.exec("SELECT name FROM sqlite_master WHERE name = 'planner'").toArray();
    return { seen, evidence, tables };
  });
}

describe("what a planner spends", () => {
  it("is counted over questions and failures, nonsense as nothing", async () => {
    const { seen } = await asking((asked, _, { spend }) => {
      spend({ calls: 1, tokens: Number.NaN, seconds: -5 });
      spend({ tokens: 10, seconds: 0.5, calls: Number.POSITIVE_INFINITY });
      spend({ calls: "many" as never });
      if (asked === 2) throw new Error("no");
      return asked < 4 ? { investigate: LOOK } : { stop: "enough" };
    });
    expect(seen.map(({ spent }) => spent)).toEqual(
      [0, 1, 2, 3].map((n) => ({ calls: n, tokens: 10 * n, seconds: 0.5 * n })),
    );
  });

  it("leaves nothing behind where nothing is spent", async () => {
    const { tables, evidence } = await asking(() => ({ stop: "enough" }));
    expect(tables).toEqual([]);
    expect(evidence).toMatchObject([{ items: [], transcript: null }]);
  });
});

describe("what a planner has kept", () => {
  it("goes into the next evidence, that of failed attempts too, and into one of its own where none follows", async () => {
    const { evidence } = await asking((asked, _, { tell }) => {
      tell(`asked ${asked};`);
      if (asked === 1) throw new Error("no");
      return asked === 2 ? { investigate: LOOK } : { stop: "enough" };
    });
    expect(evidence.map(({ told, summary }) => [told, summary])).toEqual([
      ["asked 1;asked 2;", "The investigation made 0 calls."],
      ["asked 3;", "What the model was told and said. Nothing was looked at."],
    ]);
  });

  it("is cut to its newest, and never breaks a receipt", async () => {
    const { evidence } = await asking((asked, _, { tell }) => {
      tell(`${"old ".repeat(50_000)}`);
      tell(`${"€".repeat(290_000)}\ud800`);
      return asked === 1 ? { investigate: LOOK } : { stop: "enough" };
    });
    const [told = ""] = evidence.map((one) => one.told ?? "");
    expect(told).toHaveLength(300_000);
    expect(told.startsWith("[Earlier words are left out.]\n")).toBe(true);
    expect(told.endsWith("€\ufffd")).toBe(true);
  });
});

describe("the script that failed", () => {
  it("is handed back with the reason, and not once another attempt has gone on", async () => {
    const { seen } = await asking((asked) => {
      if (asked === 1) return { investigate: "async () => { const x: number = 1; }" };
      return asked === 2 ? { investigate: LOOK } : { stop: "enough" };
    });
    expect(seen.map(({ lastScript }) => lastScript)).toEqual([
      null,
      "async () => { const x: number = 1; }",
      null,
    ]);
    expect(seen[1]?.lastFailure).toContain("is not JavaScript that can run");
  });
});
