// Each binding that a run needs is tried, and told of by its name when it is missing or fails. Without it, nothing is started.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { nameRun } from "../../src/http/run-stub.ts";
import { stubOf } from "./client.ts";
import { codeOf, deploy } from "./deployment.ts";
import { runRequest } from "./instances.ts";

const BINDINGS = ["RUN", "INDEX", "LOADER", "ASSETS", "START_LIMIT"] as const;

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
    expect((await deploy({}).ask("/healthz")).status).toBe(200);
  });

  it.each(BINDINGS)("names %s when it is missing", async (name) => {
    const answer = await deploy(without(name)).ask("/healthz");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: "ERR_BINDING_MISSING",
      detail: expect.stringContaining(`the binding ${name} is missing`),
    });
  });

  it.each(BINDINGS)("names %s when it fails", async (name) => {
    vi.spyOn(console, "error").mockReturnValue();
    const answer = await deploy({ [name]: FAILING }).ask("/healthz");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: "ERR_UNAVAILABLE",
      detail: expect.stringContaining(`(the binding ${name})`),
    });
  });

  it("names everything that is wrong at once", async () => {
    const answer = await deploy({ ...without("LOADER"), REVISIONS: "many", AGENT_SIGNING_KEY: "" }).ask(
      "/healthz",
    );
    const { code, detail } = await answer.json<{ code: string; detail: string }>();
    expect(code).toBe("ERR_KEY_MISSING");
    for (const name of ["LOADER", "REVISIONS", "AGENT_SIGNING_KEY"]) expect(detail).toContain(name);
  });
});

describe("a deployment without a binding that runs need", () => {
  it.each(["LOADER", "INDEX"])("%s starts none, and stores nothing", async (name) => {
    const run = nameRun(null);
    const broken = { ...env, ...without(name) };
    const parent = { bundle: "{}" };
    for (const start of ["start", "continueFrom"] as const) {
      const seen = await runInDurableObject(stubOf(run), async (instance, { storage }) => {
        Object.defineProperty(instance, "env", { value: broken });
        const answer =
          start === "start"
            ? await instance.start(run, runRequest(), { waitMs: 0 })
            : await instance.continueFrom(run, { ...runRequest(), parent }, { waitMs: 0 });
        const tables = storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'request'").toArray();
        return { answer, tables, alarm: await storage.getAlarm() };
      });
      expect(seen).toMatchObject({
        answer: {
          ok: false,
          refusal: { code: "ERR_BINDING_MISSING", message: expect.stringContaining(name) },
        },
        tables: [],
        alarm: null,
      });
    }
  });

  it("cannot count starts without START_LIMIT, and takes none", async () => {
    const here = deploy(without("START_LIMIT"));
    const answer = await here.post("/api/runs", {}, { "cf-connecting-ip": "203.0.113.77" });
    expect([answer.status, await codeOf(answer)]).toEqual([503, "ERR_BINDING_MISSING"]);
    expect(here.asked).toEqual([]);
  });
});
