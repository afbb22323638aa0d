// The same conversations over Workers AI: its own provider, over a binding that is a Worker's; and over the AI SDK's own test model.

import { exports } from "cloudflare:workers";
import { MockLanguageModelV4 } from "ai/test";
import { describe, expect, inject, it, vi } from "vitest";
import { configuredPlanner, type Settings } from "../../src/host/index.ts";
import { modelPlanner } from "../../src/planner/index.ts";
import { ownFlags, switcher } from "./flag-domains.ts";
import { inRun, runApproved } from "./in-run.ts";
import type { AskedModel, Saying } from "./model-server.ts";
import { investigate, promptOf, propose, stop } from "./played-model.ts";

const LOOK = `async () => ({ summary: "new_pricing is " + (await flags.get({ flag: "new_pricing" })) })`;
const OFF = `async () => flags.set({ flag: "new_pricing", on: false })`;
const good = [investigate(LOOK), propose(OFF)];
const executed = { status: "executed", reason: "" };

let talks = 0;

/** The binding: like Workers AI's own, it heeds the signal on this side and sends the rest. */
const AI = {
  run: (model: string, inputs: object, { signal }: { readonly signal?: AbortSignal }) => {
    const late = new Promise<never>((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason)),
    );
    const { PlayedAi } = exports as unknown as {
      readonly PlayedAi: { run(model: string, inputs: object): Promise<object> };
    };
    return Promise.race([PlayedAi.run(model, inputs), late]);
  },
};

async function converse(sayings: readonly Saying[], settings: Settings = {}) {
  const models = inject("models");
  const talk = `workers-ai-${++talks}`;
  await fetch(`${models}/${talk}/sayings`, { method: "POST", body: JSON.stringify(sayings) });
  const PLANNER_MODEL = `@cf/${new URL(models).port}/${talk}`;
  const planner = configuredPlanner({ PLANNER: "workers-ai", PLANNER_MODEL, AI, ...settings }, switcher);
  const said = await runApproved({ domain: ownFlags, planner });
  const asked: AskedModel[] = await (await fetch(`${models}/${talk}/log`)).json();
  return { said, asked, planner };
}

describe("a conversation over Workers AI", () => {
  it("that goes well ends in an executed call, and names the model", async () => {
    const { said, asked, planner } = await converse(good);
    expect(said.rounds).toMatchObject([{ action: { args: { on: false } }, execution: executed }]);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ max_tokens: 8000, response_format: { type: "json_schema" } });
    expect(planner.id).toBe(`model:workers-ai/${asked[0]?.model}`);
  });

  it.each<[what: string, bad: Saying, told: string]>([
    ["is lazy", { say: "I would turn the flag off." }, "is not one JSON object"],
    ["writes nothing", { say: "" }, "wrote nothing"],
    ["is cut off at its longest", { say: '{"do": "inv', finish: "length" }, "was cut off at 8000 tokens"],
    ["is asked too often", { status: 429 }, "answered 429: too many requests"],
    ["fails", { status: 500 }, "could not be asked"],
    ["closes the connection", { does: "close" }, "could not be asked"],
    ["has no choice", { does: "no choice" }, "wrote nothing"],
  ])("in which the model %s once goes on, and the model is told", async (_, bad, told) => {
    const { said, asked } = await converse([bad, ...good]);
    expect(said.rounds).toMatchObject([{ execution: executed }]);
    expect(asked).toHaveLength(3);
    expect(asked[1] && promptOf(asked[1])).toContain(told);
  });

  it("that hangs ends at its seconds", async () => {
    const { said, asked } = await converse([{ does: "hang" }], { PLANNER_SECONDS: "1" });
    expect(said.outcome?.reason).toContain("may use 1 seconds of the model’s time");
    expect(asked).toHaveLength(1);
  });

  it("that only ever fails ends within five tries, and repeats nothing that it was told", async () => {
    const logged = vi.spyOn(console, "error");
    const { said, asked } = await converse([{ status: 500 }]);
    expect(said.outcome?.reason).toContain("ended after 5 attempts");
    expect(said.outcome?.reason).toContain("could not be asked");
    expect(asked).toHaveLength(5);
    expect(JSON.stringify(said) + JSON.stringify(logged.mock.calls)).not.toContain("You are the agent");
  });
});

