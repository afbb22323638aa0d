// The connectors of the page, as it shows them: an MCP server over HTTP with a bearer secret, an HTTP API by its OpenAPI document, and an
// AI SDK tool set. A gated tool is called once, with exactly the approved arguments; after a kill, once or never again.
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, inject, it } from "vitest";
import page from "../../docs/gate-your-own.md?raw";
import type { Domain } from "../../src/domain/index.ts";
import { defineDomain } from "../../src/domain/index.ts";
import { type Env, plain, Tracker } from "./connector-examples.ts";
import examples from "./connector-examples.ts?raw";
import { FaultPoints, STOPPED } from "./fault-points.ts";
import { forgeLog } from "./forge-domain.ts";
import { inRun, newRun, stubOf, verified } from "./in-run.ts";
import type { Issue } from "./mcp-server.ts";
import { planner } from "./plain-connectors.ts";
import type { TestRun } from "./worker.ts";

const tracker = inject("tracker");
let accounts = 0;

/** A domain of the page with bindings of its own, and what reached the systems behind it. */
function given(domain: Domain<Env> = plain) {
  const account = `account-${++accounts}`;
  const refunds: unknown[] = [];
  const env: Env = {
    TRACKER_URL: `${tracker.url}/${account}/mcp`,
    TRACKER_TOKEN: tracker.token,
    FORGE_URL: `${inject("forge")}/`,
    FORGE_TOKEN: "forge-secret",
    SHOP: {
      refund: async (order, cents) => {
        refunds.push([order, cents]);
        return { refunded: cents };
      },
    },
  };
  const bound: Domain<unknown> = {
    ...domain,
    connectors: ({ ctx }) => domain.connectors?.({ ctx, env }) ?? [],
  } as Domain<unknown>;
  const issues = async (): Promise<Issue[]> => (await fetch(`${tracker.url}/${account}/log`)).json();
  return { domain: bound as Domain<never>, account, issues, refunds };
}

const ISSUE = { title: "Checkout is down", body: "6 of 32 requests fail — “cart” is undefined." };
const CREATE = `async () => tracker.create_issue(${JSON.stringify(ISSUE)})`;

describe("the page", () => {
  it.each(["MCP", "OpenAPI", "tools", "domain"])(
    "shows the connector of %s that is run here, in ten lines",
    (name) => {
      const shown =
        new RegExp(`// region: ${name}\n// biome-ignore .*\n([\\s\\S]*?)// end\n`).exec(examples)?.[1] ?? "?";
      expect(page).toContain(shown.trimEnd());
      expect(shown.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
    },
  );
});

describe("a tool of an MCP server over HTTP", () => {
  it.each([
    ["approve", "executed", "", [ISSUE]],
    ["reject", "withheld", "The reviewer rejected the proposal.", []],
  ] as const)("that a human says %s to is %s", async (decision, status, reason, reached) => {
    const { domain, issues } = given();
    await inRun(async (run) => {
      run.configure({ domain, planner: planner(CREATE, "async () => tracker.list_issues({})") });
      run.create();
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(await issues()).toEqual([]);
      await run.decide(decision);
      await run.drive();
      const said = await verified(run);
      expect(said.rounds).toMatchObject([
        {
          action: { connector: "tracker", method: "create_issue", args: ISSUE },
          execution: { status, reason },
        },
      ]);
      expect(await issues()).toEqual(reached);
      const { chain } = (await run.engine()).context;
      expect(chain.all("evidence")[0]?.statement.predicate.items).toMatchObject([{ method: "list_issues" }]);
    });
  });

  it("whose secret is wrong offers nothing, and the run says so", async () => {
    const { domain, issues } = given(
      defineDomain<Env>({
        ...plain,
        connectors: ({ ctx, env }) => [new Tracker(ctx, { ...env, TRACKER_TOKEN: "wrong" })],
      }),
    );
    await inRun(async (run) => {
      run.configure({ domain, planner: planner(CREATE) });
      run.create();
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.outcome?.reason).toContain("ended after 5 attempts");
      expect(JSON.stringify(said)).not.toContain("wrong");
      expect(await issues()).toEqual([]);
    });
  });

  it("that cannot be reached at first is reached at a later try, though Code Mode keeps a connection that failed", async () => {
    let tries = 0;
    const { domain, issues } = given(
      defineDomain<Env>({
        ...plain,
        connectors: ({ ctx, env }) => [
          new Tracker(ctx, { ...env, TRACKER_TOKEN: ++tries < 3 ? "not yet" : env.TRACKER_TOKEN }),
        ],
      }),
    );
    await inRun(async (run) => {
      run.configure({ domain, planner: planner(CREATE, "async () => tracker.list_issues({})") });
      run.create();
      expect(await run.drive()).toMatchObject({ for: "human" });
      await run.decide("approve");
      await run.drive();
      expect((await verified(run)).rounds[0]?.execution).toMatchObject({ status: "executed" });
      expect(await issues()).toEqual([ISSUE]);
      expect(tries).toBe(3);
    });
  });

  it("is called once after a kill before begun; from begun to done it is unknown, and never sent again", async () => {
    const walk = new FaultPoints();
    await killed(walk);
    const after = walk.met.slice(walk.met.indexOf(APPROVED));
    const seen: string[] = [];
    for (const point of after) {
      const { fence, status, recovered, called } = await killed(new FaultPoints(point));
      const where = `${point}: fence ${fence}`;
      if (fence === "begun") expect([status, called <= 1], where).toEqual(["unknown", true]);
      else
        expect([status, called, fence === "none" ? recovered : true], where).toEqual(["executed", 1, true]);
      seen.push(`${fence} ${called}`);
    }
    // Stopped before begun, before the request, after its answer, and after the fence said done.
    expect(new Set(seen)).toEqual(new Set(["none 1", "begun 0", "begun 1", "done 1"]));
  });
});

