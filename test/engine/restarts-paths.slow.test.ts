// Restarts at every point of the other paths of a run: two calls of one script, an edit, a request for changes, a rejection, a lapse.
// Wherever it stops, the run ends, its chain verifies, and nothing happens that was not approved, nor twice.
import { describe, expect, it } from "vitest";
import type { Planner } from "../../src/domain/index.ts";
import type { DecisionRequest } from "../../src/engine/index.ts";
import { FaultPoints } from "./fault-points.ts";
import { ownFlags, switcher } from "./flag-domains.ts";
import { forgeDomain, forgeLog, merger } from "./forge-domain.ts";
import { insist, newRun, verified } from "./in-run.ts";

type Act = Omit<Partial<DecisionRequest>, "decision"> & {
  readonly decision: DecisionRequest["decision"] | "lapse";
};

const twice: Planner = {
  id: "twice",
  next: () => ({
    propose: {
      code: `async () => { await flags.set({ flag: "a", on: true }); await flags.set({ flag: "b", on: true }); }`,
      title: "Two flags",
      summary: "",
      risk: "low",
      feedback: null,
    },
  }),
};
const edit = { connector: "flags", method: "set", args: { flag: "edited", on: true } };
const approve: Act = { decision: "approve" };

const PATHS: readonly { readonly name: string; readonly planner: Planner; readonly acts: readonly Act[] }[] =
  [
    { name: "two calls of one script", planner: twice, acts: [approve, approve] },
    { name: "an edit", planner: switcher, acts: [{ decision: "request_changes", edit }, approve] },
    {
      name: "a request for changes",
      planner: switcher,
      acts: [{ decision: "request_changes", reason: "why" }, approve],
    },
    { name: "a rejection", planner: switcher, acts: [{ decision: "reject" }] },
    { name: "a lapse", planner: switcher, acts: [{ decision: "lapse" }] },
  ];

/** Walks a path; whoever is cut off looks whether their decision stands, and otherwise tries again. */
async function walk({ planner, acts }: (typeof PATHS)[number], points: FaultPoints) {
  const name = newRun();
  await insist(name, points, async (run) => {
    run.configure({ domain: ownFlags, planner });
    if (!run.store.request()) run.create();
    await run.drive();
  });
  for (const [i, act] of acts.entries()) {
    await insist(name, points, async (run) => {
      if (act.decision === "lapse") run.now = () => Date.now() + 3_600_001;
      const waiting = await run.drive();
      const decided = (await run.engine()).context.chain.all("decision").length;
      if (waiting.for !== "human" || decided > i || act.decision === "lapse") return;
      const answer = await run.decide(act.decision, { ...act, decision: act.decision });
      if (!answer.ok) throw new Error(answer.refusal.message);
      await run.drive();
    });
  }
  return insist(name, points, async (run) => {
    const waiting = await run.drive();
    const { chain, own } = (await run.engine()).context;
    const said = await verified(run);
    const recovered = chain.all("execution").some(({ statement }) => statement.predicate.recovered);
    return { waiting, said, recovered, contents: own.contents() };
  });
}

for (const path of PATHS) {
  const clean = new FaultPoints();
  const { said: expected } = await walk(path, clean);
  const statuses = expected.rounds.map(({ execution }) => execution?.status);

  describe(path.name, () => {
    it.each(clean.met)("ends truly after a stop at %s", async (point) => {
      const points = new FaultPoints(point);
      const { waiting, said, recovered, contents } = await walk(path, points);
      expect(points.stopped).toBe(true);
      expect(waiting).toEqual({ for: "end" });
      const got = said.rounds.map(({ execution }) => execution?.status);
      // A script that was cut short leaves its further calls undone, and the chain says so.
      const cut = recovered && said.rounds.some(({ execution }) => execution?.reason.includes("interrupted"));
      expect(got).toEqual(cut ? statuses.slice(0, got.length) : statuses);
      const executed = said.rounds.filter(({ execution }) => execution?.status === "executed");
      const wanted = new Map<string, unknown>([["flag:new_pricing", true]]);
      for (const { action } of executed) {
        const { flag, on } = action.args as { flag: string; on: boolean };
        wanted.set(`flag:${flag}`, on);
      }
      expect(new Map(contents)).toEqual(wanted);
    });
  });
}

describe("a run that is stopped again and again", () => {
  // Whatever the numbers, each of these runs is stopped up to six times.
  const cases = Array.from({ length: 40 }, (_, i) =>
    [0, 1, 2, 3, 4, 5].map((k) => ((i + 3) * (k + 7) * 31) % 13),
  );

  it.each(cases)(
    "after %i, %i, %i, %i, %i and %i boundaries merges once at most, and ends truly",
    async (...stops) => {
      const name = newRun();
      const points = new FaultPoints("commit 0", stops);
      const domain = forgeDomain("find", { reach: points.reach });
      let decision = "";
      await insist(name, points, async (run) => {
        run.configure({ domain, planner: merger(name) });
        if (!run.store.request()) run.create();
        const waiting = await run.drive();
        const [signed] = (await run.engine()).context.chain.all("decision");
        decision = signed?.digest ?? "";
        if (waiting.for !== "human" || signed) return;
        const answer = await run.decide("approve");
        decision = answer.ok ? answer.value.digest : "";
        await run.drive();
      });
      const status = await insist(name, points, async (run) => {
        expect(await run.drive()).toEqual({ for: "end" });
        return (await verified(run)).rounds[0]?.execution?.status;
      });
      const { asked, merged } = await forgeLog(name);
      expect(asked.length).toBeLessThanOrEqual(1);
      expect(asked.filter((key) => key !== decision)).toEqual([]);
      expect(status).toBe(merged.length === 1 ? "executed" : "failed");
    },
  );
});
