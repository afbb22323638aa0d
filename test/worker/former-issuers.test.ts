// The names that a deployment has borne: a run opens under any that is listed, and no name lets in what does not verify.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { app } from "../../src/http/app.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import type { Env } from "../../src/run/env.ts";
import type { RunDurableObject } from "../../src/run/run-durable-object.ts";
import { runIndexOf } from "../../src/run/run-index-stub.ts";
import { loadSigningKeys } from "../../src/run/signing-keys.ts";
import { takeOver } from "../../src/run/take-over.ts";
import { decided, get, startRun, stubOf } from "./client.ts";
import { bundleOf, rejectedFor } from "./continuing.ts";
import { deploy } from "./deployment.ts";
import { runRequest } from "./instances.ts";

const FORMER = env.ISSUER ?? "";
const NEW = "https://new.example";
const OTHER = "https://other.example";
const RENAMED: Env = { ...env, ISSUER: NEW };
const LISTED: Env = { ...RENAMED, FORMER_ISSUERS: JSON.stringify([FORMER]) };

/** Does something in a run's next instance, under another deployment's variables. */
async function under<Value>(
  deployment: Env,
  run: string,
  work: (instance: RunDurableObject, state: DurableObjectState) => Promise<Value>,
): Promise<Value> {
  await evictDurableObject(stubOf(run));
  return within(deployment, run, work);
}

/** The same in the instance that there is, or in a first one. */
function within<Value>(
  deployment: Env,
  run: string,
  work: (instance: RunDurableObject, state: DurableObjectState) => Promise<Value>,
): Promise<Value> {
  return runInDurableObject(stubOf(run), (instance, state) => {
    Object.defineProperty(instance, "env", { value: deployment });
    return work(instance, state);
  });
}

describe("a run of a name that is not listed", () => {
  it("is told apart from one that is corrupt, and comes back to itself", async () => {
    const errors = vi.spyOn(console, "error").mockReturnValue();
    const { run } = await startRun();
    const next = await under(RENAMED, run, async (instance, { storage }) => {
      expect(await instance.view()).toMatchObject({ ok: false, refusal: { code: "ERR_ISSUER_UNLISTED" } });
      await storage.deleteAlarm();
      await instance.alarm();
      return storage.getAlarm();
    });
    expect(next).toBeGreaterThan(Date.now());
    expect(next).toBeLessThan(Date.now() + 2 * 3_600_000);
    expect(errors.mock.calls.join()).toContain("issuer_unlisted");
    errors.mockRestore();
    expect(await under(LISTED, run, (instance) => instance.view())).toMatchObject({
      ok: true,
      value: { status: "awaiting_decision" },
    });
  });

  it("whose chain does not verify under that name either is corrupt", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const { run } = await startRun();
    const opened = await under(RENAMED, run, (instance, { storage }) => {
      storage.sql.exec(
        'UPDATE receipts SET envelope = replace(envelope, \'"sig":"\', \'"sig":"A\') WHERE seq = 1',
      );
      return instance.view();
    });
    expect(opened).toMatchObject({ ok: false, refusal: { code: "ERR_CHAIN_CORRUPT" } });
  });

  it("keeps its alert from no other, and its alert starts no second run", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const alert = (fingerprint: string) => ({
      status: "firing",
      fingerprint,
      startsAt: "2026-11-23T05:30:00Z",
      labels: { alertname: "CheckoutFails" },
      annotations: {},
    });
    const send = (...alerts: object[]) =>
      deploy({}).post("/api/alerts/alertmanager", { version: "4", groupKey: "g", status: "firing", alerts });
    const runs = async (answer: Response) => {
      expect(answer.status, await answer.clone().text()).toBe(200);
      return ((await answer.json()) as { alerts: { run: string }[] }).alerts.map(({ run }) => run);
    };
    const [first = ""] = await runs(await send(alert("0123456789abcdef")));
    await vi.waitFor(async () => expect(await get(`/api/runs/${first}`)).toMatchObject({ count: 4 }));
    await under(RENAMED, first, async () => {});
    const [again, other] = await runs(await send(alert("0123456789abcdef"), alert("fedcba9876543210")));
    expect(again).toBe(first);
    expect(other).toMatch(/^run-/);
  });
});

