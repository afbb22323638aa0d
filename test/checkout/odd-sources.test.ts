// Sources as nobody expects them: other line ends, look-alikes, text that runs the other way, what is long or broken. The planner
// patches them as they are, or says that it cannot.
import { describe, expect, it } from "vitest";
import { ParsedModule } from "../../src/checkout/parse-module.ts";
import { locateFault } from "../../src/checkout/planner/locate-fault.ts";
import { reachedModules } from "../../src/checkout/reached-modules.ts";
import { SOURCE } from "../../src/checkout/source/index.ts";
import { earlier, failedOf, investigate, propose, tryOut } from "./incident.ts";

const CHECKOUT = SOURCE["src/checkout.js"] ?? "";
const given = (source: string) => ({ files: { ...SOURCE, "src/checkout.js": source } });

const WORDS = "Use 409, add a metric, add a comment, send the usual headers.";

describe("a source", () => {
  it.each<[string, string]>([
    ["with CRLF", CHECKOUT.replaceAll("\n", "\r\n")],
    ["with CR alone", `// What this does.\n${CHECKOUT}`.replaceAll("\n", "\r")],
    ["with CR alone, and a comment that it ends", `// a\rexport const b = 1;\n${CHECKOUT}`],
    ["with U+2028 between lines", CHECKOUT.replace("{\n  const session", "{\u2028  const session")],
    ["without a final newline", CHECKOUT.trimEnd()],
    ["in one line", CHECKOUT.replaceAll(/\n\s*/g, " ")],
    ["with tabs", CHECKOUT.replaceAll("  ", "\t")],
    ["with a byte order mark", `\ufeff${CHECKOUT}`],
    [
      "with invisible characters and text that runs the other way",
      `${CHECKOUT}// \u202e gnp \u2066 a\u2069 \u200b\u00ad\u180e\u3164\u115f\ufeff\u{e0100}\u{1d173}\u2800\u00a0\u2003\u0085\n`,
    ],
    ["with a look-alike beside the name", `${CHECKOUT}const \u0441art = 1; const cart2 = 2;\n`],
    [
      "with a look-alike as the name",
      CHECKOUT.replaceAll(/\bcart\b(?!_)/g, "\u0441art").replace("session.\u0441art", "session.cart"),
    ],
    [
      "with a check of a look-alike",
      CHECKOUT.replace("  if (cart.", "  const \u0441art = 1;\n  if (!\u0441art) return;\n  if (cart."),
    ],
  ])("%s is patched as it is: nothing but the guard is added", async (_, source) => {
    const incident = await investigate(given(source));
    const first = await tryOut(await propose(incident), incident);
    expect(failedOf(first.measured)).toEqual([0, 0]);
    const asked = await tryOut(
      await propose(incident, { proposals: [earlier(first, "request_changes", WORDS)] }),
      incident,
    );
    expect(failedOf(asked.measured)).toEqual([0, 0]);
    expect(asked.plan.feedback).toMatchObject({ applied: { length: 4 }, notApplied: [] });
    for (const { content } of [first, asked]) {
      const kept = [...content];
      // Every character of the source is still there, in its order.
      let at = 0;
      for (const char of kept) if (char === [...source][at]) at += 1;
      expect(at).toBe([...source].length);
      if (/\r(?!\n)/.test(source) && !source.includes("\n")) expect(content).not.toContain("\n");
      if (source.includes("\r\n")) expect(content.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    }
  });

  it.each<[string, string]>([
    ["too long", `${"// long\n".repeat(5_000)}${CHECKOUT}`],
    ["that cannot be parsed", `${CHECKOUT}\nexport function (`],
    ["whose name is spelt with an escape", CHECKOUT.replaceAll(/\bcart\b(?!_)/g, "c\\u0061rt")],
    ["whose name has a mark in it that turns the text", CHECKOUT.replaceAll(/\bcart\b(?!_)/g, "ca\u202ert")],
    [
      "that reads off a call",
      CHECKOUT.replace("cart.items.length", "sessionOf(request).cart.items.length").replace(
        "(cart,",
        "(session.cart ?? {},",
      ),
    ],
  ])("%s is passed over, with a reason", (_, source) => {
    const files = Object.entries({ ...SOURCE, "src/checkout.js": source }).map(([path, content]) => ({
      path,
      content,
    }));
    const error = { message: "", property: "items", paths: ["/checkout"], failed: 6, total: 32 };
    expect(locateFault(files, error)).toBeUndefined();
  });
});

describe("the parser", () => {
  it.each([
    "(",
    "async (",
    "async x=>",
    "await ",
    "yield ",
    "a<b>(c)",
    "((a,b)=>{",
    ") ] } ",
    "`${",
    "[{a:",
    "async (a, b=",
  ])("gives up on 32 KiB of %j before it fills the memory", (unit) => {
    expect(ParsedModule.parse("a.js", unit.repeat(Math.floor((32 * 1024) / unit.length)))).toBeNull();
  });

  it.each([
    [200, true],
    [201, false],
  ])("takes a source with %i words that may or may not be keywords: %s", (times, isTaken) => {
    expect(ParsedModule.parse("a.js", "async () => 1;\n".repeat(times)) !== null).toBe(isTaken);
  });

  it.each([
    [32 * 1024, true],
    [32 * 1024 + 1, false],
  ])("takes a source of %i characters: %s", (length, isTaken) => {
    expect(ParsedModule.parse("a.js", ";".padEnd(length)) !== null).toBe(isTaken);
  });

  it("keeps offsets, whatever ends a line", () => {
    const source = "// a\r\nlet b;\r// c\u2028let d;\n";
    const module = ParsedModule.parse("a.js", source);
    expect(module?.definitions("b").map((node) => node.from)).toEqual([source.indexOf("b")]);
    expect(module?.definitions("d").map((node) => node.from)).toEqual([source.indexOf("d")]);
  });
});

describe("the modules of a Worker", () => {
  const reached = (files: Record<string, string>) =>
    [...reachedModules(new Map(Object.entries(files)), "src/worker.js").keys()].sort();

  it("are those that the main one brings in, in whatever way", () => {
    const files = {
      "src/worker.js":
        'import "./a.js"; export * from "../lib/b.mjs"; export { x } from "/src/c.js"; import "node:fs"; const s = "./no.js";',
      "src/a.js": 'const d = () => import("./d.js"); // import "./no.js"\n',
      "lib/b.mjs": 'import e from\n"../src/./e.js";',
      "src/c.js": "",
      "src/d.js": 'import "./worker.js"; import "./gone.js";',
      "src/e.js": "",
      "src/no.js": "does not ( parse",
      "README.md": "",
    };
    expect(reached(files)).toEqual([
      "lib/b.mjs",
      "src/a.js",
      "src/c.js",
      "src/d.js",
      "src/e.js",
      "src/worker.js",
    ]);
  });

  it.each([
    ["cannot be parsed", 'import "./a.js"; ('],
    ["is too long to be parsed", `import "./a.js"; ${" ".repeat(40_000)}`],
    ["imports what only running it tells", "import(name)"],
    ["spells an import with an escape", String.raw`import "./\x61.js";`],
  ])("are all there are when one %s", (_, source) => {
    expect(reached({ "src/worker.js": source, "src/a.js": "", "src/b.js": "", "b.css": "" })).toEqual([
      "src/a.js",
      "src/b.js",
      "src/worker.js",
    ]);
  });

  it("are told apart where the same text stands in two folders", () => {
    const files = {
      "src/worker.js": 'import "./a.js"; import "../lib/a.js";',
      "src/b.js": "",
      "lib/b.js": "",
    };
    const same = 'import "./b.js";';
    expect(reached({ ...files, "src/a.js": same })).toEqual(["src/a.js", "src/b.js", "src/worker.js"]);
    expect(reached({ ...files, "src/a.js": same, "lib/a.js": same })).toEqual([
      "lib/a.js",
      "lib/b.js",
      "src/a.js",
      "src/b.js",
      "src/worker.js",
    ]);
  });

  it.each(["../x.js", "/x.js", "src/../src/worker.js", "a:b.js", "a\u0000.js"])("are never at %j", (path) => {
    expect(reached({ "src/worker.js": "import(name)", [path]: "" })).toEqual(["src/worker.js"]);
  });
});

describe("the search for the fault", () => {
  it.each([
    [40, "basket"],
    [60, undefined],
  ])("looks at the first fifty reads of a file: after %i harmless ones it finds %s", (times, base) => {
    const harmless = "  if (cart) void cart.items;\n".repeat(times);
    const content = `export function checkout(cart, basket) {\n${harmless}  void basket.items;\n  return json(400, {});\n}\n`;
    const error = { message: "", property: "items", paths: ["/checkout"], failed: 6, total: 32 };
    expect(locateFault([{ path: "src/checkout.js", content }], error)?.base).toBe(base);
  });
});
