// Text from outside never becomes code: not in the scripts, not in the patch.
import { beforeAll, describe, expect, it } from "vitest";
import { readClauses } from "../../src/checkout/planner/read-clauses.ts";
import { checkoutPlanner } from "../../src/checkout/planner.ts";
import { ALERT, earlier, failedOf, Incident, investigate, propose, situationOf, tryOut } from "./incident.ts";

const BREAK_OUT = "globalThis.escaped = true";
const HOSTILE = [
  `"; ${BREAK_OUT}; "`,
  `'; ${BREAK_OUT}; '`,
  `\`; ${BREAK_OUT}; \``,
  `\${${BREAK_OUT}}`,
  `*/ ${BREAK_OUT} /*`,
  `\n${BREAK_OUT}\n`,
  `\r${BREAK_OUT}\r`,
  `\u2028${BREAK_OUT}\u2029`,
  `\\"; ${BREAK_OUT}; //`,
  `}; ${BREAK_OUT}; async () => {`,
  `</script><script>${BREAK_OUT}</script>`,
  "\ud800 lone",
  "\u0000\u001b[31m",
  "\u202egnp\u2066 \u200b\ufeff",
  "__proto__",
  "constructor",
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
let first: Awaited<ReturnType<typeof tryOut>>;
beforeAll(async () => {
  incident = await investigate();
  first = await tryOut(await propose(incident), incident);
});

const escaped = () => "escaped" in globalThis;

describe("hostile text", () => {
  it.each(HOSTILE)("stays text in the alert: %j", async (text) => {
    const inherited = { run: text, outcome: "resolved" as const, checks: [], report: null, proposals: [] };
    const alert = { ...ALERT, title: text, source: text };
    const answer = await checkoutPlanner.next({ ...situationOf([], { alert, inherited }), evidence: [] });
    if (!("investigate" in answer)) throw new Error("expected an investigation");
    const said = await new Incident().run(answer.investigate);
    expect(said).toEqual({ summary: expect.stringContaining("6 of 32") });
    expect(JSON.stringify(said)).not.toMatch(/\\ud[89a-f]/);
    expect(answer.investigate).not.toMatch(/[\u2028\u2029]/);
    expect(escaped()).toBe(false);
  });

  it.each(HOSTILE)("stays text in feedback, wherever it stands: %j", async (text) => {
    for (const template of TEMPLATES) {
      const plan = await propose(incident, {
        proposals: [earlier(first, "request_changes", template(text))],
      });
      const { content, measured } = await tryOut(plan, incident);
      expect(failedOf(measured)).toEqual([0, 0]);
      expect(content.isWellFormed()).toBe(true);
      expect(JSON.stringify(plan)).not.toMatch(/[\u2028\u2029]|\\ud[89a-f]/);
      expect(content).not.toMatch(/[\u200b\u202e\u2066\ufeff]/);
      expect(content.split(/[\r\n\u2028\u2029]/).filter((line) => line.trim().startsWith(BREAK_OUT))).toEqual(
        [],
      );
      expect(escaped()).toBe(false);
    }
  });

  it.each([
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
    "status ",
  ])("cannot stall the reader: %j", (seed) => {
    expect(readClauses(`${seed.repeat(3000)}!`).length).toBeLessThan(8000);
  });
});
