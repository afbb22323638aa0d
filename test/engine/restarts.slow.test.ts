// Restarts at every point of a run, from its start to its end: the forge is asked to merge at most once for a decision, or merges once
// however often it is asked; every run ends, and says what the forge's own log says, or that nobody knows.
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { FaultPoints } from "./fault-points.ts";
import { ownFlags, switcher } from "./flag-domains.ts";
import type { Merging } from "./forge.ts";
import { type Certainty, forgeDomain, forgeLog, merger, tellForge } from "./forge-domain.ts";
import { inRun, insist, newRun, stubOf, verified } from "./in-run.ts";

/** Walks one run from its start to its end, stopped once on the way. */
async function walk(certainty: Certainty | "local", points: FaultPoints, merge: Merging = "ok") {
  const name = newRun();
  await tellForge(name, { merge: [merge, "ok"] });
  const isLocal = certainty === "local";
  const domain = isLocal ? ownFlags : forgeDomain(certainty, { reach: points.reach });
  await insist(name, points, async (run) => {
    run.configure({ domain, planner: isLocal ? switcher : merger(name), patience: { send: 300 } });
    if (!run.store.request()) run.create();
    await run.drive();
  });
  const beforeDecision = points.met.length;
  const decision = await insist(name, points, async (run) => {
    await run.drive();
    // Whoever is cut off tries again with what they saw.
    const [signed] = (await run.engine()).context.chain.all("decision");
    if (signed) return signed.digest;
    const answer = await run.decide("approve");
    if (!answer.ok) throw new Error(answer.refusal.message);
    return answer.value.digest;
  });
  const ended = await insist(name, points, async (run) => {
    const waiting = await run.drive();
    return { waiting, status: (await verified(run)).rounds[0]?.execution?.status };
  });
  return { ...ended, decision, beforeDecision, log: await forgeLog(name) };
}

/** How the forge takes the request: it answers, merges and loses the answer, loses the request, or merges after nobody waits any more. */
const MANNERS: readonly Merging[] = ["ok", "lost", "dropped", "error done", { later: 450 }];
const WALKS = [
  ...(["find", "repeatable", "repeatable, find", "neither"] as const).flatMap((certainty) =>
    MANNERS.map((merge) => ({ certainty, merge })),
  ),
  { certainty: "local", merge: "ok" } as const,
];
let whole = true;

/** How often a call is looked for is a matter of time; that it is looked for twice is not. */
const isSure = (point: string) => !/the look ([2-9]|\d\d)/.test(point);

for (const { certainty, merge } of WALKS) {
  const clean = new FaultPoints();
  const { beforeDecision } = await walk(certainty, clean, merge);
  // Up to the decision all of them are the same walk.
  const met = (whole ? clean.met : clean.met.slice(beforeDecision)).filter(isSure);
  whole = false;

  describe(`a run whose call is ${certainty}, and the forge ${JSON.stringify(merge)}`, () => {
    it.each(met)("ends truly after a stop at %s", async (point) => {
      const points = new FaultPoints(point);
      const { waiting, status, decision, log } = await walk(certainty, points, merge);
      expect(points.stopped).toBe(true);
      expect(waiting).toEqual({ for: "end" });
      if (certainty === "local") {
        expect(status).toBe("executed");
        return;
      }
      expect(log.asked.filter((key) => key !== decision)).toEqual([]);
      expect(log.merged.length).toBeLessThanOrEqual(1);
      if (!certainty.includes("repeatable")) expect(log.asked.length).toBeLessThanOrEqual(1);
      if (certainty !== "neither") expect(status).not.toBe("unknown");
      if (status === "executed") expect(log.merged).toEqual([decision]);
      if (status === "failed") expect(log.merged).toEqual([]);
    });
  });
}

describe("a restart between the approval and begun", () => {
  it("loses nothing: fifty runs are executed once, and say so", { timeout: 60_000 }, async () => {
    for (let i = 0; i < 50; i += 1) {
      const name = newRun();
      await inRun(async (run) => {
        run.configure({ domain: forgeDomain("neither"), planner: merger(name) });
        run.create();
        await run.drive();
        expect((await run.decide("approve")).ok).toBe(true);
      }, name);
      await evictDurableObject(stubOf(name));
      await inRun(async (run) => {
        expect(await run.drive()).toEqual({ for: "end" });
        expect((await verified(run)).rounds[0]?.execution?.status).toBe("executed");
        const [execution] = (await run.engine()).context.chain.all("execution");
        expect(execution?.statement.predicate.recovered).toBe(true);
      }, name);
      const { asked, merged } = await forgeLog(name);
      expect([asked.length, merged.length]).toEqual([1, 1]);
    }
  });
});