/** The AI SDK's own test model, which plays what it is given, the last one for ever. */
function mocking(answers: readonly (string | Error | "hang")[], tokens = 10) {
  const left = [...answers];
  return new MockLanguageModelV4({
    provider: "test",
    modelId: "mock",
    doGenerate: async () => {
      const text = left.length > 1 ? left.shift() : left[0];
      if (text === "hang") return new Promise<never>(() => {});
      if (text instanceof Error) throw text;
      return {
        content: [{ type: "text", text: text ?? "" }],
        finishReason: { unified: "stop", raw: "stop" },
        usage: {
          inputTokens: { total: tokens, noCache: tokens, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: tokens, text: tokens, reasoning: 0 },
        },
        warnings: [{ type: "unsupported", feature: "whatever" }],
      };
    },
  });
}

const written = (saying: Saying) => ("say" in saying ? JSON.stringify(saying.say) : "");

describe("a conversation with a model that is handed over", () => {
  it("that goes well ends in an executed call", async () => {
    const model = mocking(good.map(written));
    const said = await runApproved({ domain: ownFlags, planner: modelPlanner({ model }) });
    expect(said.rounds).toMatchObject([{ execution: executed }]);
    expect(modelPlanner({ model }).id).toBe("model:test/mock");
    expect(model.doGenerateCalls).toHaveLength(2);
    const [first] = model.doGenerateCalls;
    expect(first?.responseFormat).toMatchObject({
      type: "json",
      schema: { required: expect.arrayContaining(["do", "code"]) },
    });
    expect(first?.prompt.map(({ role }) => role)).toEqual(["system", "user"]);
  });

  it.each<
    [what: string, answers: (string | Error | "hang")[], bounds: object, reason: string, calls: number]
  >([
    ["throws", [new Error("my prompt was: secret")], {}, "could not be asked", 5],
    ["hangs and pays no heed to the signal", ["hang"], { seconds: 1 }, "may use 1 seconds", 1],
    ["talks on", [written(investigate(LOOK))], { calls: 2 }, "may use 2 calls", 2],
    ["uses up its tokens", [written(investigate(LOOK))], { tokens: 2500 }, "may use 2500 tokens", 2],
  ])("that %s ends, and says why", async (_, answers, bounds, reason, calls) => {
    const model = mocking(answers, 400);
    const said = await runApproved({ domain: ownFlags, planner: modelPlanner({ model, bounds }) });
    expect(said.outcome?.reason).toContain(reason);
    expect(JSON.stringify(said)).not.toContain("secret");
    expect(model.doGenerateCalls).toHaveLength(calls);
  });

  it("has nothing printed that is no JSON", async () => {
    const printed = [vi.spyOn(console, "warn"), vi.spyOn(console, "log"), vi.spyOn(console, "info")];
    await runApproved({ domain: ownFlags, planner: modelPlanner({ model: mocking([written(stop("no"))]) }) });
    for (const spy of printed)
      for (const [line] of spy.mock.calls) expect(() => JSON.parse(String(line))).not.toThrow();
  });

  it("whose name is too long or odd still signs one", async () => {
    const model = new MockLanguageModelV4({
      provider: "\ud800",
      modelId: "m".repeat(300),
      doGenerate: mocking([written(stop("no"))]).doGenerate,
    });
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: modelPlanner({ model }) });
      run.create();
      await run.drive();
      const [evidence] = (await run.engine()).context.chain.all("evidence");
      expect(evidence?.statement.predicate.planner).toHaveLength(200);
    });
  });
});
