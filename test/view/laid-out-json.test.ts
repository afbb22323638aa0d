// JSON in a box: laid out to be read where that changes nothing, and else exactly as it is.
import { describe, expect, it } from "vitest";
import { ArtifactBox } from "../../src/view/code-box.tsx";

/** What a reader of the box sees. */
function shown(text: string): string {
  const html = String(ArtifactBox({ label: "An artifact", text }));
  return html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&");
}

const PADDING = "x".repeat(120);

describe("an artifact that is JSON", () => {
  it.each([
    [`{"a":[1,2],"pad":"${PADDING}"}`, `{\n  "a": [1, 2],\n  "pad": "${PADDING}"\n}`],
    [`{ "a" : "\\u0026\\/" ,\n "pad": "${PADDING}" }`, `{\n  "a": "&/",\n  "pad": "${PADDING}"\n}`],
    ['{"a":" \\" "}', '{ "a": " \\" " }'],
  ])("is laid out: %s", (text, laidOut) => {
    expect(shown(text)).toBe(laidOut);
  });

  it.each([
    '{"event":9007199254740993}',
    '{"limit":1e400}',
    '{"twice":"first","twice":"second"}',
    '{"__proto__":{"a":1},"__proto__":2}',
    '{"a":1.0}',
    "{not json",
  ])("is shown as it is where laying it out would lose something: %s", (text) => {
    expect(shown(text)).toBe(text);
  });

  it.each([25, 500, 1000, 2000])("does not grow out of bounds when it is nested %i deep", (depth) => {
    const leaves = Array.from({ length: 29_000 }, () => 1).join(",");
    const text = `${"[".repeat(depth)}${leaves}${"]".repeat(depth)}`;
    expect(shown(text).length).toBeLessThan(3 * text.length);
  });
});
