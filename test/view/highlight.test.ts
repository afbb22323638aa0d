import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeLines } from "../../src/view/highlight.ts";

const textOf = (lines: ReturnType<typeof codeLines>) =>
  lines.map((pieces) => pieces.map(({ text }) => text).join("")).join("\n");
const kindOf = (path: string, text: string, word: string) =>
  codeLines(path, text)
    .flat()
    .find((piece) => piece.text === word)?.kind;

const codeLike = fc
  .array(
    fc.constantFrom(
      "const ",
      "x",
      "=",
      '"',
      "'",
      "`",
      "${",
      "}",
      "(",
      "{",
      "//",
      "/*",
      "*/",
      "/",
      "\n",
      "\r\n",
      "<a>",
      "\u202e",
      "🙂",
      "1",
    ),
  )
  .map((parts) => parts.join(""));

describe("coloured code", () => {
  it.each(["a.js", "a.tsx", "a.txt"])("is the same text, character for character (%s)", (path) => {
    fc.assert(
      fc.property(fc.oneof(codeLike, fc.string({ unit: "binary" })), (text) => {
        expect(textOf(codeLines(path, text))).toBe(text);
      }),
    );
  });

  it("tells keywords, strings, literals, comments and names apart", () => {
    const text = 'export function pay(cart) {\n  return total("EUR", 42); // cents\n}\n';
    expect(kindOf("pay.js", text, "function")).toBe("keyword");
    expect(kindOf("pay.js", text, '"EUR"')).toBe("string");
    expect(kindOf("pay.js", text, "42")).toBe("literal");
    expect(kindOf("pay.js", text, "// cents")).toBe("comment");
    expect(kindOf("pay.js", text, "pay")).toBe("name");
    expect(kindOf("pay.ts", "let a: string;", "let")).toBe("keyword");
  });

  it("carries a comment or a template over the lines that it spans", () => {
    const lines = codeLines("a.js", "/* one\ntwo */ const x = `three\nfour`;");
    expect(lines[1]?.[0]).toEqual({ text: "two */", kind: "comment" });
    expect(lines[2]?.[0]).toEqual({ text: "four`", kind: "string" });
  });

  it("leaves plain what is of no known language, too long, or takes the parser too many steps", () => {
    const isPlain = (path: string, text: string) =>
      codeLines(path, text)
        .flat()
        .every(({ kind }) => kind === null);
    expect(isPlain("a.py", "return 1")).toBe(true);
    expect(isPlain("a.js", "return 1;\n".repeat(4_000))).toBe(true);
    expect(isPlain("a.js", `return 1;\n${"(a,".repeat(8_000)}`)).toBe(true);
    expect(isPlain("a.js", "return 1;")).toBe(false);
  });
});
