// Settings of the agent that do not add up start no run, and are told by name on the desk and by /healthz. Sound ones start as ever.
import { describe, expect, it } from "vitest";
import { deploy, post, startRun } from "./client.ts";
import { withVars } from "./inside.ts";

const API = {
  PLANNER: "openai-compatible",
  PLANNER_MODEL: "some-model",
  PLANNER_URL: "https://api.example/v1",
  PLANNER_KEY: "sk-secret",
};
const WORKERS_AI = { PLANNER: "workers-ai", PLANNER_MODEL: "@cf/openai/gpt-oss-120b" };

type Vars = Readonly<Record<string, string | undefined>>;

const UNUSABLE: [name: string, vars: Vars][] = [
  ["PLANNER", { PLANNER: "gpt" }],
  ["PLANNER", { ...API, PLANNER: "OpenAI-compatible" }],
  ["PLANNER_MODEL", { ...API, PLANNER_MODEL: undefined }],
  ["PLANNER_MODEL", { ...API, PLANNER_MODEL: "m".repeat(151) }],
  ["PLANNER_MODEL", { ...WORKERS_AI, PLANNER_MODEL: " " }],
  ["binding AI", WORKERS_AI],
  ["PLANNER_URL", { ...API, PLANNER_URL: undefined }],
  ["PLANNER_URL", { ...API, PLANNER_URL: "api.example/v1" }],
  ["PLANNER_URL", { ...API, PLANNER_URL: "http://api.example/v1" }],
  ["PLANNER_URL", { ...API, PLANNER_URL: "http://localhost.example/v1" }],
  ["PLANNER_URL", { ...API, PLANNER_URL: "https://user:sk-secret@api.example/v1" }],
  ["PLANNER_URL", { ...API, PLANNER_URL: "https://api.example/v1?key=sk-secret" }],
  ["PLANNER_URL", { ...API, PLANNER_URL: "ftp://localhost/v1" }],
  ["PLANNER_CALLS", { ...API, PLANNER_CALLS: "0" }],
  ["PLANNER_CALLS", { ...API, PLANNER_CALLS: "1001" }],
  ["PLANNER_TOKENS", { ...API, PLANNER_TOKENS: "1e6" }],
  ["PLANNER_SECONDS", { ...API, PLANNER_SECONDS: "-5" }],
  ["PLANNER_TRANSCRIPT", { ...API, PLANNER_TRANSCRIPT: "yes" }],
];

const SOUND: Vars[] = [
  {},
  { PLANNER: "" },
  { PLANNER: "scripted", PLANNER_URL: "nowhere" },
  API,
  { ...API, PLANNER_KEY: undefined, PLANNER_URL: "http://localhost:11434/v1/" },
  { ...API, PLANNER_URL: "http://127.0.0.1:8080/v1", PLANNER_CALLS: "5", PLANNER_TRANSCRIPT: "true" },
];

describe("settings of the agent", () => {
  it.each(UNUSABLE)("without a good %s start nothing, and are told: %o", async (name, vars) => {
    await withVars(vars, async () => {
      const refused = await post("/api/runs", {});
      const problem: { code: string; detail: string } = await refused.json();
      expect([refused.status, problem.code]).toEqual([503, "ERR_PLANNER_CONFIG"]);
      expect(problem.detail).toContain(name);
    });
    const health = await deploy(vars).ask("/healthz");
    const told = await health.text();
    expect([health.status, JSON.parse(told).code]).toEqual([503, "ERR_PLANNER_CONFIG"]);
    expect(told).toContain(name);
    const desk = await (await deploy(vars).ask("/")).text();
    expect(desk).toContain(name);
    expect(told + desk).not.toContain("sk-secret");
  });

  it.each(SOUND)("that are sound start a run: %o", async (vars) => {
    const run = await withVars(vars, () => startRun());
    expect(run.status).toBe("awaiting_decision");
    expect((await deploy(vars).ask("/healthz")).status).toBe(200);
  });
});
