// Plain connectors behind the gate: no tool runs without a human but those that the domain lists as free, and an approved one is called
// once, with exactly the arguments that were approved.
import { describe, expect, it } from "vitest";
import type { Domain } from "../../src/domain/index.ts";
import { inRun, runApproved, verified } from "./in-run.ts";
import { Api, type Call, domainOf, Issues, Mailbox, planner, Tools, wild } from "./plain-connectors.ts";

interface Kind {
  readonly connectors: (calls: Call[]) => NonNullable<Domain<unknown>["connectors"]>;
  readonly free: Domain<unknown>["free"];
  readonly read: string;
  readonly write: string;
  readonly action: unknown;
  readonly made: Call;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "an own connector's unmarked tool": {
    connectors:
      (calls) =>
      ({ env, ctx }) => [new Mailbox(ctx, env, calls)],
    free: [{ connector: "mail", method: "list" }],
    read: "mail.list({})",
    write: `mail.send({ to: "bob", n: 1 })`,
    action: { connector: "mail", method: "send", args: { to: "bob", n: 1 } },
    made: ["send", { to: "bob", n: 1 }],
  },
  "a tool that is marked as in need of no approval, called with nothing": {
    connectors:
      (calls) =>
      ({ env, ctx }) => [new Mailbox(ctx, env, calls)],
    free: [{ connector: "mail", method: "list" }],
    read: "mail.list({})",
    write: "mail.purge()",
    action: { connector: "mail", method: "purge", args: {} },
    made: ["purge", {}],
  },
  "a tool of an MCP server that calls it read-only": {
    connectors:
      (calls) =>
      ({ env, ctx }) => [new Issues(ctx, env, calls)],
    free: [{ connector: "issues", method: "list" }],
    read: "issues.list({})",
    write: `issues.create({ title: "Down" })`,
    action: { connector: "issues", method: "create", args: { title: "Down" } },
    made: ["create", { title: "Down" }],
  },
  "a POST through an OpenAPI connector's request": {
    connectors:
      (calls) =>
      ({ env, ctx }) => [new Api(ctx, env, calls)],
    free: [{ connector: "api", method: "head" }],
    read: `api.head({ repository: "api" })`,
    write: `api.request({ method: "POST", path: "/api/merge", body: { number: 1 } })`,
    action: {
      connector: "api",
      method: "request",
      args: { method: "POST", path: "/api/merge", body: { number: 1 } },
    },
    made: ["POST", "/api/merge"],
  },
  "a tool whose own schema transforms": {
    connectors:
      (calls) =>
      ({ env, ctx }) => [new Tools(ctx, env, calls), wild(calls, ["look"])],
    free: [{ connector: "wild", method: "look" }],
    read: "wild.look({})",
    write: `tools.pay({ amount: "5" })`,
    action: { connector: "tools", method: "pay", args: { amount: "5" } },
    made: ["pay", { amount: "5" }],
  },
  ...Object.fromEntries(
    ["constructor", "toString", "__proto__", "hasOwnProperty", "describe"].map((method): [string, Kind] => [
      `a tool of the name ${method}`,
      {
        connectors: (calls) => () => [wild(calls, ["look", method])],
        free: [{ connector: "wild", method: "look" }],
        read: "wild.look({})",
        write: `wild.${method}({ really: true })`,
        action: { connector: "wild", method, args: { really: true } },
        made: [method, { really: true }],
      },
    ]),
  ),
};

describe.each(Object.entries(KINDS))("%s", (_, { connectors, free, read, write, action, made }) => {
  it.each(["approve", "reject"] as const)("waits for a human, who says %s", async (decision) => {
    const calls: Call[] = [];
    await inRun(async (run) => {
      const script = `async () => ({ got: await ${read}, did: await ${write} })`;
      run.configure({
        domain: domainOf(connectors(calls), free),
        planner: planner(script, `async () => ({ got: await ${read} })`),
      });
      run.create();
      expect(await run.drive()).toMatchObject({ for: "human" });
      const reads = calls.length;
      expect(calls).not.toContainEqual(made);
      await run.decide(decision);
      expect(await run.drive()).toEqual({ for: "end" });
      const [round] = (await verified(run)).rounds;
      expect(round?.action).toMatchObject(action as object);
      expect(round?.execution?.status).toBe(decision === "approve" ? "executed" : "withheld");
      expect(round?.execution?.reason ?? "").not.toContain("failed");
      expect(calls.slice(reads)).toEqual(decision === "approve" ? [made] : []);
      const [evidence] = (await run.engine()).context.chain.all("evidence");
      const [item] = evidence?.statement.subject.slice(1) ?? [];
      const told = JSON.parse(new TextDecoder().decode(run.store.artifact(item?.digest.sha256 ?? "")));
      expect(told.result).not.toBeNull();
    });
  });
});

describe("a method that nobody offers", () => {
  it.each(["constructor", "__proto__", "toString", "describe", "executeTool", "then", "request"])(
    "such as %s reaches no tool",
    async (method) => {
      const calls: Call[] = [];
      const said = await runApproved({
        domain: domainOf(() => [wild(calls, ["look"])], [{ connector: "wild", method: "look" }]),
        planner: planner(`async () => wild.${method}({})`),
      });
      expect(calls).toEqual([]);
      expect(said.rounds).toEqual([]);
    },
  );

  it("of a Code Mode connector reaches no tool either", async () => {
    const calls: Call[] = [];
    for (const method of ["constructor", "__proto__", "describe", "fetch"]) {
      const connectors: Domain<unknown>["connectors"] = ({ env, ctx }) => [new Mailbox(ctx, env, calls)];
      const said = await runApproved({
        domain: domainOf(connectors),
        planner: planner(`async () => mail.${method}({})`),
      });
      expect(said.rounds).toEqual([]);
    }
    expect(calls).toEqual([]);
  });
});

describe("a tool that appears after the start", () => {
  it("does not run in the pass in which it was not announced, and waits for a human in the next", async () => {
    const calls: Call[] = [];
    const methods = ["look"];
    const said = await runApproved({
      domain: domainOf(
        () => [
          {
            ...wild(calls, methods),
            describe: () => wild(calls, methods).describe(),
            executeTool: async (method, args) => {
              calls.push([method, args]);
              methods.push("late");
              return {};
            },
          },
        ],
        [{ connector: "wild", method: "look" }],
      ),
      planner: planner(`async () => { await wild.look({}); return wild.late({ n: 1 }); }`),
    });
    expect(said.rounds).toHaveLength(1);
    expect(said.rounds[0]).toMatchObject({ action: { method: "late" }, execution: { status: "executed" } });
    expect(calls.filter(([method]) => method === "late")).toEqual([["late", { n: 1 }]]);
  });
});
