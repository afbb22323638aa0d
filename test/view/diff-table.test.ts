// What the drawn change says about itself: nothing is left out, hidden or ambiguous without a word.
import { describe, expect, it } from "vitest";
import { DiffTable } from "../../src/view/diff-table.tsx";

async function draw(
  before: string,
  after: string,
  { path = "src/a.js", isNew = false, isText = true } = {},
): Promise<string> {
  return String(await DiffTable({ id: "change", path, before, after, isNew, isText }).toString());
}
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

  it("draws no more than some thousand lines, and says how many are missing", async () => {
    const words = wordsOf(await draw("", "line\n".repeat(5_000), { isNew: true }));
    expect(words).toContain("2000 further lines are not drawn here.");
    expect(words).toContain("+5000");
  });

  it("of two long texts that have nothing in common draws the beginnings of both", async () => {
    const numbered = (word: string) => Array.from({ length: 4_000 }, (_, i) => `${word}${i}\n`).join("");
    const words = wordsOf(await draw(numbered("before "), numbered("after ")));
    expect(words).toContain("5000 further lines are not drawn here.");
    expect(words).toContain("before 1499");
    expect(words).toContain("after 1499");
  });

  it("escapes markup", async () => {
    expect(await draw("a\n", "<script>alert(1)</script>\n")).not.toContain("<script");
  });
});
