// Text from outside never becomes code: not in the scripts, not in the patch.
import { beforeAll, describe, expect, it } from "vitest";
import { deterministicPlanner as planner } from "../../src/agent/deterministic-planner.ts";
import { understandFeedback } from "../../src/agent/understand-feedback.ts";
import { ALERT, type Incident, investigate, openIncident, proposed, tryOut } from "./incident.ts";

const BREAK_OUT = "globalThis.escaped = true";
const HOSTILE = [
  `"; ${BREAK_OUT}; "`,
  `'; ${BREAK_OUT}; '`,
  `\`; ${BREAK_OUT}; \``,
  `\${${BREAK_OUT}}`,
  `*/ ${BREAK_OUT} /*`,
  `\n${BREAK_OUT}\n`,
  `\u2028${BREAK_OUT}\u2029`,
  `\\"; ${BREAK_OUT}; //`,
  `}; ${BREAK_OUT}; async () => {`,
  `</script><script>${BREAK_OUT}</script>`,
  "\ud800 lone",
  "\u0000\u001b[31m",
];
const TEMPLATES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `say "${text}"`,
  (text) => `message: ${text}`,
  (text) => `use error code \`${text}\``,
  (text) => `count as \`${text}\``,
  (text) => `add a comment "${text}"`,
  (text) => `add Retry-After: ${text}`,
  (text) => `set the header \`x-note: ${text}\``,
  (text) => `409 ${text}`,
];

let incident: Incident;
beforeAll(async () => {
  incident = await investigate(planner);
});

const escaped = () => "escaped" in globalThis;

describe("hostile text", () => {
  it.each(HOSTILE)("stays text in the alert: %j", async (text) => {
    const { code } = await planner.investigate({ ...ALERT, title: text, source: text });
    const other = openIncident();
    const said = await other.run(code);
    expect(said).toEqual({ summary: expect.stringContaining("6 of 32") });
    expect(JSON.stringify(said)).not.toMatch(/\\ud[89a-f]/);
    expect(code).not.toMatch(/[\u2028\u2029]/);
    expect(escaped()).toBe(false);
  });

  it.each(HOSTILE)("stays text in feedback, wherever it stands: %j", async (text) => {
    for (const template of TEMPLATES) {
      const feedback = template(text);
      const plan = proposed(
        await planner.propose({ alert: ALERT, evidence: incident.evidence, feedback, earlier: [] }),
      );
      const { content, after } = await tryOut(plan, incident);
      expect(after.tally).toMatchObject({ failed: 0, goodFailed: 0 });
      expect(content.isWellFormed()).toBe(true);
      expect(plan.code).not.toMatch(/[\u2028\u2029]/);
      expect(content.split("\n").filter((line) => line.trim().startsWith(BREAK_OUT))).toEqual([]);
      expect(escaped()).toBe(false);
    }
  });

  it("cannot stall the reader", () => {
    const started = performance.now();
    for (const seed of [
      "no ",
      "say: ",
      "x-x-",
      "a_",
      "''",
      '"',
      ":",
      "not 400 ",
      " ",
      "\uE000",
      "the ",
      "a.b.",
      "or ",
    ]) {
      understandFeedback(`${seed.repeat(3000)}!`);
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
