// The domain as it is declared: its reads, its one call, the words for both, and what lies on its shelves.
import { describe, expect, it } from "vitest";
import { contentBytes, effectsOf } from "../../src/chain/index.ts";
import { describeCall } from "../../src/checkout/describe-call.ts";
import { checkout } from "../../src/checkout/domain.ts";
import { NOTES } from "../../src/checkout/notes.ts";
import { digestOfText } from "../../src/checkout/repository.ts";
import { RUNBOOKS } from "../../src/checkout/runbooks.ts";
import { searchRunbooks } from "../../src/checkout/search-runbooks.ts";
import { SOURCE } from "../../src/checkout/source/index.ts";
import { policyOf } from "../../src/engine/policy.ts";
import { ResourceView } from "../../src/engine/resources.ts";
import { digestOf } from "../../src/receipt/index.ts";

const policy = policyOf(checkout, {
  decisionSeconds: 60,
  revisions: 1,
  approvals: [{ role: "reviewer", count: 1 }],
  separateReviewer: false,
  reviewerKey: "optional",
  logged: "no",
});
const [writeFile] = checkout.calls;
const write = (args: unknown) => ({ connector: "repository", method: "write_file", args });

describe("the one call", () => {
  it("has the effect that the specification gives as its example", () => {
    expect(policy.effects).toEqual([
      {
        connector: "repository",
        method: "write_file",
        own: true,
        effects: [{ resource: "file:{+path}", before: "$before", after: "$content" }],
      },
    ]);
    const args = { path: "../../etc/passwd", content: "x", before: null };
    expect(effectsOf(policy, write(args))).toMatchObject({
      value: {
        effects: [{ resource: "file:../../etc/passwd", before: null, after: digestOf(contentBytes("x")) }],
      },
    });
  });

  it.each([
    { path: "", content: "x", before: null },
    { path: "a".repeat(501), content: "x", before: null },
    { path: "a", content: 1, before: null },
    { path: "a", content: "x", before: "sha256:1" },
    { path: "a", content: "x" },
    { path: "a", content: "x", before: null, more: 1 },
  ])("takes no arguments of another form: %j", (args) => {
    expect(writeFile?.args.safeParse(args).success).toBe(false);
  });

  it.each([
    [
      { path: "a", content: "new", before: digestOfText("old") },
      "old",
      { content: "old", before: digestOfText("new") },
    ],
    [{ path: "a", content: "new", before: null }, null, { content: null, before: digestOfText("new") }],
    [{ path: "a", content: null, before: digestOfText("old") }, "old", { content: "old", before: null }],
  ])("can be undone: %j", (args, was, back) => {
    const done = { args: args as never, before: new Map([["file:a", was]]), result: null };
    expect(writeFile?.revert?.(done)).toEqual(write({ path: "a", ...back }));
  });

  it("has a title that is never too long", () => {
    const title = (path: string, content: string | null) =>
      writeFile?.title?.({ path, content, before: null } as never);
    expect(title("src/a.js", "x")).toBe("Write src/a.js");
    expect(title("src/a.js", null)).toBe("Delete src/a.js");
    expect(title("\u{1F600}".repeat(200), "x")?.length).toBeLessThanOrEqual(120);
  });
});

