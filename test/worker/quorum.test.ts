// Many who decide at the same moment, against the real Durable Object: as many approvals as the policy asks for, and one call.
import { describe, expect, it } from "vitest";
import { verify } from "../../src/chain/index.ts";
import type { RunView } from "../../src/host/index.ts";
import { bundleOf, get, issue, predicatesOf, tokens } from "./client.ts";
import { withVars } from "./inside.ts";

const NAMES = ["owner-1", "owner-2", "carol", "dora", "emil", "starter"] as const;
type Name = (typeof NAMES)[number];
const PEOPLE = Object.fromEntries(NAMES.map((name) => [name, issue(name)])) as Record<
  Name,
  ReturnType<typeof issue>
>;
const here = tokens(Object.values(PEOPLE));
const RULES = {
  REVIEW_AUTH: "token",
  SEPARATE_REVIEWER: "true",
  APPROVALS: '[{"role":"owner","count":1},{"role":"reviewer","count":2}]',
};

const start = () =>
  withVars(RULES, async () => {
    const answer = await here.post("/api/runs", {}, PEOPLE.starter.bearer);
    expect(answer.status, await answer.clone().text()).toBe(201);
    return answer.json<RunView>();
  });

const send = (view: RunView, who: Name, role: string, how = "approve", more = {}) =>
  here.post(
    `/api/runs/${view.run}/${how}`,
    { proposal: view.pending?.proposal, role, ...more },
    PEOPLE[who].bearer,
  );

/** 32 approvals at once, by these in turn; how many were taken, and what the verified chain holds of them. */
async function rush(view: RunView, by: readonly (readonly [Name, string])[]) {
  const answers = await Promise.all(
    Array.from({ length: 32 }, (_, i) => {
      const [who, role] = by[i % by.length] ?? ["starter", "reviewer"];
      // Each says something else, so that none is the same decision sent again.
      return send(view, who, role, "approve", { reason: `Approval ${i}.` });
    }),
  );
  const codes = await Promise.all(
    answers.map(async (answer) => (answer.ok ? "ok" : (await answer.json<{ code: string }>()).code)),
  );
  const decisions = await predicatesOf(view.run, "decision");
  return { codes, by: decisions.map(({ reviewer, role }) => `${reviewer.id} as ${role}`).sort() };
}

describe("32 approvals at once", () => {
  it("by all who may are as many as the policy asks for, and the call is made once", async () => {
    const view = await start();
    const { codes, by } = await rush(view, [
      ["owner-1", "owner"],
      ["dora", "reviewer"],
      ["owner-2", "owner"],
      ["emil", "reviewer"],
      ["carol", "reviewer"],
      ["carol", "owner"],
      ["starter", "reviewer"],
    ]);
    expect(by).toHaveLength(3);
    expect(by.filter((each) => each.endsWith("as owner"))).toHaveLength(1);
    expect(by.join()).not.toContain("starter");
    expect(codes.filter((code) => code === "ok")).toHaveLength(3);
    expect(new Set(codes.filter((code) => code !== "ok"))).toEqual(
      new Set(codes.filter((code) => ["ERR_APPROVALS", "ERR_REVIEWER", "ERR_DECISION_STALE"].includes(code))),
    );
    await expect.poll(async () => (await get<RunView>(`/api/runs/${view.run}`)).status).toBe("completed");
    const { report, run } = await verify(
      await bundleOf(view.run),
      await get("/.well-known/countersign.json"),
    );
    expect([report.verdict, run?.rounds.map(({ execution }) => execution?.status)]).toEqual([
      "valid",
      ["executed"],
    ]);
  });

  it.each<[what: string, by: readonly (readonly [Name, string])[], taken: string[]]>([
    ["one of them", [["dora", "reviewer"]], ["dora as reviewer"]],
    [
      "one in two roles",
      [
        ["carol", "reviewer"],
        ["carol", "owner"],
      ],
      ["carol as"],
    ],
    ["the starter", [["starter", "reviewer"]], []],
    [
      "two who are one short",
      [
        ["dora", "reviewer"],
        ["owner-1", "owner"],
      ],
      ["dora as reviewer", "owner-1 as owner"],
    ],
  ])("by %s leave the run waiting", async (_, by, taken) => {
    const view = await start();
    const said = await rush(view, by);
    expect(said.codes.filter((code) => code === "ok")).toHaveLength(taken.length);
    expect(said.by).toEqual(taken.map((each) => expect.stringContaining(each)));
    expect((await get<RunView>(`/api/runs/${view.run}`)).status).toBe("awaiting_decision");
  });

  it("by the author of an edit leave it waiting for others", async () => {
    const first = await start();
    const edit = { connector: "flags", method: "set", args: { flag: "old_pricing", on: true } };
    const asked = await send(first, "emil", "reviewer", "request-changes", { edit });
    expect(asked.status, await asked.clone().text()).toBe(200);
    await expect.poll(async () => (await get<RunView>(`/api/runs/${first.run}`)).pending?.revision).toBe(2);
    const view = await get<RunView>(`/api/runs/${first.run}`);
    expect(view.pending?.author).toEqual({ kind: "reviewer", id: "emil" });
    const { codes, by } = await rush(view, [["emil", "reviewer"]]);
    expect(new Set(codes)).toEqual(new Set(["ERR_REVIEWER"]));
    expect(by).toEqual(["emil as reviewer"]);
    expect((await get<RunView>(`/api/runs/${view.run}`)).status).toBe("awaiting_decision");
  });
});
