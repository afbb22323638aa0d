// Each binding that a run needs is tried, and told of by its name when it is missing or fails. Without it, nothing is started.
import { afterEach, describe, expect, it, vi } from "vitest";
import { declareDeployment, declaredButton } from "../../src/host/env.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { deploy, env, refusalOf } from "./client.ts";
import { within } from "./inside.ts";
import { REVIEWERS } from "./reviewers.ts";
import type { TestEnv } from "./worker.ts";

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

describe("a reviewers' file that is malformed", () => {
  const entry = REVIEWERS[0];
  const declare = (reviewers: unknown) => {
    const button = declaredButton();
    declareDeployment<TestEnv>({
      runs: (bound) => bound.RUN,
      index: (bound) => bound.INDEX,
      reviewers,
      ...(button && { button }),
    });
  };
  afterEach(() => declare(REVIEWERS));

  it.each([
    ["no list", { reviewers: [] }, "expected array"],
    ["nothing", undefined, "expected array"],
    ["a misspelt member", [{ ...entry, role: "owner" }], 'Unrecognized key: "role"'],
    [
      "a time that is none",
      [{ ...entry, roles: [{ role: "owner", notBefore: "soon" }] }],
      "0.roles.0.notBefore",
    ],
    ["one reviewer twice", [entry, entry], "the reviewer owner-1 stands twice"],
    [
      "a key that is none",
      [{ ...entry, keys: [sshKey("ssh-ed25519 AAAA")] }],
      "a ssh key of owner-1 is unsound",
    ],
  ])("(%s) starts no run, and says what is wrong, on the desk too", async (_, reviewers, said) => {
    declare(reviewers);
    const here = deploy({});
    const health = await here.ask("/healthz");
    expect(await health.json()).toMatchObject({
      code: "ERR_REVIEWERS",
      detail: expect.stringContaining(said),
    });
    expect(await refusalOf(await here.post("/api/runs", {}))).toEqual([503, "ERR_REVIEWERS"]);
    const desk = await (await here.ask("/")).text();
    expect(desk).toContain("The reviewers&#39; file: ");
    expect(desk).toContain(said.replaceAll('"', "&quot;"));
  });
});

function sshKey(publicKey: string) {
  return { type: "ssh", publicKey, notBefore: null, notAfter: null, revokedAt: null };
}

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
