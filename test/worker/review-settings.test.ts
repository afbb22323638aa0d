// Settings that do not add up let nobody decide, by name of the variable; protected reading lets no stranger read anything.
import { beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import {
  codeOf,
  type Deployment,
  deploy,
  expectNothingSigned,
  goodBody,
  issue,
  post,
  refusalOf,
  routesOf,
  startRun,
} from "./client.ts";
import { withVars } from "./inside.ts";

const alice = issue("alice");
const LIST = JSON.stringify([alice.entry]);
const TEAM = {
  REVIEW_AUTH: "access",
  ACCESS_TEAM_DOMAIN: "https://team.cloudflareaccess.com",
  ACCESS_AUD: "aud",
};
const TOKEN = { REVIEW_AUTH: "token", REVIEWER_TOKENS: LIST };

type Vars = Parameters<typeof deploy>[0];

/** Settings of which exactly one variable is wrong. */
const UNUSABLE: [name: string, vars: Vars][] = [
  ["REVIEW_AUTH", { REVIEW_AUTH: undefined }],
  ["REVIEW_AUTH", { REVIEW_AUTH: "" }],
  ["REVIEW_AUTH", { REVIEW_AUTH: "Open" }],
  ["REVIEW_AUTH", { REVIEW_AUTH: "none" }],
  ["READ_AUTH", { READ_AUTH: undefined }],
  ["READ_AUTH", { READ_AUTH: "private" }],
  ["READ_AUTH", { READ_AUTH: "protected" }],
  ["REVIEWER_TOKENS", { ...TOKEN, REVIEWER_TOKENS: undefined }],
  ["REVIEWER_TOKENS", { ...TOKEN, REVIEWER_TOKENS: "alice" }],
  ["REVIEWER_TOKENS", { ...TOKEN, REVIEWER_TOKENS: "[]" }],
  ["REVIEWER_TOKENS", { ...TOKEN, REVIEWER_TOKENS: '[{"id":"alice"}]' }],
  ["REVIEWER_TOKENS", { ...TOKEN, REVIEWER_TOKENS: '[{"id":"","sha256":"00"}]' }],
  ["REVIEWER_TOKENS", { ...TOKEN, REVIEWER_TOKENS: JSON.stringify([{ id: "alice", token: alice.token }]) }],
  ["REVIEWER_TOKENS", { ...TOKEN, REVIEWER_TOKENS: JSON.stringify([{ ...alice.entry, may: "everything" }]) }],
  [
    "REVIEWER_TOKENS",
    { ...TOKEN, REVIEWER_TOKENS: JSON.stringify([alice.entry, { ...alice.entry, id: "eve" }]) },
  ],
  ["ACCESS_TEAM_DOMAIN", { ...TEAM, ACCESS_TEAM_DOMAIN: undefined }],
  ["ACCESS_TEAM_DOMAIN", { ...TEAM, ACCESS_TEAM_DOMAIN: "team" }],
  ["ACCESS_TEAM_DOMAIN", { ...TEAM, ACCESS_TEAM_DOMAIN: "https://team.cloudflareaccess.com/" }],
  ["ACCESS_TEAM_DOMAIN", { ...TEAM, ACCESS_TEAM_DOMAIN: "http://team.cloudflareaccess.com" }],
  ["ACCESS_AUD", { ...TEAM, ACCESS_AUD: undefined }],
  ["ACCESS_JWKS", { ...TEAM, ACCESS_JWKS: "{" }],
  ["ACCESS_JWKS", { ...TEAM, ACCESS_JWKS: '{"keys":[]}' }],
  ["ACCESS_JWKS", { ...TEAM, ACCESS_JWKS: '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"1"}]}' }],
];

/** A run that waits for a decision, and goes on waiting. */
let view: RunView;
beforeAll(async () => {
  view = await startRun();
});

const READING = ["GET", "HEAD"];

/** Asks every route that the filter keeps, as a browser of nobody in particular. */
async function askAll(here: Deployment, methods: readonly string[], expected: (path: string) => number) {
  await expectNothingSigned(view.run, async () => {
    for (const { method, path } of routesOf(view.run)) {
      if (!methods.includes(method)) continue;
      const init = READING.includes(method) ? {} : goodBody(path, view);
      const answer = await here.ask(path, { method, ...init });
      expect([method, path, answer.status]).toEqual([method, path, expected(path)]);
    }
  });
}

describe("settings that do not add up", () => {
  it.each(UNUSABLE)("(%s: %o) stop every start and decision with 503", async (name, vars) => {
    const here = deploy(vars);
    await askAll(here, ["POST", "PUT"], (path) => (path === "/sign-out" ? 303 : 503));
    expect(here.asked).toEqual([]);
    const refused = await here.post("/api/runs", {}, alice.bearer);
    const problem: { code: string; detail: string } = await refused.json();
    expect(problem.code).toBe("ERR_AUTH_CONFIG");
    expect(problem.detail).toContain(name);
    expect(problem.detail).not.toContain(alice.token);
    expect(problem.detail).not.toContain(alice.entry.sha256);
    expect(await codeOf(await here.ask("/healthz"))).toBe("ERR_AUTH_CONFIG");
  });

  it("still let everybody read where reading is public, and say on the pages that decisions are stopped", async () => {
    const here = deploy({ REVIEW_AUTH: "nobody" });
    expect((await here.ask(`/api/runs/${view.run}/bundle`)).status).toBe(200);
    const page = await (await here.ask(`/runs/${view.run}`)).text();
    expect(page).toContain("Sign-in does not work here");
    expect(page).not.toContain('value="approve"');
    const desk = await (await here.ask("/")).text();
    expect(desk).toContain("xpected the variable REVIEW_AUTH to be");
    expect(desk).not.toContain('action="/runs"');
  });

  it("let nobody read where reading is not plainly public", async () => {
    for (const READ_AUTH of ["protected", "Public", undefined]) {
      const here = deploy({ REVIEW_AUTH: "nobody", READ_AUTH });
      for (const path of [`/api/runs/${view.run}`, `/runs/${view.run}`, "/"]) {
        expect((await here.ask(path)).status, path).toBe(503);
      }
    }
  });
});

describe("settings of the policy that do not add up", () => {
  it.each([
    ["DECISION_SECONDS", { DECISION_SECONDS: "15m" }],
    ["DECISION_SECONDS", { DECISION_SECONDS: "0" }],
    ["DECISION_SECONDS", { DECISION_SECONDS: "1e3" }],
    ["DECISION_SECONDS", { DECISION_SECONDS: "99999999" }],
    ["REVISIONS", { REVISIONS: "-1" }],
    ["REVISIONS", { REVISIONS: "2.5" }],
    ["REVISIONS", { REVISIONS: "1001" }],
    ["SEPARATE_REVIEWER", { SEPARATE_REVIEWER: "yes" }],
    ["SEPARATE_REVIEWER", { SEPARATE_REVIEWER: "true" }],
    ["REVIEWER_KEY", { REVIEWER_KEY: "always" }],
    ["REVIEWER_KEY", { REVIEWER_KEY: "required" }],
    ["REVIEWER_KEY", { REVIEWER_KEY: "present" }],
    ["LOGGED", { LOGGED: "decisions" }],
    ["APPROVALS", { APPROVALS: "2" }],
    ["APPROVALS", { APPROVALS: "[]" }],
    ["APPROVALS", { APPROVALS: '[{"role":"reviewer","count":0}]' }],
    ["APPROVALS", { APPROVALS: '[{"role":"a","count":1},{"role":"a","count":1}]' }],
    ["APPROVALS", { APPROVALS: '[{"role":"reviewer","count":2}]' }],
  ])(
    "%s: %o: nothing is started under a guess, however it is asked for, and /healthz says so",
    async (name, vars) => {
      await withVars(vars, async () => {
        const refused = await post("/api/runs", {});
        const problem: { code: string; detail: string } = await refused.json();
        expect([refused.status, problem.code]).toEqual([503, "ERR_POLICY_CONFIG"]);
        expect(problem.detail).toContain(name);
        const alert = { type: "flags.failing", timestamp: new Date().toISOString(), data: {} };
        const raised = await post("/api/alerts/webhook", alert, { "webhook-id": crypto.randomUUID() });
        expect(await refusalOf(raised)).toEqual([503, "ERR_POLICY_CONFIG"]);
      });
      expect(await (await deploy(vars).ask("/healthz")).json()).toMatchObject({
        code: "ERR_POLICY_CONFIG",
        detail: expect.stringContaining(name),
      });
      expect(await (await deploy(vars).ask("/")).text()).toContain(name);
    },
  );

  it("stop no decision on a run that was started before", async () => {
    const { run, pending } = await startRun();
    const answer = await deploy({ REVISIONS: "many" }).post(`/api/runs/${run}/approve`, {
      proposal: pending?.proposal,
    });
    expect(answer.status).toBe(200);
  });
});

describe("a receiver of webhooks that cannot be told anything", () => {
  const WEBHOOK_SECRET = `whsec_${"A".repeat(32)}`;
  it.each([
    ["WEBHOOK_SECRET", { WEBHOOK_URL: "https://example.com/hook", WEBHOOK_SECRET: undefined }],
    ["WEBHOOK_URL", { WEBHOOK_URL: "http://example.com/hook", WEBHOOK_SECRET }],
    ["WEBHOOK_URL", { WEBHOOK_URL: "example.com", WEBHOOK_SECRET }],
  ])("for want of a good %s, is reported by /healthz", async (name, vars) => {
    const answer = await deploy(vars).ask("/healthz");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: "ERR_WEBHOOK_CONFIG",
      detail: expect.stringContaining(name),
    });
    const sound = { WEBHOOK_URL: "https://example.com/hook", WEBHOOK_SECRET };
    expect((await deploy(sound).ask("/healthz")).status).toBe(200);
  });
});

