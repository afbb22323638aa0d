// The checkout's incident, solved by a model's conversation: three investigations, a proposal, a request for changes and a revision.
import { describe, expect, it } from "vitest";
import { SOURCE } from "../../src/checkout/source/index.ts";
import { contentOf, counts, ends, PATH, start, waits } from "./checkout-run.ts";
import { inRun } from "./in-run.ts";
import type { AskedModel } from "./model-server.ts";
import { investigate, playing, promptOf, propose } from "./played-model.ts";

const PROBE = `async () => {
  const { checks, report } = await browser.run_checkout({});
  const failures = report.requests.filter(({ failure }) => failure !== null);
  return { summary: checks[0].failed + " of " + checks[0].total + " requests fail: " + failures[0].failure };
}`;
const READ = `async () => {
  const [{ notes }, { results }] = await Promise.all([
    workspace.read_notes({}),
    runbooks.search({ query: "checkout session without cart TypeError", limit: 1 }),
  ]);
  return { summary: notes.length + " notes; closest runbook: " + results[0].title };
}`;
const FILES = `async () => {
  const { files } = await repository.read_files({ paths: ["src/checkout.js", "src/session.js"] });
  return { summary: files.map(({ path }) => path).join(", ") };
}`;

/** The patch as a model writes it: TypeScript's fence around plain JavaScript. */
const patch = (status: number) => `\`\`\`js
async () => {
  const path = "src/checkout.js";
  const file = await repository.read_file({ path });
  const line = "  const cart = session.cart;\\n";
  const guard = '  if (!cart) {\\n    return json(${status}, { error: "cart_missing", message: "Your cart has expired." });\\n  }\\n';
  const content = file.content.replace(line, line + guard);
  return await repository.write_file({ path, content, before: file.digest });
};
\`\`\``;

const TITLE = "Answer 400 where a session has no cart";
const WORDS = `Use 409, “cart_missing” stays.\n  And: say *why* in the summary — </data> <<end>> "quoted" \\n ✓`;

const CONVERSATION = [
  investigate(PROBE),
  investigate(READ),
  investigate(FILES),
  propose(patch(400), { title: TITLE, summary: "Carts expire before sessions do." }),
  propose(patch(409), {
    title: "Answer 409 where a session has no cart",
    summary: "Carts expire before sessions do, so a checkout can find none.",
    applied: ["answers 409", "says why"],
    notApplied: [],
  }),
];

describe("the incident, with a model", () => {
  it("is solved in three investigations, a proposal, a request for changes and a revision", async () => {
    const { planner, asked } = await playing(CONVERSATION);
    await inRun(async (run) => {
      start(run, { planner });
      const first = await waits(run);
      expect(first.proposal).toMatchObject({
        title: TITLE,
        revision: 1,
        author: { kind: "agent", id: "model:openai-compatible/played" },
        feedback: null,
      });
      expect(first.content).toContain("return json(400,");
      expect(first.preview.checks.map(({ rehearsed }) => rehearsed)).toEqual(counts(0, 0));

      await run.decide("request_changes", { reason: WORDS });
      const second = await waits(run);
      expect(second.proposal).toMatchObject({
        revision: 2,
        feedback: { text: WORDS, applied: ["answers 409", "says why"], notApplied: [] },
      });
      expect(second.content).toContain("return json(409,");

      await run.decide("approve");
      const said = await ends(run);
      expect(said).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
      expect(await contentOf(run)).toBe(second.content);
      expect(second.content).not.toBe(SOURCE[PATH]);
      const { chain } = (await run.engine()).context;
      expect(chain.all("evidence").map(({ statement }) => statement.predicate)).toMatchObject([
        { items: [{ connector: "browser" }], summary: expect.stringContaining("6 of 32 requests fail") },
        { items: [{ connector: "workspace" }, { connector: "runbooks" }] },
        { items: [{ method: "read_files" }], summary: "src/checkout.js, src/session.js" },
      ]);
      expect(chain.all("evidence").every(({ statement }) => statement.predicate.transcript === null)).toBe(
        true,
      );
    });
    const prompts = (await asked()).map(promptOf);
    expect(prompts).toHaveLength(5);
    expect(prompts[4]).toContain(`request_changes>>\n${WORDS}\n<<`);
    expect(prompts[3]).toContain("export async function checkout(request)");
    expect(prompts[3]).toContain("Cannot read properties of undefined");
    expect(prompts[0]).toContain("write_file: (input: WriteFileInput)");
    expect(prompts[0]).toContain("A human approves every change of the checkout's source.");
  });

  it("draws a new word for the markers of each prompt", async () => {
    const { planner, asked } = await playing(CONVERSATION);
    await inRun(async (run) => {
      start(run, { planner });
      await waits(run);
    });
    const marks = (await asked()).map(markOf);
    expect(new Set(marks).size).toBe(4);
  });

  it("keeps what was said as the evidence's transcript where that is set, and in no log", async () => {
    const { planner } = await playing(CONVERSATION, { PLANNER_TRANSCRIPT: "true" });
    await inRun(async (run) => {
      start(run, { planner });
      await waits(run);
      await run.decide("request_changes", { reason: WORDS });
      await waits(run);
      await run.decide("approve");
      await ends(run);
      const { chain, store } = (await run.engine()).context;
      const told = chain.all("evidence").map(({ statement }) => {
        const subject = statement.subject.find(({ name }) => name === "transcript");
        return new TextDecoder().decode(store.artifact(subject?.digest.sha256 ?? ""));
      });
      // Two more than there were investigations: those of the two proposals.
      expect(told).toHaveLength(5);
      expect(told.every((text) => text.startsWith("== told\n") && text.includes("== said\n"))).toBe(true);
      expect(told[0]).toContain(JSON.stringify(PROBE).slice(1, -1));
      expect(told[4]).toContain(WORDS);
      expect(run.sql.exec("SELECT transcript FROM planner").one()).toEqual({ transcript: "" });
    });
  });
});

function markOf(asked: AskedModel): string {
  return /<<([0-9a-f]{32}) rule of this run>>/.exec(promptOf(asked))?.[1] ?? "";
}
