// The desk asks only those to start a run who may.
import { describe, expect, it } from "vitest";
import { DeskPage, type DeskRuns } from "../../src/view/desk-page.tsx";
import type { Deciding } from "../../src/view/who-decides.tsx";

const NONE: DeskRuns = { waiting: { runs: [], more: false }, others: { runs: [], next: null } };

const deskOf = async (deciding: Deciding, runs: DeskRuns | null) =>
  String(
    await DeskPage({
      ...{ runs, deciding, origin: "https://countersign.example" },
      standing: { now: "2026-11-23T06:00:00.000Z", tag: "" },
    }).toString(),
  );

const ASKS = ["Fire the alert, and the run that it starts", ", and a new one can be started"];

describe("a desk that lists nothing", () => {
  it.each<[string, Deciding, boolean]>([
    ["anybody", { as: "anyone" }, true],
    [
      "a known starter",
      { as: "known", mode: "token", actor: { id: "ada", method: "token" }, mayDecide: false },
      true,
    ],
    ["a stranger", { as: "stranger", mode: "token" }, false],
    ["nobody, while it is not set up", { as: "nobody", message: "a secret is missing" }, false],
  ])("asks %s to start a run only where they may", async (_, deciding, isAsked) => {
    const pages = [await deskOf(deciding, NONE), await deskOf(deciding, null)];
    expect(pages[0]).toContain("There are none yet.");
    expect(pages[1]).toContain("The list of runs cannot be read now.");
    expect(pages.map((html, i) => html.includes(ASKS[i] ?? ""))).toEqual([isAsked, isAsked]);
    expect(pages.map((html) => html.includes("Fire the checkout alert"))).toEqual([isAsked, isAsked]);
  });

  it("says once why nobody may", async () => {
    const html = await deskOf({ as: "nobody", message: "a secret is missing" }, NONE);
    expect(html.split("a secret is missing")).toHaveLength(2);
    expect(html).toContain("Nobody can at present.");
  });
});