describe("protected reading", () => {
  const FOR_ANYONE: Readonly<Record<string, number>> = {
    "/sign-in": 200,
    "/sign-out": 303,
    "/healthz": 200,
    "/verify": 200,
    "/.well-known/jwks.json": 200,
    "/.well-known/countersign.json": 200,
    // For outsiders, where a log is kept; here none is.
    "/log/checkpoint": 404,
    "/log/tile/*": 404,
  };
  const here = () => deploy({ ...TOKEN, READ_AUTH: "protected" });

  it("keeps strangers from every route but the way in and what a verifier needs", async () => {
    await askAll(here(), READING, (path) => FOR_ANYONE[path] ?? 401);
  });

  it("keeps strangers from sockets, and from learning which addresses exist", async () => {
    const deployment = here();
    const { run } = view;
    const socket = { upgrade: "websocket", connection: "Upgrade" };
    for (const path of [`/api/runs/${run}/live`, `/api/runs/run-${"0".repeat(24)}`, "/api/nothing"]) {
      const refused = await deployment.ask(path, { headers: socket });
      expect([path, refused.status, await codeOf(refused)]).toEqual([path, 401, "ERR_SIGN_IN_REQUIRED"]);
    }
    expect(deployment.asked).toEqual([]);
  });

  it("lets people who are known read, and keeps what they read out of caches", async () => {
    const deployment = here();
    const { run, pending } = view;
    for (const path of [
      `/runs/${run}`,
      `/api/runs/${run}`,
      `/api/runs/${run}/artifacts/${pending?.action}`,
    ]) {
      const answer = await deployment.ask(path, { headers: alice.bearer });
      expect([path, answer.status, answer.headers.get("cache-control")]).toEqual([path, 200, "no-store"]);
    }
  });

  it("leads a browser to the way in, and from there back to where it was going", async () => {
    const answer = await here().ask("/runs/run-1?tab=2", { headers: { accept: "text/html" } });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('name="next" value="/runs/run-1?tab=2"');
  });
});
