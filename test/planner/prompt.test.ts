// What a model is told: whatever anybody else wrote stands between markers of this prompt, whole, and never among our own words.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Situation } from "../../src/domain/index.ts";
import { writePrompt } from "../../src/planner/prompt.ts";
import { HOSTILE } from "./hostile-texts.ts";

const MARK = "0123456789abcdef0123456789abcdef";

/** A situation in which every text that somebody else wrote is this one. */
function saying(text: string): Situation {
  const action = { connector: "flags", method: "set", args: { flag: text, on: false } };
  const decisions = [{ decision: "request_changes" as const, reviewer: text, role: text, reason: text }];
  const proposal = {
    run: text,
    revision: 1,
    title: text,
    summary: text,
    action,
    decisions,
    status: null,
    reason: text,
  };
  const items = [{ connector: "runbooks", method: "search", args: { query: text }, result: { body: text } }];
  return {
    rule: "A human approves every change.",
    alert: { source: text, title: text, firedAt: text, details: { more: text } },
    declarations: text,
    gated: [text],
    evidence: [{ code: text, summary: text, items }],
    proposals: [proposal],
    lastFailure: text,
    lastScript: text,
    spent: { calls: 0, tokens: 0, seconds: 0 },
    inherited: {
      run: text,
      outcome: "unresolved",
      checks: [],
      report: { said: text },
      proposals: [proposal],
    },
  };
}

interface Piece {
  readonly name: string;
  readonly body: string;
}

/** The pieces of a prompt, as whoever knows the marker reads them; and what stands outside of all of them. */
function take(data: string): { pieces: Piece[]; outside: string } {
  const pieces: Piece[] = [];
  const outside = data.replaceAll(
    new RegExp(`<<${MARK} (.*?)>>\n([\\s\\S]*?)\n<<${MARK} end>>`, "g"),
    (_, name: string, body: string) => {
      pieces.push({ name, body });
      return "";
    },
  );
  return { pieces, outside };
}

const plain = writePrompt(saying("a plain word"), MARK);

describe("a prompt", () => {
  it.each(HOSTILE)("holds as data, and nowhere else: %j", (text) => {
    const { instructions, data } = writePrompt(saying(text), MARK);
    expect(instructions).toBe(plain.instructions);
    const { pieces, outside } = take(data);
    expect(outside).toBe(take(plain.data).outside);
    expect(pieces).toHaveLength(take(plain.data).pieces.length);
    for (const { name } of pieces) expect(name).not.toMatch(/[\n\r]/);
  });

  it("holds any text so", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        fc.pre(!text.includes(MARK));
        const { instructions, data } = writePrompt(saying(text), MARK);
        expect(instructions).toBe(plain.instructions);
        const { pieces, outside } = take(data);
        expect(outside).toBe(take(plain.data).outside);
        expect(pieces).toHaveLength(take(plain.data).pieces.length);
      }),
      { numRuns: 300 },
    );
  });

  it.each([...HOSTILE, "x".repeat(4000)])("hands on a reviewer's words verbatim: %j", (reason) => {
    const situation = saying("a plain word");
    const [proposal] = situation.proposals;
    if (!proposal) throw new Error("expected a proposal");
    const decisions = [{ decision: "request_changes" as const, reviewer: "alice", role: "reviewer", reason }];
    const { data } = writePrompt({ ...situation, proposals: [{ ...proposal, decisions }] }, MARK);
    expect(take(data).pieces).toContainEqual({
      name: `what the reviewer "alice" ("reviewer") said to it: request_changes`,
      body: reason,
    });
  });

  it("says which rule holds, and which calls wait for a human", () => {
    const { pieces } = take(writePrompt({ ...saying("-"), gated: ["flags.set", "flags.drop"] }, MARK).data);
    expect(pieces).toContainEqual({ name: "rule of this run", body: "A human approves every change." });
    expect(pieces).toContainEqual({ name: "calls that wait for a human", body: "flags.set\nflags.drop" });
  });

  it("has a length, however much there is to tell", () => {
    const situation = saying("x".repeat(20_000));
    const [evidence, proposal] = [situation.evidence[0], situation.proposals[0]];
    if (!evidence || !proposal) throw new Error("expected both");
    const items = Array(200).fill(evidence.items[0]);
    const decisions = [
      { decision: "request_changes" as const, reviewer: "a", role: "r", reason: "Shorter." },
    ];
    const { data } = writePrompt(
      {
        ...situation,
        evidence: Array(10).fill({ ...evidence, items }),
        proposals: Array(50).fill({ ...proposal, run: "run-1", decisions }),
        inherited: null,
      },
      MARK,
    );
    expect(data.length).toBeLessThan(450_000);
    expect(data.match(/\nShorter\.\n/g)).toHaveLength(50);
  });

  it("cuts long evidence, the oldest first, and says so", () => {
    const item = (n: number) => ({ connector: "c", method: "m", args: {}, result: `${n}`.repeat(23_000) });
    const evidence = [1, 2, 3, 4, 5].map((n) => ({ code: "", summary: "", items: [item(n)] }));
    const { data } = writePrompt({ ...saying("-"), evidence }, MARK);
    expect(data.length).toBeLessThan(110_000);
    expect(data).toContain("5".repeat(23_000));
    expect(data).not.toContain("1".repeat(20_000));
    expect(data).toContain("23002 characters in all");
  });
});
