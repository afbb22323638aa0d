// A model that plays whole conversations over the OpenAI protocol, well or badly: every run ends as it should, within its bounds, with a
// chain that verifies, and says why.
import { describe, expect, it, vi } from "vitest";
import type { Settings } from "../../src/host/index.ts";
import { ownFlags } from "./flag-domains.ts";
import { inRun, runApproved, verified } from "./in-run.ts";
import type { Saying } from "./model-server.ts";
import { investigate, playing, promptOf, propose, stop } from "./played-model.ts";

const LOOK = `async () => ({ summary: "new_pricing is " + (await flags.get({ flag: "new_pricing" })) })`;
const OFF = `async () => flags.set({ flag: "new_pricing", on: false })`;
const good = [investigate(LOOK), propose(OFF)];

/** Plays a conversation in a run whose first proposal is approved, and gives what became of it. */
async function converse(sayings: readonly Saying[], settings: Settings = {}) {
  const { planner, asked } = await playing(sayings, settings);
  const said = await runApproved({ domain: ownFlags, planner });
  return { said, asked: await asked() };
}

const executed = { status: "executed", reason: "" };

describe("a conversation", () => {
  it("that goes well ends in an executed call", async () => {
    const { said, asked } = await converse(good);
    expect(said.rounds).toMatchObject([
      { action: { method: "set", args: { flag: "new_pricing", on: false } }, execution: executed },
    ]);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ model: "played", authorization: null, max_tokens: 8000 });
    expect(asked[0]?.response_format).toMatchObject({ type: "json_schema" });
  });

  it("names the model in evidence and proposal", async () => {
    const { planner } = await playing(good);
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner });
      run.create();
      await run.drive();
      const { chain } = (await run.engine()).context;
      expect(chain.all("evidence")[0]?.statement.predicate.planner).toBe("model:openai-compatible/played");
      expect(chain.all("proposal")[0]?.statement.predicate.author).toEqual({
        kind: "agent",
        id: "model:openai-compatible/played",
      });
    });
  });

  it("is held with the key that is set, and with no other", async () => {
    const { asked } = await converse([stop("enough")], { PLANNER_KEY: "sk-loopback\n" });
    expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer sk-loopback"]);
  });

  it.each<[what: string, say: string]>([
    ["in a fence", `\`\`\`json\n${JSON.stringify({ do: "stop", reason: "in there" })}\n\`\`\``],
    ["with prose around it", `Sure! Here it is:\n{"do": "stop", "reason": "in there"}\nHope this helps.`],
    ["after its thoughts", `<think>{what now}</think>\n{"do": "stop", "reason": "in there"}`],
  ])("whose answer comes %s is read", async (_, say) => {
    const { said } = await converse([{ say }]);
    expect(said.outcome?.reason).toBe("The agent proposes nothing: “in there”");
  });

  it.each<[what: string, bad: Saying, told: string]>([
    ["is lazy", { say: "I would turn the flag off." }, "is not one JSON object"],
    ["writes nothing", { say: "" }, "wrote nothing"],
    ["writes another object", { say: { answer: 42 } }, "does not fit at “do”"],
    ["names another deed", { say: { do: "approve", reason: "I am the reviewer" } }, "does not fit at “do”"],
    ["writes a list", { say: [1, 2] }, "is not one JSON object"],
    ["leaves the script out", { say: { do: "investigate" } }, "no script"],
    ["leaves the title out", { say: { do: "propose", code: OFF } }, "no “title”"],
    ["writes a number for a script", { say: { do: "investigate", code: 7 } }, "does not fit at “code”"],
    ["is cut off at its longest", { say: '{"do": "inv', finish: "length" }, "was cut off at 8000 tokens"],
    ["is filtered", { say: "", finish: "content_filter" }, "filter stopped the answer"],
    ["refuses", { does: "refuse" }, "The model refused"],
    ["is asked too often", { status: 429, say: "slow down" }, "answered 429: too many requests"],
    ["fails", { status: 500, say: "oops" }, "answered 500."],
    ["does not know the key", { status: 401, say: "bad key sk-123" }, "answered 401: the key is missing"],
    ["sends the question elsewhere", { status: 307, location: "http://127.0.0.1:9/" }, "answered 307."],
    ["closes the connection", { does: "close" }, "could not be asked"],
    ["breaks off", { does: "cut off" }, "could not be asked"],
    ["is a proxy’s page", { does: "html" }, "could not be asked"],
    ["has no choice", { does: "no choice" }, "could not be asked"],
    ["never ends", { does: "flood" }, "could not be asked"],
  ])("in which the model %s once goes on, and the model is told", async (_, bad, told) => {
    const { said, asked } = await converse([bad, ...good]);
    expect(said.rounds).toMatchObject([{ execution: executed }]);
    expect(asked).toHaveLength(3);
    expect(asked[1] && promptOf(asked[1])).toContain(told);
  });

  it.each<[what: string, bad: Saying, told: string]>([
    ["lazy", { say: "Let me think about it." }, "is not one JSON object"],
    ["refusing", { does: "refuse" }, "The model refused"],
    ["failing", { status: 503 }, "answered 503."],
    ["flooding", { does: "flood" }, "could not be asked"],
  ])("with a model that is %s for ever ends within five tries, and says why", async (_, bad, told) => {
    const { said, asked } = await converse([bad]);
    expect(said.outcome).toMatchObject({ status: "not_run" });
    expect(said.outcome?.reason).toContain("ended after 5 attempts");
    expect(said.outcome?.reason).toContain(told);
    expect(asked).toHaveLength(5);
  });

  it("repeats none of a provider’s words in a receipt or a log", async () => {
    const logged = vi.spyOn(console, "error");
    const { said } = await converse([{ status: 401, say: "bad key sk-123" }], { PLANNER_KEY: "sk-123" });
    expect(JSON.stringify(said)).not.toContain("sk-123");
    expect(JSON.stringify(logged.mock.calls)).not.toContain("sk-123");
    expect(JSON.stringify(logged.mock.calls)).toContain("answered 401");
  });

  it.each(["hang", "hang half"] as const)("with a model that does %s ends at its seconds", async (does) => {
    // Nobody else would end it: the call has no other limit here.
    const { said, asked } = await converse([{ does }], { PLANNER_SECONDS: "1" });
    expect(said.outcome?.reason).toMatch(/may use 1 seconds of the model’s time, and has used \d+;/);
    expect(asked).toHaveLength(1);
  });

  it("that only ever investigates ends at its calls", async () => {
    const { said, asked } = await converse([investigate(LOOK)], { PLANNER_CALLS: "4" });
    expect(said.outcome?.reason).toContain("may use 4 calls of the model, and has used 4;");
    expect(asked).toHaveLength(4);
  });

  it.each([
    ["says", 900],
    ["does not say", null],
  ])("ends at its tokens, where the provider %s how many there were", async (_, tokens) => {
    const talk: Saying = { say: { do: "investigate", code: LOOK }, tokens };
    const { said, asked } = await converse([talk], { PLANNER_TOKENS: "6000" });
    expect(said.outcome?.reason).toContain("may use 6000 tokens");
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThan(7);
    expect(asked.every(({ max_tokens }) => max_tokens < 6000)).toBe(true);
  });

  it("keeps to its calls over restarts", async () => {
    const { planner, asked } = await playing([{ say: "no" }], { PLANNER_CALLS: "3" });
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner });
      run.create();
      for (let i = 0; i < 8; i += 1) {
        const { driver } = await run.engine();
        await driver.drive();
        run.forget();
      }
      expect(await run.drive()).toEqual({ for: "end" });
      expect((await verified(run)).outcome?.reason).toContain(
        "may use 3 calls of the model, and has used 3;",
      );
      expect(await asked()).toHaveLength(3);
    });
  });

  it("counts a call before it leaves: one whose answer a restart loses is used up", async () => {
    const { planner, asked } = await playing([{ does: "hang" }], { PLANNER_CALLS: "1" });
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner });
      run.create();
      const { driver } = await run.engine();
      void driver.drive().catch(() => {});
      await vi.waitFor(async () => expect(await asked()).toHaveLength(1), { timeout: 5000 });
      run.forget();
      await run.drive();
      expect(run.sql.exec("SELECT calls FROM planner").one()).toEqual({ calls: 1 });
      expect((await verified(run)).outcome?.reason).toContain("may use 1 calls");
      expect(await asked()).toHaveLength(1);
    });
  });
});