describe("a run of a former name", () => {
  it("goes on, and writes", async () => {
    const view = await startRun();
    const proposal = view.pending?.proposal ?? "sha256:";
    const reviewer = { id: "reviewer", method: "test" };
    const approved = await under(LISTED, view.run, (instance) =>
      instance.decide({ decision: "approve", proposal, reason: "", reviewer }, { waitMs: 20_000 }),
    );
    expect(approved).toMatchObject({ ok: true, value: { status: "completed" } });
  });

  it("can be continued, which is noted there", async () => {
    const { run } = await rejectedFor("Answer 409 instead.");
    const bundle = JSON.stringify(await bundleOf(run));
    const taken = async (deployment: Env) => {
      const keys = loadSigningKeys(deployment);
      return keys.ok ? takeOver({ bundle }, deployment, keys.value) : keys;
    };
    expect(await taken(RENAMED)).toMatchObject({ ok: false, refusal: { code: "ERR_PARENT_ISSUER" } });
    expect(await taken(LISTED)).toMatchObject({ ok: true, value: { run, issuer: FORMER } });

    const child = nameRun(null);
    const started = await within(LISTED, child, (instance) =>
      instance.continueFrom(child, { ...runRequest(), alert: {}, parent: { bundle } }, { waitMs: 20_000 }),
    );
    expect(started).toMatchObject({ ok: true, value: { status: "awaiting_decision" } });
    await vi.waitFor(async () =>
      expect(await get(`/api/runs/${run}/lineage`)).toMatchObject({ continuedBy: [{ run: child }] }),
    );
  });

  it("is verified by the MCP tools under its own name's policy", async () => {
    const bundle = await bundleOf((await decided(await startRun(), "reject")).run);
    const call = async (deployment: Env) => {
      const body = {
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "verify_bundle", arguments: { bundle } },
      };
      const headers = { accept: "application/json, text/event-stream" };
      return (await deploy(deployment).post("/mcp", body, headers)).text();
    };
    expect(await call(LISTED)).toMatch(/\\?"verdict\\?":\s*\\?"valid/);
    expect(await call(RENAMED)).toContain("ERR_ISSUER");
  });
});

describe("FORMER_ISSUERS", () => {
  it.each([
    ["no JSON", "https://old.example"],
    ["no array", '"https://old.example"'],
    ["no text", "[1]"],
    ["an empty name", '[""]'],
    ["a name too long", JSON.stringify(["x".repeat(301)])],
  ])("that holds %s stops the deployment and is named", async (_, FORMER_ISSUERS) => {
    const health = await app.request("/healthz", {}, { ...env, FORMER_ISSUERS });
    expect([health.status, await health.json()]).toEqual([
      503,
      expect.objectContaining({
        code: "ERR_FORMER_ISSUERS",
        detail: expect.stringContaining("FORMER_ISSUERS"),
      }),
    ]);
  });

  it("may list the present name, so that a name is never in neither place", () => {
    const keys = loadSigningKeys({ ...env, FORMER_ISSUERS: JSON.stringify([FORMER, NEW]) });
    expect(keys.ok && [...keys.value.issuers]).toEqual([FORMER, NEW]);
  });

  it("and TRUSTED_ISSUERS may not both list a name: whose keys would count?", async () => {
    const policy = await get("/.well-known/countersign.json");
    const both = { ...LISTED, TRUSTED_ISSUERS: JSON.stringify([policy]) };
    const health = await app.request("/healthz", {}, both);
    expect(await health.json()).toMatchObject({
      code: "ERR_TRUSTED_ISSUERS",
      detail: expect.stringContaining("this deployment itself"),
    });
  });
});

describe("the list", () => {
  it("tells each name once, and forgets it with its last run", async () => {
    await startRun();
    const entry = (await runIndexOf(env).list({ which: "any", after: null, limit: 1 }))[0];
    if (!entry) throw new Error("expected an entry");
    const names = [...Array(40).keys()].map((i) => `run-${String(i).padStart(24, "0")}`);
    for (const name of names) await runIndexOf(env).report({ ...entry, run: name }, OTHER);
    expect((await runIndexOf(env).issuers()).filter((name) => name === OTHER)).toEqual([OTHER]);
    for (const name of names) await runIndexOf(env).forget(name);
    expect(await runIndexOf(env).issuers()).not.toContain(OTHER);
  });
});