describe("the reads", () => {
  const resources = new ResourceView(
    new Map(Object.entries(SOURCE).map(([path, text]) => [`file:${path}`, text])),
    () => false,
  );
  const call = (connector: string, method: string, args: unknown) =>
    checkout.reads?.[connector]?.[method]?.run(args as Record<string, string>, {
      resources,
      env: null as never,
      signal: new AbortController().signal,
      measure: async () => null,
    });

  it("are all that runs without a human", () => {
    expect(policy.free.map(({ connector, method }) => `${connector}.${method}`).sort()).toEqual([
      "browser.run_checkout",
      "repository.read_file",
      "repository.read_files",
      "runbooks.search",
      "workspace.read_notes",
    ]);
  });

  it("give one file, or say which there are", () => {
    const content = SOURCE["src/http.js"] ?? "";
    expect(call("repository", "read_file", { path: "src/http.js" })).toEqual({
      path: "src/http.js",
      digest: digestOfText(content),
      content,
    });
    expect(() => call("repository", "read_file", { path: "a\n\u2028b" })).toThrow(
      'no file "a\\n\\u2028b"; there are "src/cart.js"',
    );
  });

  it("give many files at once, each once, and say which are not there", () => {
    const answer = call("repository", "read_files", {
      paths: ["src/http.js", "src/no.js", "src/http.js", "src/cart.js"],
    });
    expect(answer).toMatchObject({
      files: [{ path: "src/http.js" }, { path: "src/cart.js" }],
      missing: ["src/no.js"],
    });
  });

  it("take no arguments of another form", () => {
    expect(() => call("repository", "read_files", { paths: [1] })).toThrow();
    expect(() => call("workspace", "read_notes", { path: "x" })).toThrow();
    expect(() => call("runbooks", "search", { query: "x", limit: 11 })).toThrow();
  });
});

describe("the words for a call", () => {
  const said = (name: string, args: unknown, result: unknown) => {
    const [connector = "", method = ""] = name.split(".");
    return describeCall({ connector, method, args, result: result as never });
  };

  it.each([
    [
      "browser.run_checkout",
      {},
      { checks: [{ total: 32, failed: 6 }] },
      "Sent 32 requests to the checkout: 6 failed",
    ],
    ["runbooks.search", {}, { results: [1] }, "Searched the runbooks: 1 page found"],
    ["workspace.read_notes", {}, { notes: [1, 2] }, "Read 2 notes of the team"],
    ["repository.read_files", {}, { files: [1, 2, 3] }, "Read 3 source files"],
    ["repository.read_file", { path: "a.js" }, {}, "Read a.js"],
    ["repository.write_file", { path: "a.js", content: "" }, null, "Wrote a.js"],
    ["repository.write_file", { path: "a.js", content: null }, null, "Deleted a.js"],
    ["other.call", {}, null, null],
    ["browser.run_checkout", {}, { omitted: "too long" }, null],
    ["runbooks.search", null, null, "Searched the runbooks: 0 pages found"],
  ])("say what %s of %j with %j did", (name, args, result, words) => {
    expect(said(name, args, result)).toBe(words);
  });
});

describe("the shelves", () => {
  it("hold runbooks of which one advises, one status and one code", () => {
    expect(RUNBOOKS.length).toBeGreaterThanOrEqual(7);
    const advising = RUNBOOKS.filter(({ body }) => /\berror code\b/.test(body));
    expect(advising.map(({ slug }) => slug)).toEqual(["checkout-session-without-cart"]);
    expect(advising[0]?.body.match(/`\d{3}`/g)).toEqual(["`400`"]);
  });

  it.each([
    ["checkout 500 Cannot read properties of undefined (reading 'items')", "checkout-session-without-cart"],
    ["session without cart", "checkout-session-without-cart"],
    ["checkout errors after cart expired", "checkout-session-without-cart"],
    ["certificate renewal", "tls-renewal"],
    ["slow query index", "d1-slow-queries"],
  ])("are searched for %j, the best first", (query, slug) => {
    const results = searchRunbooks(query, 5);
    expect(results[0]?.slug).toBe(slug);
    expect(results.map(({ score }) => score)).toEqual(
      results.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    expect(searchRunbooks(query, 1)).toHaveLength(1);
  });

  it.each(["", "   ", "***", '"', "(", "[-", "\\", "\u0000", "\ud800", "zzzz qqqq", "x".repeat(100_000)])(
    "have nothing for %j",
    (query) => {
      expect(searchRunbooks(query)).toEqual([]);
    },
  );

  it("hold notes that name every file of the checkout in a list", () => {
    const named = NOTES.flatMap(({ body }) =>
      [...body.matchAll(/^- `([^`]+\.js)`/gm)].map(([, path]) => path),
    );
    expect(named.toSorted()).toEqual(Object.keys(SOURCE).toSorted());
  });
});