describe("a script", () => {
  it.each<[what: string, code: string]>([
    ["in a fence", `\`\`\`javascript\n${OFF}\n\`\`\``],
    [
      "in a fence with prose around it",
      `Here is the script:\n\n\`\`\`ts\n${OFF}\n\`\`\`\n\nIt turns the flag off.`,
    ],
    ["with a semicolon at its end", `${OFF};`],
    ["with comments around it", `// Turns it off.\n/* really */ ${OFF}; // done`],
    ["exported as default", `export default ${OFF};`],
    ["as an exported function", `export default async function main() { return (${OFF})(); }`],
    ["as a function that nobody calls", `async function main() { return (${OFF})(); }`],
    ["as a function that is called", `const main = ${OFF};\nawait main();`],
    ["as top-level statements", `const flag = "new_pricing";\nreturn await flags.set({ flag, on: false });`],
    ["as one expression", `await flags.set({ flag: "new_pricing", on: false });`],
    ["that calls itself", `(${OFF})();`],
  ])("%s runs as it was written", async (_, code) => {
    const { said, asked } = await converse([investigate(LOOK), propose(code)]);
    expect(said.rounds).toMatchObject([
      { action: { args: { flag: "new_pricing", on: false } }, execution: executed },
    ]);
    expect(asked).toHaveLength(2);
  });

  it.each<[what: string, bad: Saying, told: string]>([
    ["is TypeScript", investigate(`async (): Promise<object> => ({ summary: "x" })`), "without types"],
    ["imports", investigate(`import fs from "fs";\nasync () => ({})`), "is not JavaScript that can run"],
    ["is broken", propose(`async () => { flags.set( }`), "is not JavaScript that can run"],
    ["is prose", propose("I would call flags.set with on: false."), "is not JavaScript that can run"],
    ["calls nothing", propose(`async () => 1`), "ended without asking for a gated call"],
    [
      "calls what is not there",
      propose(`async () => flags.drop({})`),
      "ended before it asked for a gated call",
    ],
    ["sends what does not fit", propose(`async () => flags.set({ flag: 7 })`), "cannot be proposed"],
  ])("that %s comes back to the model with the error, and to nobody else", async (_, bad, told) => {
    const { said, asked } = await converse([bad, ...good]);
    expect(said.rounds).toMatchObject([{ execution: executed }]);
    const again = asked[1] ? promptOf(asked[1]) : "";
    expect(again).toContain(told);
    const { code } = (bad as { say: { code: string } }).say;
    expect(again).toContain(code);
    expect(JSON.stringify(said)).not.toContain("not JavaScript");
  });
});
