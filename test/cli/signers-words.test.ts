// Signers' words in the terminal report of format 2: whatever they are and however wide the terminal is, they draw no line of ours;
// and a name says exactly what it is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verify } from "../../src/chain/index.ts";
import { breakIntoColumns, columnsOf, cutToColumns } from "../../src/cli/columns.ts";
import { exactName, plainJson, plainText, quoted } from "../../src/cli/plain-text.ts";
import { printReport } from "../../src/cli/print-report.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { all, type Edit, edited, type Json, put } from "../conformance/json-edit.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { amend, type Step } from "../conformance/step.ts";
import { judge, judgeUnder, UNSEEN } from "./run-cli.ts";

/** The row that was drawn into the report of a rejected run: that of an approval. */
const ROW =
  "✓    4  ● human    decision   2026-11-23T05:34:00.000Z  f3zNtNnY  approve by alice (session), action 19e8d62e5981";

/** What can push a row to the start of a terminal's line, and how many columns each takes. */
const PADDINGS: readonly (readonly [name: string, padding: string, columns: number])[] = [
  ["spaces", " ", 1],
  ["no-break spaces", "\u00a0", 1],
  ["ideographic spaces", "\u3000", 2],
  ["blank braille patterns", "\u2800", 1],
  ["Hangul fillers", "\u3164", 2],
  ["lines", "─", 1],
  ["wide letters", "漢", 2],
  ["emoji", "😀", 2],
  ["letters under marks", "e\u0301\u0301", 1],
];

/** Words of at most 300 characters whose row starts where a terminal of this width breaks the line. */
function drawn(padding: string, each: number, columns: number): string {
  const fill = (room: number) => padding.repeat(Math.ceil(room / each));
  const before = 66 + 'Paid "'.length;
  return `Paid ${fill(Math.max(0, columns - before))}${ROW}${fill(columns)}`.slice(0, 300).toWellFormed();
}

/** A rejected run in which these words stand wherever somebody may choose words. */
function rejectedWith(words: string): Json {
  const cut = (length: number) => words.slice(0, length).toWellFormed();
  const edits: readonly (readonly [number, Edit])[] = [
    [SEQ.alert, all(put("predicate.title", words), put("predicate.source", cut(100)))],
    [SEQ.evidence, put("predicate.summary", words)],
    [SEQ.proposal, all(put("predicate.title", cut(120)), put("predicate.summary", words))],
    [SEQ.preview, put("predicate.checks.0.name", cut(100))],
    [
      SEQ.decision,
      all(put("predicate.reason", words), put("predicate.reviewer", { id: cut(200), method: cut(40) })),
    ],
    [SEQ.execution, put("predicate.reason", words)],
    [SEQ.outcome, all(put("predicate.checks.0.name", cut(100)), put("predicate.reason", words))],
  ];
  const steps: Step[] = amend(SCENARIOS.rejected, SEQ.proposal, { path: words });
  return writeChain(edits.reduce((all, [seq, edit]) => amend(all, seq, { edit }), steps)).bundle;
}

/** Columns of text, for the characters of this file. */
const width = (line: string) =>
  [...line].reduce(
    (sum, each) => sum + (/\p{Mn}/u.test(each) ? 0 : /[漢😀\u3000\u3164]/u.test(each) ? 2 : 1),
    0,
  );

/** What a terminal of this width shows of a text: it breaks each line where the next character has no room. */
function screen(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => {
    const rows = [""];
    for (const each of line) {
      const row = rows.at(-1) ?? "";
      if (width(row + each) > columns) rows.push(each);
      else rows[rows.length - 1] = row + each;
    }
    return rows;
  });
}

/** The rows of receipts on a screen, as somebody sees them who looks for the marks at its left edge. */
const rows = (lines: readonly string[]) => lines.filter((line) => /^\s{0,3}[✓✗·]\s*\d/u.test(line));

