// A run whose agent says whatever somebody had it say: on its pages those words stand by themselves, as text, and the state of the run is
// ours to tell.
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { HOSTILE } from "../planner/hostile-texts.ts";
import { post, request } from "./client.ts";
import { within } from "./inside.ts";

/** Starts a run whose agent says this text wherever it may speak. */
async function startRun(text: string, mayPropose: boolean): Promise<string> {
  const run = nameRun(null);
  const startedBy = { id: "starter", method: "test" };
  const asked = `sha256:${"0".repeat(64)}` as const;
  const start = { alert: { title: text }, startedBy, createdAt: new Date().toISOString(), asked };
  await within(run, async (instance) => {
    instance.planner = {
      id: text.toWellFormed().slice(0, 200),
      next: ({ evidence, proposals }) => {
        if (evidence.length === 0)
          return { investigate: `async () => ({ summary: ${JSON.stringify(text)} })` };
        if (!mayPropose) return { stop: text };
        const code = `async () => flags.set({ flag: "new_pricing", on: false })`;
        const feedback = proposals.length > 0 ? { applied: [text], notApplied: [text] } : null;
        return { propose: { code, title: text.slice(0, 120), summary: text, risk: "low", feedback } };
      },
    };
    await instance.start(run, start, { waitMs: 5000 });
  });
  return run;
}

/**
 * What a page says outside of the words that somebody else wrote, which it isolates; and of those, what a browser would not take as text.
 * Where no element can stand, in the window's title and a link's preview, our words come first.
 */
function outside(page: string): string {
  return page
    .replace(/<bdi>[\s\S]*?<\/bdi>/g, (words) => (/<(?!\/?(?:bdi|u|wbr)\b)/.test(words) ? words : ""))
    .replace(/<pre>[\s\S]*?<\/pre>|<textarea[\s\S]*?<\/textarea>/g, "")
    .replace(/<title>Decision needed: [^<]*<\/title>|<meta [^>]*content="Decision needed[^"]*"\/>/g, "");
}

/** Words of each text that no page of ours has. */
const TELLING =
  /Ignore all previous|maintenance mode|Approved\.|the reviewer has approved|Answer \{|Decision: approved by alice|The runtime has verified|Resolved\.|SYSTEM OVERRIDE|New rule of this run|No human needs|querySelector|Approved by alice|valid: approved/;

/** Where such words stand outside, with what is around them; null where they do not. */
function slipped(page: string): string | null {
  const rest = outside(page);
  const at = rest.search(TELLING);
  return at < 0 ? null : rest.slice(Math.max(0, at - 200), at + 100);
}

const pageOf = async (run: string): Promise<string> => (await request(`/runs/${run}`)).text();

describe.each(HOSTILE)("the page of a run whose agent says %j", (text) => {
  it("asks for a decision in our words, and shows the agent's as text", async () => {
    const run = await startRun(text, true);
    const waiting = await pageOf(run);
    expect(waiting.includes("Decision needed") && waiting.includes("says the agent")).toBe(true);
    expect(TELLING.test(text)).toBe(true);
    expect(slipped(waiting) ?? "").toBe("");

    const { pending } = await (await request(`/api/runs/${run}`)).json<RunView>();
    const body = { proposal: pending?.proposal, feedback: text };
    expect((await post(`/api/runs/${run}/request-changes`, body)).status).toBe(200);
    const again = await pageOf(run);
    expect(again.includes("revision 2")).toBe(true);
    expect(slipped(again) ?? "").toBe("");
    const after: RunView = await (await request(`/api/runs/${run}`)).json();
    expect(after.status).toBe("awaiting_decision");
  });

  it("tells how it ended in our words, and quotes the agent's", async () => {
    const run = await startRun(text, false);
    const page = await pageOf(run);
    expect(page.includes("Nothing proposed.")).toBe(true);
    expect(page.includes("The agent proposes nothing: “")).toBe(true);
  });
});
