// What the drawn change says about itself: nothing is left out, hidden or ambiguous without a word.
import { describe, expect, it } from "vitest";
import { DiffTable } from "../../src/view/diff-table.tsx";

async function draw(
  before: string,
  after: string,
  { path = "src/a.js", isNew = false, isText = true } = {},
): Promise<string> {
  return String(await DiffTable({ id: "change", change: { path, before, after, isNew, isText } }).toString());
}
const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${word}${i}\n`).join("");
const wordsOf = (html: string) => html.replace(/<[^>]*>/g, "");

describe("a drawn change", () => {
  it("shows a character that reorders text by its code point, and says so", async () => {
    const html = await draw("a\n", "a\u202eb\n", { path: "src/\u202esj.a" });
    expect(html).not.toContain("\u202e");
    expect(wordsOf(html)).toContain("src/U+202Esj.a");
    expect(wordsOf(html)).toContain("2 characters here cannot be seen as such");
  });

  it("does not take an ordinary change for a deceptive one", async () => {
    expect(await draw("a\n", "b\n")).not.toContain("diff-warning");
  });

  it("names CRLF once where both files have it, and shows every line's where that changes", async () => {
    const same = wordsOf(await draw("a\r\nb\r\n", "a\r\nc\r\n"));
    expect(same).toContain("line ends CRLF");
    expect(same).not.toContain("U+000D");
    const changed = wordsOf(await draw("a\nb\n", "a\r\nb\r\n"));
    expect(changed).toContain("line ends LF, then CRLF");
    expect(changed.match(/U\+000D/g), "in each view").toHaveLength(4);
  });

  it("tells a new file, a new file without content, one left empty and one that stays", async () => {
    expect(wordsOf(await draw("", "a\n", { isNew: true }))).toContain("new file, +1");
    expect(wordsOf(await draw("", "", { isNew: true }))).toContain("A new file without content.");
    expect(wordsOf(await draw("a\n", ""))).toContain("left empty, +0 −1");
    expect(wordsOf(await draw("a\n", "a\n"))).toContain("The content stays as it is.");
  });

  it("never says that bytes which cannot be shown stay as they are", async () => {
    const words = wordsOf(await draw("a\uFFFD\n", "a\uFFFD\n", { isText: false }));
    expect(words).toContain("no UTF-8 text");
    expect(words).toContain("Only bytes that are no character change.");
  });

  it("offers both views of a file that was there, and one of a new file", async () => {
    expect((await draw("a\n", "b\n")).match(/<table/g)).toHaveLength(2);
    expect((await draw("", "b\n", { isNew: true })).match(/<table/g)).toHaveLength(1);
  });

  it("draws both ends of very many lines, and says how many lie between", async () => {
    const words = wordsOf(await draw("", numbered("line ", 9_000), { isNew: true }));
    expect(words).toContain("This change is not shown in full");
    expect(words).toMatch(/[\d,]+ bytes of [\d,]+ lines are not shown here/);
    expect(words).toContain("+9000");
    for (const shown of ["line 0", "line 999", "line 8000", "line 8999"])
      expect(words).toContain(`+${shown}`);
  });

  it("of two long texts that have nothing in common draws both ends of both", async () => {
    const words = wordsOf(await draw(numbered("before ", 9_000), numbered("after ", 9_000)));
    expect(words.match(/bytes of [\d,]+ lines are not shown here/g)).toHaveLength(2);
    for (const shown of [0, 500, 8500, 8999]) {
      expect(words).toContain(`-before ${shown}`);
      expect(words).toContain(`+after ${shown}`);
    }
  });

  it("draws a long line that is shown whole as one line", async () => {
    const html = await draw("", `${"x".repeat(100_000)}\n`, { isNew: true });
    expect(html).not.toContain("not shown");
    expect(html).toContain(`<ins><b>+</b>${"x".repeat(100_000)}</ins>`);
  });

  it("tells a run of marks by its count, and says so", async () => {
    const html = await draw("a\n", `const e${"\u0301".repeat(300)} = 1;\n`);
    expect(wordsOf(html)).toContain("300 marks stand in runs that no script has");
    expect(html.match(/<u>U\+0301 ×300<\/u>/g), "in each view").toHaveLength(2);
    expect(html).not.toContain("\u0301");
  });

  it("never cuts a run of marks into pieces that would pass for those of a script", async () => {
    const marks = (odd: string) => `x${`\u0301${odd}`.repeat(60)} = price * count;\n`;
    const html = await draw(marks("\u0302"), marks("\u0303"));
    expect(html).not.toMatch(/\p{M}/u);
  });

  it("escapes markup", async () => {
    expect(await draw("a\n", "<script>alert(1)</script>\n")).not.toContain("<script");
  });
});
