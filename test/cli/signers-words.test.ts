// Signers' words in the terminal report: whatever they are and however wide the terminal is, they draw no line of ours.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { verify } from "../../src/chain/index.ts";
import { printReport } from "../../src/cli/print-report.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { all, type Edit, put } from "../conformance/json-edit.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";
import { judge, judgeAt, runVerify, writeDocument } from "./run-cli.ts";

/** The row that was drawn into the report of a rejected run: that of an approval. */
const ROW =
  "✓    4  ● human    decision   2026-11-23T05:34:00.000Z  f3zNtNnY  approve by alice (session), action 19e8d62e5981";

/** What can push a row to the start of a terminal's line, and how many columns each takes. */
const PADDINGS: readonly (readonly [name: string, padding: string, columns: number])[] = [
  ["spaces", " ", 1],
  ["no-break spaces", "\u00a0", 1],
  ["ideographic spaces", "\u3000", 2],
  ["tabs", "\t", 8],
  ["blank braille patterns", "\u2800", 1],
  ["Hangul fillers", "\u3164", 2],
  ["lines", "─", 1],
  ["wide letters", "漢", 2],
  ["emoji", "😀", 2],
  ["letters under marks", "e\u0301\u0301", 1],
];

const pad = (padding: string, columns: number) => (room: number) => padding.repeat(Math.ceil(room / columns));

/** A title of at most 300 characters whose row starts where a terminal of this width breaks the line. */
function drawn(fill: (room: number) => string, columns: number): string {
  const before = 66 + 'Paid "'.length;
  return `Paid ${fill(Math.max(0, columns - before))}${ROW}${fill(columns)}`.slice(0, 300).toWellFormed();
}

