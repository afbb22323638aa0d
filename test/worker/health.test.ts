// Each binding that a run needs is tried, and told of by its name when it is missing or fails. Without it, nothing is started.
import { describe, expect, it, vi } from "vitest";
import { nameRun } from "../../src/http/run-stub.ts";
import { deploy, env, refusalOf } from "./client.ts";
import { within } from "./inside.ts";

/** What a deployment calls its bindings, and what /healthz calls them. */
const BINDINGS = [
  ["RUN", "the runs", "the storage of runs"],
  ["INDEX", "their list", "the list of runs"],
  ["LOADER", "the binding LOADER is missing", "(the binding LOADER)"],
  ["ASSETS", "the binding ASSETS is missing", "(the binding ASSETS)"],
  ["START_LIMIT", "the binding START_LIMIT is missing", "(the binding START_LIMIT)"],
] as const;

/** A binding that is there, and whose every use fails. */
const FAILING = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error("it is away");
    },
  },
);

const without = (name: string) => ({ [name]: undefined });

describe("/healthz", () => {
  it("is 200 when each binding works", async () => {
    const answer = await deploy({}).ask("/healthz");
    expect([answer.status, await answer.json()]).toEqual([200, { keys: "loaded", storage: "reachable" }]);
  });

  it.each(BINDINGS)("names %s when it is missing", async (name, missing) => {
    const answer = await deploy(without(name)).ask("/healthz");
    expect(await answer.json()).toMatchObject({
      status: 503,
      code: "ERR_BINDING_MISSING",
      detail: expect.stringContaining(missing),
    });
  });

  it.each(BINDINGS)("names %s when it fails", async (name, _, failing) => {
    vi.spyOn(console, "error").mockReturnValue();
    const answer = await deploy({ [name]: FAILING }).ask("/healthz");
    expect(await answer.json()).toMatchObject({
      status: 503,
      code: "ERR_UNAVAILABLE",
      detail: expect.stringContaining(failing),
    });
  });

  it("names everything that is wrong at once", async () => {
    const vars = { REVISIONS: "many", REVIEWER_KEY: "always", AGENT_SIGNING_KEY: "" };
    const answer = await deploy({ ...without("LOADER"), ...vars }).ask("/healthz");
    const { code, detail } = await answer.json<{ code: string; detail: string }>();
    expect(code).toBe("ERR_KEY_MISSING");
    for (const name of ["LOADER", "REVISIONS", "AGENT_SIGNING_KEY"]) expect(detail).toContain(name);
  });
});

describe("a deployment without a binding that runs need", () => {
  it.each([
    ["LOADER", "LOADER"],
    ["INDEX", "their list"],
  ])("%s starts none, and stores nothing", async (name, said) => {
    const run = nameRun(null);
    const startedBy = { id: "starter", method: "test" };
    const asked = `sha256:${"0".repeat(64)}` as const;
    const start = { alert: {}, startedBy, createdAt: new Date().toISOString(), asked };
    for (const how of ["start", "continueFrom"] as const) {
      const seen = await within(run, async (instance, { storage }) => {
        Object.defineProperty(instance, "env", { value: { ...env, ...without(name) } });
        const answer =
          how === "start"
            ? await instance.start(run, start, { waitMs: 0 })
            : await instance.continueFrom(run, start, { bundle: "{}" }, { waitMs: 0 });
        const tables = storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'request'").toArray();
        return { answer, tables, alarm: await storage.getAlarm() };
      });
      expect(seen).toMatchObject({
        answer: {
          ok: false,
          refusal: { code: "ERR_BINDING_MISSING", message: expect.stringContaining(said) },
        },
        tables: [],
        alarm: null,
      });
    }
  });

  it("cannot count starts without START_LIMIT, and takes none", async () => {
    const here = deploy(without("START_LIMIT"));
    const answer = await here.post("/api/runs", {}, { "cf-connecting-ip": "203.0.113.77" });
    expect(await refusalOf(answer)).toEqual([503, "ERR_BINDING_MISSING"]);
    expect(here.asked).toEqual([]);
  });
});