describe("a call of an HTTP API by its OpenAPI document", () => {
  it("is free where the domain says so, and waits for a human everywhere else", async () => {
    const { domain } = given();
    const repository = `open-${accounts}`;
    await inRun(async (run) => {
      const look = `async () => ({ summary: await forge.head({ repository: "${repository}" }) })`;
      const merge = `async () => forge.merge({ repository: "${repository}", body: { number: 7 } })`;
      run.configure({ domain, planner: planner(merge, look) });
      run.create();
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect((await forgeLog(repository)).asked).toEqual([]);
      await run.decide("approve");
      await run.drive();
      const said = await verified(run);
      expect(said.rounds).toMatchObject([
        {
          action: { connector: "forge", method: "merge", args: { repository, body: { number: 7 } } },
          execution: { status: "executed", reason: "" },
        },
      ]);
      expect((await forgeLog(repository)).sent).toEqual([{ number: 7 }]);
      expect((await run.engine()).context.chain.all("evidence")[0]?.statement.predicate.summary).toBe(
        "commit-0",
      );
    });
  });
});

describe("a tool of an AI SDK tool set", () => {
  it("waits for a human, and is called once with what was approved", async () => {
    const { domain, refunds } = given();
    await inRun(async (run) => {
      run.configure({ domain, planner: planner(`async () => shop.refund({ order: "A-7", cents: 500 })`) });
      run.create();
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(refunds).toEqual([]);
      await run.decide("approve");
      await run.drive();
      expect((await verified(run)).rounds[0]?.execution).toMatchObject({ status: "executed", reason: "" });
      expect(refunds).toEqual([["A-7", 500]]);
    });
  });
});

const APPROVED = "approved 0";

/** Runs an approved call of the tracker in an object that is stopped at a point, then goes on; tells what the next one found and did. */
async function killed(points: FaultPoints) {
  class Watched extends Tracker {
    protected override async createConnection() {
      const { client, ...rest } = await super.createConnection();
      const callTool = async (params: Parameters<typeof client.callTool>[0]) => {
        await points.reach("before the request");
        const answer = await client.callTool(params);
        await points.reach("after the answer");
        return answer;
      };
      return { client: Object.assign(Object.create(client), { callTool }) as typeof client, ...rest };
    }
  }
  const { domain, issues } = given(
    defineDomain<Env>({ ...plain, connectors: ({ ctx, env }) => [new Watched(ctx, env)] }),
  );
  const name = newRun();
  const inside = <Value>(work: (run: TestRun) => Promise<Value>) => runInDurableObject(stubOf(name), work);
  await inside(async (run) => {
    run.configure({ domain, planner: planner(CREATE) });
    run.create();
    await run.drive();
    await run.decide("approve");
  });
  try {
    await runInDurableObject(stubOf(name), async (run: TestRun, state) => {
      points.watch(run, state);
      run.forget();
      await points.reach("approved");
      await run.drive();
    });
  } catch (error) {
    if (!String(error).includes(STOPPED)) throw error;
  }
  return inside(async (run) => {
    const [row] = run.sql.exec<{ state: string }>("SELECT state FROM fence").toArray();
    await run.drive();
    const [execution] = (await run.engine()).context.chain.all("execution");
    await verified(run);
    const called = await issues();
    expect(called.every((issue) => JSON.stringify(issue) === JSON.stringify(ISSUE))).toBe(true);
    const { status, recovered } = execution?.statement.predicate ?? {};
    return { fence: row?.state ?? "none", status, recovered, called: called.length };
  });
}
