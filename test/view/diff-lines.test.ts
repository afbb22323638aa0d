import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeBlocks, type DiffLine, diffLines } from "../../src/view/diff-lines.ts";

const textOf = ({ pieces }: DiffLine) => pieces.map(({ text }) => text).join("");
const drawn = (before: string, after: string) =>
  diffLines("a.js", before, after).hunks.flatMap(({ lines }) =>
    lines.map((line) => `${line.sign}${textOf(line)}`),
  );
const marked = (before: string, after: string) =>
  diffLines("a.js", before, after)
    .hunks.flatMap(({ lines }) => lines.flatMap(({ pieces }) => pieces))
    .flatMap((piece) => (piece.marked ? [piece.text] : []));

const linesOf = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

const lines = fc.array(fc.constantFrom("a", "b", "  return 1;", "", "x\r", "\u2028", "}"), { maxLength: 30 });
const text = fc.tuple(lines, fc.constantFrom("", "\n")).map(([all, end]) => all.join("\n") + end);

describe("a diff", () => {
  it("shows every line under its own number, and leaves out only lines that stay", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [old, fresh] = [linesOf(before), linesOf(after)];
        const all = diffLines("a.js", before, after).hunks.flatMap(({ lines }) => lines);
        for (const line of all) {
          if (line.old !== null) expect(textOf(line)).toBe(old[line.old - 1]);
          if (line.new !== null) expect(textOf(line)).toBe(fresh[line.new - 1]);
        }
        const without = (whole: string[], key: "old" | "new", sign: string) => {
          const changed = new Set(all.flatMap((line) => (line.sign === sign ? [line[key]] : [])));
          return whole.filter((_, i) => !changed.has(i + 1));
        };
        expect(without(old, "old", "-")).toEqual(without(fresh, "new", "+"));
      }),
    );
  });

  it("says where a file ends without a line feed", () => {
    expect(drawn("a\nb", "a\nb\n")).toEqual([" a", "-b", "\\No newline at end of file", "+b"]);
  });

  it("shows a changed line ending in the line", () => {
    expect(drawn("a\n", "a\r\n")).toEqual(["-a", "+a\r"]);
  });

  it("marks the words that differ in lines that are much alike, and none in lines that are not", () => {
    expect(marked("const a = price * count;\n", "const a = price * counts;\n")).toEqual(["count", "counts"]);
    expect(marked("const a = price * count;\n", "import { json } from './http.js';\n")).toEqual([]);
    expect(marked("a\n", "a\nb\n")).toEqual([]);
  });

  it("of texts with nothing in common puts one whole after the other, in little time", () => {
    const numbered = (word: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${word}${i}\n`).join("");
    const diff = diffLines("a.js", numbered("x", 20_000), numbered("y", 10_000));
    expect(diff).toMatchObject({ matched: false, removed: 20_000, added: 10_000 });
    expect(diff.hunks).toHaveLength(1);
    expect(diff.hunks[0]?.lines[20_000]).toMatchObject({ sign: "+", old: null, new: 1 });
  });

  it("groups what goes and what comes, each remark with its side", () => {
    const [hunk] = diffLines("a.js", "a\nb\nc", "a\nB\nd\n").hunks;
    const [first, second] = changeBlocks(hunk?.lines ?? []);
    expect(first?.same.map(textOf)).toEqual(["a"]);
    expect(second?.removed.map(textOf)).toEqual(["b", "c", "No newline at end of file"]);
    expect(second?.added.map(textOf)).toEqual(["B", "d"]);
  });
});
