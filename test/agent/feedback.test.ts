// What reviewers write, and the difference it makes in code that is really run.
import { beforeAll, describe, expect, it } from "vitest";
import { deterministicPlanner as planner } from "../../src/agent/deterministic-planner.ts";
import type { EarlierProposal, Plan } from "../../src/agent/planner.ts";
import { PROBE_REQUESTS } from "../../src/workload/probe.ts";
import { loadCheckout, requestOf } from "../workload/checkout-modules.ts";
import { ALERT, earlierOf, type Incident, investigate, proposed, tryOut, type Write } from "./incident.ts";

let incident: Incident;
let first: Write;
beforeAll(async () => {
  incident = await investigate(planner);
  first = await tryOut(await revise(null), incident);
});

async function revise(feedback: string | null, earlier: readonly EarlierProposal[] = []): Promise<Plan> {
  return planner.propose({ alert: ALERT, evidence: incident.evidence, feedback, earlier });
}

const NARROW = '  if (!cart) return json(400, { error: "cart_missing" });\n';
const METRIC = '    count("checkout.cart_missing");\n';
const REQUEST_ID = '"x-request-id": requestId(request)';

/** Feedback; what the code then has; what is said to be applied. */
const UNDERSTOOD: readonly [string, readonly string[], readonly string[]][] = [
  ["use 409", ["json(409, {"], ["answers 409 instead of 400"]],
  ["Return a 422 instead of 400, please.", ["json(422, {"], ["answers 422 instead of 400"]],
  ["answer with Conflict", ["json(409, {"], ["answers 409 instead of 400"]],
  ["The status code should be 404", ["json(404, {"], ["answers 404 instead of 400"]],
  ["not 400 but 410", ["json(410, {"], ["answers 410 instead of 400"]],
  ["Why not 409?", ["json(409, {"], ["answers 409 instead of 400"]],
  ["409 — because 400 means the request was malformed.", ["json(409, {"], ["answers 409 instead of 400"]],
  ["I don't think 400 is right; 409 Conflict fits better", ["json(409, {"], ["answers 409 instead of 400"]],
  ["HTTP 422 Unprocessable Content would be better", ["json(422, {"], ["answers 422 instead of 400"]],
  [
    "add a metric",
    [METRIC, 'import { count } from "./metrics.js";\n'],
    ["counts these answers as checkout.cart_missing"],
  ],
  ["Count these.", [METRIC], ["counts these answers as checkout.cart_missing"]],
  ["also record how often this happens", [METRIC], ["counts these answers as checkout.cart_missing"]],
  [
    "please track it as `checkout.lost_cart`",
    ['count("checkout.lost_cart");'],
    ["counts these answers as checkout.lost_cart"],
  ],
  ["don't forget the metric", [METRIC], ["counts these answers as checkout.cart_missing"]],
  ["narrower", [NARROW], ["narrower: guards only a missing cart, without the message"]],
  ["Make the patch smaller", [NARROW], ["narrower: guards only a missing cart, without the message"]],
  ["only guard the missing cart", [NARROW], ["narrower: guards only a missing cart, without the message"]],
  ["This is too broad.", [NARROW], ["narrower: guards only a missing cart, without the message"]],
  [
    "keep the x-request-id header",
    [REQUEST_ID],
    ["sends x-request-id: requestId(request), like the other answers"],
  ],
  [
    "Don't lose the X-Request-Id header",
    [REQUEST_ID],
    ["sends x-request-id: requestId(request), like the other answers"],
  ],
  ["add Retry-After: 30", ['"retry-after": "30"'], ["sends retry-after: 30"]],
  ["with cache-control no-store", ['"cache-control": "no-store"'], ["sends cache-control: no-store"]],
  [
    "keep the cache-control header",
    ['"cache-control": "no-store"'],
    ['sends cache-control: "no-store", like the other answers'],
  ],
  [
    "leave the headers as they are on the other answers",
    [REQUEST_ID, '"cache-control": "no-store"'],
    ["sends cache-control, x-request-id like the other answers"],
  ],
  ["use error code `no_cart`", ['error: "no_cart"'], ["answers with the error code no_cart"]],
  [
    "rename cart_missing to cart_expired",
    ['error: "cart_expired"'],
    ["answers with the error code cart_expired"],
  ],
  [
    'say "Your cart has expired"',
    ['message: "Your cart has expired"'],
    ['answers with the message "Your cart has expired"'],
  ],
  ["drop the message", ['    return json(400, { error: "cart_missing" });'], ["answers without the message"]],
  ["add a comment", ["  // cart can be undefined here"], ["has a comment above the guard"]],
  ['with a comment "Carts expire first"', ["  // Carts expire first\n"], ["has a comment above the guard"]],
  [
    "1. use 409\n2. add a metric\n3. narrower",
    [
      '  if (!cart) {\n    count("checkout.cart_missing");\n    return json(409, { error: "cart_missing" });\n  }\n',
    ],
    [
      "answers 409 instead of 400",
      "counts these answers as checkout.cart_missing",
      "narrower: guards only a missing cart, without the message",
    ],
  ],
  [
    "Use 422, count these as `checkout.cartless`, keep x-request-id, and say 'Nothing to check out'.",
    ["json(422, {", 'count("checkout.cartless")', REQUEST_ID, 'message: "Nothing to check out"'],
    [
      "answers 422 instead of 400",
      "counts these answers as checkout.cartless",
      "sends x-request-id: requestId(request), like the other answers",
      'answers with the message "Nothing to check out"',
    ],
  ],
];