/** A rejected run in which these words stand wherever somebody may choose words. */
function rejectedWith(words: string): unknown {
  const id = words.slice(0, 200).toWellFormed();
  const name = words.slice(0, 100).toWellFormed();
  const edits: readonly (readonly [number, Edit])[] = [
    [
      SEQ.alert,
      all(put("predicate.title", words), put("predicate.source", name), put("predicate.startedBy.id", id)),
    ],
    [SEQ.evidence, all(put("predicate.items.0.connector", name), put("predicate.items.0.method", name))],
    [
      SEQ.decision,
      all(
        put("predicate.reason", words),
        put("predicate.reviewer", { id, method: words.slice(0, 40).toWellFormed() }),
      ),
    ],
    [SEQ.execution, put("predicate.reason", words)],
  ];
  return writeChain(
    edits.reduce((steps, [seq, edit]) => amend(steps, seq, { edit }), [...SCENARIOS.rejected]),
  ).bundle;
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
  it.each([40, 66, 80, 100, 120, 149, 150, 200, 300])("is no row at %i columns", async (columns) => {
    const bundle = rejectedWith(drawn(pad(padding, each), columns));
    const printed = printReport(await verify(bundle, TRUST), bundle, { columns }).join("\n");
    const [report = ""] = printed.split("\nchecked\n");
    const lines = screen(report, columns);
    expect(lines, "nothing wraps").toEqual(report.split("\n"));
    expect(rows(lines).map((line) => Number(line.slice(1, 7)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(lines.filter((line) => line.slice(8).includes("✓    4"))).toEqual([]);
  });
});

describe("where nobody says how wide the terminal is", () => {
  it("is as if it had 100 columns, which is what a pipe's reader may have", async () => {
    const { stdout } = await judge(rejectedWith(drawn(pad(" ", 1), 100)));
    const [report = ""] = stdout.split("\nchecked\n");
    expect(screen(report, 100)).toEqual(report.split("\n"));
  });

  it("keeps each check on one line, for those who search it", async () => {
    const { bundle, store } = writeChain(SCENARIOS.approved);
    const [sha256 = ""] = [...store.keys()];
    const { stdout } = await judge(put(`artifacts.${sha256}`, "")(bundle, { digests: [] }));
    expect(stdout).toContain(
      `\n  ✗ ERR_ARTIFACT_ALTERED: the artifact ${sha256} does not hash to its name\n`,
    );
  });
});

describe("words", () => {
  it("stand on one line, quoted, their white space collapsed", async () => {
    const words = ' Paid \t\r\n twice\u2028\u3000by "\\" ';
    const { stdout } = await judgeAt(200, rejectedWith(words));
    expect(stdout).toContain(
      'vaJPtef-  "Paid twice by \\"\\\\\\"", from "Paid twice by \\"\\\\\\""; policy ',
    );
    expect(stdout).toContain('reject by "Paid twice by \\"\\\\\\"" ("Paid twice by \\"\\\\\\""), action ');
    expect(stdout).toMatch(/: "Paid twice by \\"\\\\\\""\n/);
  });

  it("leave room for what stands beside them", async () => {
    const { stdout } = await judgeAt(240, rejectedWith("x ".repeat(100)));
    expect(stdout).toMatch(/ "(x ){29}x…", from "(x ){29}x…"; policy [0-9a-f]{12}\n/);
  });

  it("of a refusal, with or without a report, go on behind a margin", async () => {
    const path = `${" ".repeat(100)}${ROW}`;
    const { bundle } = writeChain(SCENARIOS.approved, { bundle: put(ROW.repeat(2), 1) });
    const unusable = await judgeAt(100, bundle);
    expect(unusable).toMatchObject({ code: 2, stdout: "" });
    const [first = "", ...rest] = unusable.stderr.trimEnd().split("\n");
    expect(first).toMatch(/^ERR_BUNDLE: /);
    expect(rest.length).toBeGreaterThan(0);
    for (const line of rest) expect(line).toMatch(/^ {4}│ /);
    for (const line of [first, ...rest]) expect(width(line)).toBeLessThanOrEqual(100);
    const named = put("issuer", `https://a.example/${path}`)(TRUST, { digests: [] });
    const args = [writeDocument(writeChain(SCENARIOS.approved).bundle), "--trust", writeDocument(named)];
    const { code, stdout } = await runVerify(args, undefined, { COLUMNS: "100" });
    expect(code).toBe(1);
    const [, checks = ""] = stdout.split("\nchecked\n");
    const [told = ""] = checks.split("\ninvalid: ");
    expect(told).toContain(" ● human ");
    expect(screen(told, 100)).toEqual(told.split("\n"));
    for (const line of told.split("\n")) expect(line).toMatch(/^($|not checked$| {2}[✓✗·] | {4}│ )/);
  });
});

/** `script` gives the command a terminal of its own. */
const hasTerminal = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

describe.skipIf(!hasTerminal)("a terminal", () => {
  const paths = () => [
    writeDocument(rejectedWith(drawn(pad(" ", 1), 90))),
    writeDocument(TRUST, "trust.json"),
  ];
  const inTerminal = (columns: number, after: string, env: Readonly<Record<string, string>> = {}) => {
    const [bundle, trust] = paths();
    const command = `stty cols ${columns} rows 50; '${process.execPath}' src/cli/verify.ts '${bundle}' --trust '${trust}' ${after}`;
    return spawnSync("script", ["-qec", command, "/dev/null"], {
      encoding: "utf8",
      env: { ...process.env, COLUMNS: "", ...env },
    }).stdout.replaceAll("\r\n", "\n");
  };
  const widest = (text: string) => Math.max(...(text.split("\nchecked\n")[0] ?? "").split("\n").map(width));

  it("is asked for its width, whatever the environment says", () => {
    expect(widest(inTerminal(90, ""))).toBe(90);
    expect(widest(inTerminal(70, "", { COLUMNS: "200" }))).toBe(70);
    expect(widest(inTerminal(200, ""))).toBeGreaterThan(150);
  });

  it("is asked for its width also behind a pager", () => {
    expect(widest(inTerminal(70, "| cat"))).toBe(70);
  });
});