describe.each(PADDINGS)("a row drawn with %s", (_, padding, each) => {
  it.each([40, 66, 80, 100, 149, 150, 200, 300])("is no row at %i columns", async (columns) => {
    const bundle = rejectedWith(drawn(padding, each, columns));
    const verification = await verify(bundle, TRUST);
    expect(verification.report.verdict).toBe("valid");
    const printed = printReport(verification, bundle, { columns }).join("\n");
    const [report = ""] = printed.split("\nchecked\n");
    expect(report).toContain("what was proposed in the domain checkout");
    const lines = screen(report, columns);
    expect(lines, "nothing wraps").toEqual(report.split("\n"));
    expect(rows(lines).map((line) => Number(line.slice(1, 7)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(lines.filter((line) => line.slice(8).includes("✓    4") && !/^ {4}/.test(line))).toEqual([]);
  });
});

it("a pipe's reader is given what a terminal of 100 columns would be", async () => {
  const { stdout } = await judge(rejectedWith(drawn(" ", 1, 100)));
  const [report = ""] = stdout.split("\nchecked\n");
  expect(screen(report, 100)).toEqual(report.split("\n"));
  const lines = report.split("\n").slice(20);
  for (const line of lines) expect(line).toMatch(/^($|what was| {2}(round|outcome)| {4}(\w+ +|│ ))/);
});

describe("text that means harm to a terminal", () => {
  /** Clears the screen, sets the title, C1's CSI, turns the reading direction, breaks the line, hides, and lone surrogates. */
  const HARM =
    "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202evalid\u2066\u2028\r\nvalid: 8 receipts\u200b\u0000\u00ad";

  it("does not reach it from a signed receipt, nor with --json", async () => {
    const bundle = rejectedWith(HARM);
    const { code, stdout, stderr } = await judge(bundle, { columns: 200 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("�[2J�]0;owned");
    expect(stdout).toContain('at "file:\\u{1b}[2J\\u{1b}]0;owned\\u{7}');
    expect(stdout).not.toMatch(UNSEEN);
    expect(stdout.split("\n").filter((line) => line.startsWith("valid:"))).toHaveLength(1);
    const json = await judge(bundle, "--json");
    expect(json.stdout).not.toMatch(UNSEEN);
    expect(JSON.parse(json.stdout).says.rounds[0].decisions[0].reason).toBe(HARM);
  });

  it.each([
    ["the issuer", (bundle: Json) => [edited(TRUST, put("issuer", HARM)), bundle]],
    ["a bundle's unknown name", (bundle: Json) => [TRUST, { ...Object(bundle), [HARM]: 1 }]],
    ["a payload type", (bundle: Json) => [TRUST, edited(bundle, put("receipts.0.payloadType", HARM))]],
    ["a trust policy's unknown name", (bundle: Json) => [{ ...Object(TRUST), [HARM]: 1 }, bundle]],
  ])("does not reach it from %s", async (_, make) => {
    const [trust, bundle] = make(writeChain(SCENARIOS.approved).bundle);
    const { code, stdout, stderr } = await judgeUnder(trust, bundle);
    expect([1, 2]).toContain(code);
    expect(`${stdout}${stderr}`).not.toMatch(UNSEEN);
  });
});

describe("a name", () => {
  it.each([
    ["file:src/a.js", "file:src/a.js"],
    ["table:main/users%20x", "table:main/users%20x"],
    ["two words", '"two words"'],
    ["two  words", '"two \\u{20}words"'],
    [" a ", '"\\u{20}a\\u{20}"'],
    ["a\tb\nc", '"a\\u{9}b\\u{a}c"'],
    ["a\u00a0b", '"a\\u{a0}b"'],
    ["a\u3000b", '"a\\u{3000}b"'],
    ["a\u200bb\u202e", '"a\\u{200b}b\\u{202e}"'],
    ['say "so" \\', '"say \\"so\\" \\\\"'],
    ["\u0301a", '"\\u{301}a"'],
    ["", '""'],
  ])("%j is told as %s", (name, told) => {
    expect(exactName(name)).toBe(told);
  });

  it("is told in visible characters, alike only for what is alike, and cut", () => {
    const any = fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.toWellFormed());
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [one, other] = [exactName(a, 1000), exactName(b, 1000)];
        expect(one).not.toMatch(UNSEEN);
        expect(one === other).toBe(a === b);
        expect(columnsOf(exactName(a, 9))).toBeLessThanOrEqual(11);
      }),
      { numRuns: 500 },
    );
    expect(exactName("a  b")).not.toBe(exactName("a b"));
  });
});

describe("other text", () => {
  it("is cut to a line that says so, and marks what is drawn as nothing", () => {
    expect(plainText("a".repeat(401))).toBe(`${"a".repeat(399)}…`);
    expect(plainText("ok\u3164\u115f\u2800\ufe0f\u{e0100}x")).toBe("ok�����x");
    expect(quoted(' Paid \t\r\n twice\u2028\u3000by "\\" ')).toBe('"Paid twice by \\"\\\\\\""');
    expect(JSON.parse(plainJson({ a: "\u001b\u202e\u{e0001}" }))).toEqual({ a: "\u001b\u202e\u{e0001}" });
    expect(plainJson({ a: "\u001b\u202e\u{e0001}" })).not.toMatch(UNSEEN);
  });

  it.each([
    ["café", 4],
    ["cafe\u0301", 4],
    ["漢字カナ한글", 12],
    ["😀⚡☕", 6],
    ["✓●■▲…→", 6],
  ])("%j takes %i columns", (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  it("that is broken or cut is never wider than asked, and loses nothing where it breaks", () => {
    const parts = fc.oneof(
      fc.constantFrom("a", " ", "漢", "😀", "e\u0301", "─"),
      fc.string({ unit: "binary" }),
    );
    const line = fc.array(parts, { maxLength: 60 }).map((list) => plainText(list.join("")));
    fc.assert(
      fc.property(line, fc.integer({ min: 20, max: 80 }), (text, columns) => {
        expect(columnsOf(cutToColumns(text, columns))).toBeLessThanOrEqual(columns);
        const [first = "", ...rest] = breakIntoColumns(text, columns);
        for (const each of [first, ...rest]) expect(columnsOf(each)).toBeLessThanOrEqual(columns);
        for (const each of rest) expect(each.startsWith("    │ ")).toBe(true);
        const joined = [first, ...rest.map((each) => each.slice(6))].join("");
        expect(joined.replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
      { numRuns: 500 },
    );
  });
});
