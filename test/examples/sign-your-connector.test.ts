// examples/sign-your-connector in workerd, as it stands: Code Mode, a connector of its own, and a bundle that verifies.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { createCodemodeRuntime, DynamicWorkerExecutor } from "@cloudflare/codemode";
import { type Bundle, type Report, verify } from "countersign/chain";
import { describe, expect, it } from "vitest";
import { FlagRun } from "../../examples/sign-your-connector/flag-run.ts";
import { type Flags, FlagsConnector, probe } from "../../examples/sign-your-connector/flags.ts";
import { SignedRun } from "../../examples/sign-your-connector/signed-run.ts";
import type { Env as ExampleEnv } from "../../examples/sign-your-connector/worker.ts";

const AGENT: ExampleEnv["AGENT"] = Reflect.get(env, "AGENT");
const LOADER: ExampleEnv["LOADER"] = Reflect.get(env, "LOADER");

interface Started {
  readonly proposal: `sha256:${string}`;
  readonly call: unknown;
}

async function send<Value>(method: string, path: string, status = 200): Promise<Value> {
  const response = await exports.default.fetch(new Request(`http://localhost/${path}`, { method }));
  expect(response.status, await response.clone().text()).toBe(status);
  return response.json();
}

const start = (run: string) => send<Started>("POST", `${run}/start`);

async function reportOf(run: string): Promise<Report> {
  return verify(await send<Bundle>("GET", `${run}/bundle`), await send("GET", `${run}/trust`), { run });
}

const reasonsOf = async (run: string) =>
  (await send<Bundle>("GET", `${run}/bundle`)).receipts
    .map(({ payload }) => JSON.parse(atob(payload)))
    .filter(({ predicateType }) => predicateType === "urn:countersign:receipt:execution:v1")
    .map(({ predicate: { status, reason } }) => [status, reason]);

/** Opens a run of the example by hand, on a table that takes no write. */
async function openFull(run: string, ctx: DurableObjectState): Promise<FlagRun> {
  const [agent, human, runtime] = ["AGENT", "HUMAN", "RUNTIME"].map((role): string =>
    Reflect.get(env, `${role}_SIGNING_KEY`),
  );
  if (!agent || !human || !runtime) throw new Error("expected three keys");
  const signed = await SignedRun.open(run, "https://flags.example", ctx.storage, { agent, human, runtime });
  const flags: Flags = { new_pricing: true };
  const connector = new FlagsConnector(ctx, {
    read: () => flags,
    probe: () => probe(flags),
    set: (executionId, args) => opened.set(executionId, args),
  });
  const executor = new DynamicWorkerExecutor({ loader: LOADER, globalOutbound: null });
  const scripts = createCodemodeRuntime({ ctx, executor, connectors: [connector] });
  const write = () => {
    throw new Error("the table of flags is full");
  };
  const opened = new FlagRun(signed, scripts, { read: () => flags, write });
  return opened;
}

