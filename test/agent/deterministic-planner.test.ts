// The planner from alert to write, its scripts evaluated for real against a checkout that really fails.
import { beforeAll, describe, expect, it } from "vitest";
import { deterministicPlanner as planner } from "../../src/agent/deterministic-planner.ts";
import type { EarlierProposal, EvidenceItem, Plan } from "../../src/agent/planner.ts";
import { CHECKOUT_FILES } from "../../src/workload/checkout-source.ts";
import { RUNBOOKS } from "../../src/workload/runbooks.ts";
import { ALERT, earlierOf, type Incident, investigate, proposed, tryOut } from "./incident.ts";

async function propose(
  evidence: readonly EvidenceItem[],
  feedback: string | null = null,
  earlier: readonly EarlierProposal[] = [],
): Promise<Plan> {
  return planner.propose({ alert: ALERT, evidence, feedback, earlier });
}

let incident: Incident;
beforeAll(async () => {
  incident = await investigate(planner);
});

describe("the investigation", () => {
  it("probes, searches, reads the notes and every file that they name, and writes nothing", () => {
    const calls = incident.evidence.map(({ connector, method }) => `${connector}.${method}`);
    expect(calls.slice(0, 3)).toEqual(["browser.run_checkout", "runbooks.search", "workspace.read_notes"]);
    const read = incident.evidence.filter(({ method }) => method === "read_file").map(({ args }) => args);
    expect(read).toHaveLength(Object.keys(CHECKOUT_FILES).length);
    expect(new Set(calls.slice(3))).toEqual(new Set(["repository.read_file"]));
    expect(incident.writes).toEqual([]);
  });

  it("sums up what it saw", async () => {
    const { code } = await planner.investigate(ALERT);
    const other = await investigate(planner);
    expect(await other.run(code)).toEqual({
      summary: expect.stringMatching(/6 of 32 .*reading 'items'.*without a cart.*src\/checkout\.js/s),
    });
  });

  it("finds the relevant runbook first", () => {
    const search = incident.evidence.find(({ method }) => method === "search");
    expect(search?.result).toMatchObject({ results: [{ slug: "checkout-session-without-cart" }, {}, {}] });
  });

  it("goes on when the notes name a file that is not there", async () => {
    const notes = [{ path: "n.md", title: "n", body: "- `src/gone.js`: old\n- `src/http.js`: answers\n" }];
    const { evidence, run } = await investigate(planner, { notes });
    expect(evidence.filter(({ method }) => method === "read_file")).toHaveLength(1);
    const said = await run((await planner.investigate(ALERT)).code);
    expect(said).toEqual({ summary: expect.stringContaining("not there: src/gone.js") });
  });
});

describe("the proposal", () => {
  it("cures the fault and keeps every good checkout", async () => {
    const { path, content, after, copy } = await tryOut(await propose(incident.evidence), incident);
    expect(path).toBe("src/checkout.js");
    expect(after.tally).toEqual({ requests: 32, failed: 0, good: 16, goodFailed: 0 });
    expect(copy.files.get(path)).toBe(content);
    expect(content).toContain(
      "  const cart = session.cart;\n  if (cart?.items === undefined) {\n    return json(400, {\n",
    );
    expect(content).toContain('error: "cart_missing"');
    expect(content).not.toContain("count(");
  });

  it("looks at the patched checkout before it asks for the write, and writes last", async () => {
    const { copy } = await tryOut(await propose(incident.evidence), incident);
    expect(copy.evidence.map(({ method }) => method)).toEqual(["read_file", "preview_patch", "write_file"]);
  });

  it("says what and why, with the numbers of the probe", async () => {
    const plan = proposed(await propose(incident.evidence));
    expect(plan.summary).toMatch(/^6 of 32 .*src\/checkout\.js line 22 .*answers 400 with cart_missing/);
    expect(plan).toMatchObject({ risk: "low", feedback: null });
  });

  it("is the same for the same evidence", async () => {
    expect(await propose(incident.evidence)).toEqual(await propose(structuredClone(incident.evidence)));
  });

  it("stops instead of writing when the file has changed in the place of the patch", async () => {
    const { code } = proposed(await propose(incident.evidence));
    const changed = await investigate(planner);
    const source = changed.files.get("src/checkout.js") ?? "";
    changed.files.set("src/checkout.js", source.replace("cart.items.length === 0", "cart.items.length < 1"));
    await expect(changed.run(code)).rejects.toThrow("has changed since the investigation");
    expect(changed.writes).toEqual([]);
  });

  it("stops instead of writing when the preview is no better", async () => {
    const { code } = proposed(await propose(incident.evidence));
    const broken = await investigate(planner);
    const source = broken.files.get("src/session.js") ?? "";
    broken.files.set("src/session.js", source.replace("const cookie", "null.nothing;\n  const cookie"));
    await expect(broken.run(code)).rejects.toThrow("The patch cures nothing");
    expect(broken.writes).toEqual([]);
  });
});

