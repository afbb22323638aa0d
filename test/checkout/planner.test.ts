// The planner from alert to write, its scripts evaluated for real against a checkout that really fails.
import { beforeAll, describe, expect, it } from "vitest";
import { checkoutPlanner } from "../../src/checkout/planner.ts";
import { RUNBOOKS } from "../../src/checkout/runbooks.ts";
import { SOURCE } from "../../src/checkout/source/index.ts";
import { readAnswer } from "../../src/domain/index.ts";
import {
  earlier,
  failedOf,
  type Incident,
  investigate,
  measure,
  propose,
  situationOf,
  tryOut,
} from "./incident.ts";

let incident: Incident;
beforeAll(async () => {
  incident = await investigate();
});

const withSource = (path: string, change: (source: string) => string) => ({
  files: { ...SOURCE, [path]: change(SOURCE[path] ?? "") },
});
const inCheckout = (change: (source: string) => string) => withSource("src/checkout.js", change);

describe("the investigation", () => {
  it("probes, reads the notes, searches, reads the files that the notes name in one call, and writes nothing", () => {
    const calls = incident.items.map(({ connector, method }) => `${connector}.${method}`);
    expect(calls.slice(0, 2).sort()).toEqual(["browser.run_checkout", "workspace.read_notes"]);
    expect(calls.slice(2).sort()).toEqual(["repository.read_files", "runbooks.search"]);
    const read = incident.items.find(({ method }) => method === "read_files");
    expect(read?.result).toMatchObject({ missing: [], files: { length: Object.keys(SOURCE).length } });
    expect(incident.writes).toEqual([]);
  });

  it("finds the relevant runbook first", () => {
    const search = incident.items.find(({ method }) => method === "search");
    expect(search?.result).toMatchObject({ results: [{ slug: "checkout-session-without-cart" }, {}, {}] });
  });

  it("sums up what it saw, and from where it goes on", async () => {
    const inherited = { run: "run-1", outcome: "not_run" as const, checks: [], report: null, proposals: [] };
    const answer = await checkoutPlanner.next({ ...situationOf([], { inherited }), evidence: [] });
    if (!("investigate" in answer)) throw new Error("expected an investigation");
    expect(await incident.run(answer.investigate)).toEqual({
      summary: expect.stringMatching(
        /^Continues run-1.*6 of 32.*reading 'items'.*without a cart.*src\/checkout\.js/s,
      ),
    });
  });

  it("goes on when the notes name a file that is not there", async () => {
    const notes = [{ path: "n.md", title: "n", body: "- `src/gone.js`: old\n- `src/http.js`: answers\n" }];
    const { items } = await investigate({ notes });
    const read = items.find(({ method }) => method === "read_files");
    expect(read?.result).toMatchObject({ files: [{ path: "src/http.js" }], missing: ["src/gone.js"] });
  });
});

describe("the proposal", () => {
  it("cures the fault and keeps every valid checkout", async () => {
    const { path, content, measured } = await tryOut(await propose(incident), incident);
    expect(path).toBe("src/checkout.js");
    expect(failedOf(await measure(SOURCE))).toEqual([6, 0]);
    expect(failedOf(measured)).toEqual([0, 0]);
    expect(content).toContain(
      "  const cart = session.cart;\n  if (cart?.items === undefined) {\n    return json(400, {\n",
    );
    expect(content).toContain('error: "cart_missing"');
    expect(content).not.toContain("count(");
  });

  it("says what and why, with the numbers of the probe, in the engine's form", async () => {
    const plan = await propose(incident);
    expect(readAnswer({ propose: plan })).toEqual({ propose: plan });
    expect(plan).toMatchObject({
      title: "Answer 400 where cart can be undefined",
      summary: expect.stringMatching(
        /^Line 22 of src\/checkout\.js .*6 of 32 .*answers 400 with cart_missing/,
      ),
      risk: "low",
      feedback: null,
    });
  });

  it("is the same for the same evidence", async () => {
    const again = await investigate();
    expect(await propose(again)).toEqual(await propose(incident));
  });

  it("stops instead of writing when the file is not the one that was investigated", async () => {
    const plan = await propose(incident);
    const changed = await investigate(inCheckout((source) => `${source}// more\n`));
    await expect(tryOut(plan, changed)).rejects.toThrow("has changed since the investigation");
  });

  it("owns up to failures that it leaves unexplained", async () => {
    const other = await investigate(
      withSource("src/cart.js", () => "export function readCart() { throw new Error('x'); }"),
    );
    expect(await propose(other)).toMatchObject({
      risk: "medium",
      summary: expect.stringMatching(/9 of 32 .*6 of them/),
    });
  });
});