describe("feedback that is understood", () => {
  it.each(UNDERSTOOD)("changes the code: %j", async (feedback, code, applied) => {
    const plan = proposed(await revise(feedback));
    expect(plan.feedback).toEqual({ applied, notApplied: [] });
    const { content, after } = await tryOut(plan, incident);
    expect(content).not.toBe(first.content);
    for (const part of code) expect(content).toContain(part);
    expect(after.tally).toMatchObject({ failed: 0, goodFailed: 0 });
  });

  it.each([
    ["keep the 400", "already answers 400"],
    ["don't change the status", "already answers 400"],
    ["no metric", "already without a metric"],
    ["no comment please", "already without a comment"],
    ["the content-type header must be kept", "already sends content-type"],
    ["without any x-request-id header", "already sends no x-request-id"],
    ["Use the error code `cart_missing`", "already answers with the error code cart_missing"],
  ])("says so when it is so already: %j", async (feedback, applied) => {
    const plan = proposed(await revise(feedback));
    expect(plan.feedback).toMatchObject({ applied: [applied], notApplied: [] });
    expect((await tryOut(plan, incident)).content).toBe(first.content);
  });
});

describe("feedback that is not applied", () => {
  it.each([
    ["please refactor the pricing module", [], ["“please refactor the pricing module”: not understood"]],
    [
      "use 409 and also redirect to the cart",
      ["answers 409 instead of 400"],
      ["“redirect to the cart”: not understood"],
    ],
    ["return 200", [], ["“return 200”: 200 is no refusal"]],
    ["answer with a 503 Service Unavailable", [], ["503 is no refusal"]],
    [
      "add a Retry-After header",
      [],
      ["no other answer of src/checkout.js sends retry-after, and no value was given"],
    ],
    ["anything but 400", [], ["no other status was named"]],
    [
      "Add a unit test. Count these.",
      ["counts these answers as checkout.cart_missing"],
      ["“Add a unit test”: not understood"],
    ],
    ["log the session id", [], ["it keeps no log"]],
    ["set content-length: 5", [], ["“set content-length: 5”"]],
    ["use 409. Actually, 422.", ["answers 422 instead of 400"], ["“use 409”: 422 was asked for as well"]],
    ["hello", [], ["“hello”: not understood"]],
    ["", [], []],
  ])("is handed back: %j", async (feedback, applied, notApplied) => {
    const plan = proposed(await revise(feedback));
    expect(plan.feedback?.applied).toEqual(applied);
    expect(plan.feedback?.notApplied).toEqual(notApplied.map((part) => expect.stringContaining(part)));
    const { content } = await tryOut(plan, incident);
    expect(content === first.content).toBe(applied.length === 0);
  });

  it("is cut to a length and a number that a receipt takes", async () => {
    const feedback = Array.from(
      { length: 40 },
      (_, n) => `Please paint wall ${n} ${"very ".repeat(200)}green.`,
    ).join("\n");
    const { notApplied = [] } = proposed(await revise(feedback)).feedback ?? {};
    expect(notApplied.length).toBeGreaterThan(5);
    expect(notApplied.length).toBeLessThanOrEqual(20);
    expect(notApplied.every((entry) => entry.length <= 500)).toBe(true);
  });
});

describe("one request for changes after another", () => {
  it("gives a different patch each time, and keeps what was asked before", async () => {
    const asked = ["Use 409.", "Now count these.", "Keep the x-request-id header."];
    const contents = [first.content];
    const earlier: EarlierProposal[] = [];
    let write: Write = first;
    for (const [index, feedback] of asked.entries()) {
      earlier.push(earlierOf(write, "request_changes", feedback, index + 1));
      const tried = await tryOut(await revise(feedback, earlier), incident);
      expect(tried.after.tally).toMatchObject({ failed: 0, goodFailed: 0 });
      contents.push(tried.content);
      write = tried;
    }
    expect(new Set(contents).size).toBe(4);
    for (const part of ["json(409, {", METRIC, REQUEST_ID]) expect(contents.at(-1)).toContain(part);
  });

  it("lets later words win, and can go back", async () => {
    const earlier = [earlierOf(first, "request_changes", "use 409 with a metric and narrower")];
    const later = await tryOut(await revise("422, and drop the counter", earlier), incident);
    expect(later.content).toContain('  if (!cart) return json(422, { error: "cart_missing" });\n');
    const back = await tryOut(await revise("go back to the original version", earlier), incident);
    expect(back.content).toBe(first.content);
  });

  it("keeps a message that was asked for in a narrower patch", async () => {
    const earlier = [earlierOf(first, "request_changes", 'say "Your cart has expired"')];
    const { content } = await tryOut(await revise("narrower", earlier), incident);
    expect(content).toContain(
      'if (!cart) return json(400, { error: "cart_missing", message: "Your cart has expired" });',
    );
  });
});

describe("what the patched checkout then does", () => {
  it("answers as asked, headers and counter included", async () => {
    const plan = await revise(
      "409, add Retry-After: 30, keep x-request-id, count as `checkout.cartless`, say 'Gone cold'",
    );
    const { copy } = await tryOut(plan, incident);
    const checkout = await loadCheckout(Object.fromEntries(copy.files));
    const failing = PROBE_REQUESTS.find(({ kind }) => kind === "checkout, session without cart");
    if (!failing) throw new Error("The probe has no such request.");
    const response = await checkout.fetch(requestOf(failing));
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({ error: "cart_missing", message: "Gone cold" });
    expect(response.headers.get("retry-after")).toBe("30");
    expect(response.headers.get("x-request-id")).toBe(failing.id);
    const metrics = await checkout.fetch(new Request("https://shop.example/metrics"));
    expect(await metrics.json()).toEqual({ "checkout.cartless": 1 });
  });
});