describe("what the proposal is derived from", () => {
  it("follows the status and the code that the runbook advises", async () => {
    const pages = RUNBOOKS.map((page) => ({
      ...page,
      body: page.body.replace(
        "`400` with the error code `cart_missing`",
        "`410` with the error code `cart_lapsed`",
      ),
    }));
    const other = await investigate(planner, { pages });
    const { content, after } = await tryOut(await propose(other.evidence), other);
    expect(content).toContain("return json(410, {");
    expect(content).toContain('error: "cart_lapsed"');
    expect(content).not.toContain("cart_missing");
    expect(after.tally).toMatchObject({ failed: 0, goodFailed: 0 });
  });

  it("follows a renamed file, variable, property and helper", async () => {
    const rename = (text: string) =>
      text
        .replaceAll("checkout.js", "till.js")
        .replace(/\bcart\b(?!\.js|")/g, "basket")
        .replace(/\bitems\b/g, "lines")
        .replace(/\bjson\b(?!\.|;)/g, "reply");
    const files = Object.fromEntries(
      Object.entries(CHECKOUT_FILES).map(([path, text]) => [rename(path), rename(text)]),
    );
    files["src/worker.js"] = files["src/worker.js"]?.replace('"/basket"', '"/cart"') ?? "";
    const notes = [
      {
        path: "n.md",
        title: "n",
        body: Object.keys(files)
          .map((path) => `- \`${path}\``)
          .join("\n"),
      },
    ];
    const other = await investigate(planner, { files, notes });
    const { path, content, after } = await tryOut(await propose(other.evidence), other);
    expect(path).toBe("src/till.js");
    expect(content).toContain("if (basket?.lines === undefined) {\n    return reply(400, {");
    expect(after.tally).toMatchObject({ failed: 0, goodFailed: 0 });
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
  ])("finds the fault where the code %s", async (_, from, to, guard) => {
    const source = (CHECKOUT_FILES["src/checkout.js"] ?? "").replace(from, to);
    const patched = to.includes("session.cart.items")
      ? source.replace("priceOrder(cart,", "priceOrder(session.cart,")
      : source;
    const other = await investigate(planner, { files: { ...CHECKOUT_FILES, "src/checkout.js": patched } });
    const { content, after } = await tryOut(await propose(other.evidence), other);
    expect(content).toContain(guard);
    expect(after.tally).toMatchObject({ failed: 0, goodFailed: 0 });
  });
});

describe("insufficient evidence", () => {
  const without = (method: string) => incident.evidence.filter((item) => item.method !== method);

  it.each([
    ["no probe", () => without("run_checkout"), "no probe report"],
    ["no files", () => without("read_file"), "No file in evidence"],
    ["no runbook", () => without("search"), "No runbook"],
    ["nothing at all", () => [], "no probe report"],
    [
      "results of another shape",
      () => incident.evidence.map((item) => ({ ...item, result: "?" })),
      "no probe report",
    ],
  ])("gives a reason instead of a proposal: %s", async (_, evidence, reason) => {
    expect(await propose(evidence())).toEqual({ propose: false, reason: expect.stringContaining(reason) });
  });

  it("proposes nothing once the fault is cured", async () => {
    const { copy } = await tryOut(await propose(incident.evidence), incident);
    const cured = await investigate(planner, { files: Object.fromEntries(copy.files) });
    expect(await propose(cured.evidence)).toEqual({
      propose: false,
      reason: expect.stringContaining("No request fails"),
    });
  });

  it("proposes nothing when the failures do not say what was read", async () => {
    const files = {
      ...CHECKOUT_FILES,
      "src/checkout.js": (CHECKOUT_FILES["src/checkout.js"] ?? "").replace(
        "const cart = session.cart;",
        'const cart = session.cart;\n  if (!cart) throw new Error("no cart");',
      ),
    };
    const other = await investigate(planner, { files });
    expect(await propose(other.evidence)).toEqual({
      propose: false,
      reason: expect.stringContaining("do not say"),
    });
  });

  it("takes no advice that is not a refusal", async () => {
    const pages = RUNBOOKS.map((page) => ({ ...page, body: page.body.replace("`400`", "`200`") }));
    const other = await investigate(planner, { pages });
    expect(await propose(other.evidence)).toEqual({
      propose: false,
      reason: expect.stringContaining("No runbook"),
    });
  });
});

describe("after a rejection", () => {
  it("does not propose the rejected patch again", async () => {
    const write = await tryOut(await propose(incident.evidence), incident);
    for (const reason of ["", "I do not trust this."]) {
      const plan = await propose(incident.evidence, null, [earlierOf(write, "reject", reason)]);
      expect(plan).toEqual({ propose: false, reason: expect.stringContaining("rejected") });
    }
  });

  it("does not come back to it by way of feedback that asks for nothing else", async () => {
    const write = await tryOut(await propose(incident.evidence), incident);
    const earlier = [earlierOf(write, "reject", "")];
    const plan = await propose(incident.evidence, "answer 400", earlier);
    expect(plan).toEqual({ propose: false, reason: expect.stringContaining("rejected") });
  });

  it("comes back to it when the reviewer has changed their mind", async () => {
    const write = await tryOut(await propose(incident.evidence), incident);
    const earlier = [earlierOf(write, "reject", "use 409")];
    const plan = await propose(incident.evidence, "no, 400 after all", earlier);
    expect((await tryOut(plan, incident)).content).toBe(write.content);
  });

  it("follows the reason where it is understood", async () => {
    const write = await tryOut(await propose(incident.evidence), incident);
    const plan = await propose(incident.evidence, null, [
      earlierOf(write, "reject", "This should be a 409."),
    ]);
    const { content, after } = await tryOut(plan, incident);
    expect(content).toContain("return json(409, {");
    expect(after.tally).toMatchObject({ failed: 0, goodFailed: 0 });
  });
});