describe("what the proposal is derived from", () => {
  it("follows the status and the code that the runbook advises", async () => {
    const pages = RUNBOOKS.map((page) => ({
      ...page,
      body: page.body.replace(
        "`400` with the error code `cart_missing`",
        "`422` with the error code `cart_lapsed`",
      ),
    }));
    const other = await investigate({ pages });
    const { content, measured } = await tryOut(await propose(other), other);
    expect(content).toContain("return json(422, {");
    expect(content).toContain('error: "cart_lapsed"');
    expect(failedOf(measured)).toEqual([0, 0]);
  });

  it("follows a renamed file, variable, property and helper", async () => {
    const rename = (text: string) =>
      text
        .replaceAll("checkout.js", "checkout-till.js")
        .replace(/\bcart\b(?!\.js|")/g, "basket")
        .replace(/(?<!\{ )\bitems\b/g, "lines")
        .replace(/\bjson\b(?!\.|;)/g, "reply");
    const files = Object.fromEntries(
      Object.entries(SOURCE).map(([path, text]) => [rename(path), rename(text)]),
    );
    const notes = [
      {
        path: "n",
        title: "n",
        body: Object.keys(files)
          .map((path) => `- \`${path}\``)
          .join("\n"),
      },
    ];
    const other = await investigate({ files, notes });
    const { path, content, measured } = await tryOut(await propose(other), other);
    expect(path).toBe("src/checkout-till.js");
    expect(content).toContain("if (basket?.lines === undefined) {\n    return reply(400, {");
    expect(failedOf(measured)).toEqual([0, 0]);
  });

  it.each([
    [
      "reads through a member",
      "const cart = session.cart;\n  if (cart.items",
      "if (session.cart.items",
      "if (session.cart?.items",
    ],
    ["takes the cart apart", "const cart = session.cart;", "const { cart } = session;", "if (cart?.items"],
    [
      "destructures the property",
      "if (cart.items.length === 0) {",
      "const { items } = cart;\n  if (items.length === 0) {",
      "if (cart?.items",
    ],
    [
      "reads within a longer statement",
      "if (cart.items.length === 0) {",
      "const empty = [\n    cart.items.length === 0,\n    false,\n  ].includes(true);\n  if (empty) {",
      "if (cart?.items",
    ],
    [
      "reads in a line of several statements",
      "  if (cart.items",
      "  let n = 0; if (cart.items",
      "if (cart?.items",
    ],
    [
      "tells of it in a comment and a string",
      "const cart =",
      'const why = "cart.items"; // !cart\n  const cart =',
      "if (cart?.items",
    ],
  ])("finds the fault where the code %s", async (_, from, to, guard) => {
    const other = await investigate(
      inCheckout((source) => {
        const changed = source.replace(from, to);
        return to.includes("session.cart.items")
          ? changed.replace("priceOrder(cart,", "priceOrder(session.cart,")
          : changed;
      }),
    );
    const { content, measured } = await tryOut(await propose(other), other);
    expect(content).toContain(guard);
    expect(failedOf(measured)).toEqual([0, 0]);
  });
});

describe("insufficient evidence", () => {
  const without = (method: string) => incident.items.filter((item) => item.method !== method);

  it.each([
    ["no probe", () => without("run_checkout"), "no report of the probe"],
    ["no files", () => without("read_files"), "No file in evidence"],
    ["no runbook", () => without("search"), "No runbook"],
    ["nothing at all", () => [], "no report of the probe"],
    [
      "results of another shape",
      () => incident.items.map((item) => ({ ...item, result: "?" })),
      "no report of the probe",
    ],
  ])("gives a reason instead of a proposal: %s", async (_, items, reason) => {
    expect(await checkoutPlanner.next(situationOf(items()))).toEqual({
      stop: expect.stringContaining(reason),
    });
  });

  it("proposes nothing once the fault is cured", async () => {
    const { after } = await tryOut(await propose(incident), incident);
    expect(await propose(await investigate({ files: after }))).toContain("No request fails");
  });

  it("proposes nothing when the failures do not say what was read", async () => {
    const other = await investigate(
      inCheckout((source) =>
        source.replace("const cart = session.cart;", '$&\n  if (!cart) throw new Error("no cart");'),
      ),
    );
    expect(await propose(other)).toContain("do not say");
  });

  it("proposes nothing where the base is checked before, and the failure must come from elsewhere", async () => {
    const other = await investigate(
      inCheckout((source) =>
        source.replace("if (cart.items", "if (!cart) return null.items;\n  if (cart.items"),
      ),
    );
    expect(await propose(other)).toContain("No file in evidence");
  });

  it("takes no advice that is not a refusal", async () => {
    const pages = RUNBOOKS.map((page) => ({ ...page, body: page.body.replace("`400`", "`200`") }));
    expect(await propose(await investigate({ pages }))).toContain("No runbook");
  });
});

describe("after a rejection", () => {
  const rejected = async (reason: string) => [
    earlier(await tryOut(await propose(incident), incident), "reject", reason),
  ];

  it("does not propose the rejected patch again", async () => {
    for (const reason of ["", "I do not trust this."]) {
      expect(await propose(incident, { proposals: await rejected(reason) })).toContain(
        "rejected this very patch",
      );
    }
  });

  it("does not come back to it by way of feedback either", async () => {
    const first = await tryOut(await propose(incident), incident);
    const proposals = [
      ...(await rejected("use 409")),
      earlier(first, "request_changes", "no, 400 after all"),
    ];
    expect(await propose(incident, { proposals })).toContain("rejected this very patch");
  });

  it("follows the reason where it is understood", async () => {
    const plan = await propose(incident, { proposals: await rejected("This should be a 409.") });
    const { content, measured } = await tryOut(plan, incident);
    expect(content).toContain("return json(409, {");
    expect(failedOf(measured)).toEqual([0, 0]);
  });
});