describe("the example", () => {
  it("stops at the gated call, with a chain that is open", async () => {
    const { call } = await start("waits");
    expect(call).toEqual({ connector: "flags", method: "set", args: { flag: "new_pricing", on: false } });
    expect(await reportOf("waits")).toMatchObject({ verdict: "incomplete", count: 4 });
    expect(await send("POST", "waits/start", 409)).toEqual({ detail: "this run has begun" });
  });

  it("makes the call that was approved, and ends as a valid bundle", async () => {
    const { proposal } = await start("approved");
    const ended = await send("POST", `approved/approve?proposal=${proposal}`);
    expect(ended).toEqual({ outcome: "resolved", flags: { new_pricing: false } });
    expect(await reportOf("approved")).toMatchObject({ verdict: "valid", count: 8 });
  });

  it("withholds the call that was rejected, and ends as a valid bundle", async () => {
    const { proposal } = await start("rejected");
    const ended = await send("POST", `rejected/reject?proposal=${proposal}`);
    expect(ended).toEqual({ outcome: "not_run", flags: { new_pricing: true } });
    expect(await reportOf("rejected")).toMatchObject({ verdict: "valid", count: 8 });
  });

  it("says why an approved call was refused, and that a call was rejected", async () => {
    await runInDurableObject(AGENT.getByName("refused"), async (_, ctx) => {
      const run = await openFull("refused", ctx);
      await run.start();
      await run.decide(run.signed.state.round?.proposal.digest ?? null, "approve");
    });
    expect(await reasonsOf("refused")).toEqual([
      ["failed", "The call was refused: Error: the table of flags is full"],
    ]);
    expect(await reportOf("refused")).toMatchObject({ verdict: "valid", count: 8 });
    const { proposal } = await start("turned-down");
    await send("POST", `turned-down/reject?proposal=${proposal}`);
    expect(await reasonsOf("turned-down")).toEqual([["withheld", "The reviewer rejected the call."]]);
  });

  it("signs nothing for a decision on another proposal, or for a second one", async () => {
    const { proposal } = await start("twice");
    const other = `sha256:${"0".repeat(64)}`;
    expect(await send("POST", `twice/approve?proposal=${other}`, 409)).toEqual({
      detail: `the open proposal is ${proposal}`,
    });
    expect((await reportOf("twice")).count).toBe(4);
    await send("POST", `twice/reject?proposal=${proposal}`);
    await send("POST", `twice/approve?proposal=${proposal}`, 409);
    expect(await reportOf("twice")).toMatchObject({ verdict: "valid", count: 8 });
  });

  it("goes on from its receipts after a restart", async () => {
    const { proposal } = await start("restarted");
    await evictDurableObject(AGENT.getByName("restarted"));
    await send("POST", `restarted/approve?proposal=${proposal}`);
    expect(await reportOf("restarted")).toMatchObject({ verdict: "valid", count: 8 });
  });

  it("makes only the very call that was approved, only then, and only once", async () => {
    const { proposal } = await start("gated");
    const stub = AGENT.getByName("gated");
    await runInDurableObject(stub, async (_, ctx) => {
      const [agent, human, runtime] = ["AGENT", "HUMAN", "RUNTIME"].map((role): string =>
        Reflect.get(env, `${role}_SIGNING_KEY`),
      );
      if (!agent || !human || !runtime) throw new Error("expected three keys");
      const signed = await SignedRun.open("gated", "https://flags.example", ctx.storage, {
        agent,
        human,
        runtime,
      });
      const executor = new DynamicWorkerExecutor({ loader: LOADER, globalOutbound: null });
      const scripts = createCodemodeRuntime({ ctx, executor, connectors: [] });
      let flags: Flags = { new_pricing: true };
      const run = new FlagRun(signed, scripts, { read: () => flags, write: (next) => (flags = next) });
      const { preview, proposal: opened } = signed.state.round ?? {};
      const id = preview?.statement.predicate.execution.id ?? "";
      const approved = { flag: "new_pricing", on: false };
      const refusal = "no approval of exactly this call";
      expect(() => run.set(id, approved)).toThrow(refusal);

      const action = signed.artifact(opened?.statement.subject[0]?.digest.sha256 ?? "");
      if (!preview || !action) throw new Error("expected a preview and its action");
      const reviewer = { id: "reviewer", method: "test" };
      const decision = {
        decision: "approve" as const,
        proposal,
        preview: preview.digest,
        reason: "",
        reviewer,
      };
      signed.append("decision", { action }, decision);
      expect(() => run.set(id, { flag: "new_pricing", on: true })).toThrow(refusal);
      expect(() => run.set("another", approved)).toThrow("the approval is for another execution");
      expect(flags).toEqual({ new_pricing: true });
      expect(run.set(id, approved)).toEqual({ new_pricing: false });
      expect(() => run.set(id, approved)).toThrow(refusal);
      expect(signed.state).toMatchObject({ count: 6, last: "execution", written: true });
    });
  });

  it("does not go on from a database that somebody changed", async () => {
    const { proposal } = await start("changed");
    const stub = AGENT.getByName("changed");
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec("DELETE FROM receipts WHERE seq = 1");
    });
    await evictDurableObject(stub);
    const answer = await send<{ detail: string }>("POST", `changed/approve?proposal=${proposal}`, 500);
    expect(answer.detail).toContain("this run cannot go on: Error: receipt 1: ERR_SEQ");
  });
});
