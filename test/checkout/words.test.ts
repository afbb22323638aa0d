// What reviewers write, and the difference it makes in code that is really run.
import { beforeAll, describe, expect, it } from "vitest";
import { SUGGESTIONS, WISHES } from "../../src/checkout/planner/wishes.ts";
import { PROBE_REQUESTS, requestParts } from "../../src/checkout/probe-requests.ts";
import { type ProposalPlan, readAnswer } from "../../src/domain/index.ts";
import { earlier, failedOf, type Incident, investigate, loadCheckout, propose, tryOut } from "./incident.ts";

let incident: Incident;
let first: Awaited<ReturnType<typeof tryOut>>;
beforeAll(async () => {
  incident = await investigate();
  first = await tryOut(await propose(incident), incident);
});

async function revise(...feedback: readonly string[]): Promise<ProposalPlan> {
  const proposals = feedback.map((words) => earlier(first, "request_changes", words));
  const plan = await propose(incident, { proposals });
  if (typeof plan === "string") throw new Error(plan);
  expect(readAnswer({ propose: plan })).toEqual({ propose: plan });
  return plan;
}

const NARROW = '  if (!cart) {\n    return json(400, { error: "cart_missing" });\n  }\n';
const METRIC = '    count("checkout.cart_missing");\n';
const REQUEST_ID = '"x-request-id": requestId(request)';
const TO_409 = ["answers 409 instead of 400"];
const COUNTS = ["counts these answers"];
const NARROWER = ["guards only a missing cart"];

/** Feedback; what the code then has; what is said to be applied. */
const UNDERSTOOD: readonly [string, readonly string[], readonly string[]][] = [
  ["use 409", ["json(409, {"], TO_409],
  ["Return a 422 instead of 400, please.", ["json(422, {"], ["answers 422 instead of 400"]],
  ["answer with Conflict", ["json(409, {"], TO_409],
  ["The status code should be 404", ["json(404, {"], ["answers 404 instead of 400"]],
  ["not 400 but 410", ["json(410, {"], ["answers 410 instead of 400"]],
  ["Why not 409?", ["json(409, {"], TO_409],
  ["409 — because 400 means the request was malformed.", ["json(409, {"], TO_409],
  ["I don't think 400 is right; 409 Conflict fits better", ["json(409, {"], TO_409],
  ["HTTP 422 Unprocessable Content would be better", ["json(422, {"], ["answers 422 instead of 400"]],
  ["add a metric", [METRIC, 'import { count } from "./metrics.js";\n'], COUNTS],
  ["Count these.", [METRIC], COUNTS],
  ["also record how often this happens", [METRIC], COUNTS],
  [
    "please track it as `checkout.lost_cart`",
    ['count("checkout.lost_cart");'],
    ["counts these answers as checkout.lost_cart"],
  ],
  ["don't forget the metric", [METRIC], COUNTS],
  ["there is no metric", [METRIC], COUNTS],
  ["narrower", [NARROW], NARROWER],
  ["Make the patch smaller", [NARROW], NARROWER],
  ["only guard the missing cart", [NARROW], NARROWER],
  ["This is too broad.", [NARROW], NARROWER],
  ["keep the x-request-id header", [REQUEST_ID], ["sends x-request-id"]],
  ["Don't lose the X-Request-Id header", [REQUEST_ID], ["sends x-request-id"]],
  ["add Retry-After: 30", ['"retry-after": "30"'], ["sends retry-after: 30"]],
  ["with cache-control no-store", ['"cache-control": "no-store"'], ["sends cache-control: no-store"]],
  ["keep the cache-control header", ['"cache-control": "no-store"'], ["sends cache-control"]],
  [
    "leave the headers as they are on the other answers",
    [REQUEST_ID, '"cache-control": "no-store"'],
    ["sends cache-control, x-request-id"],
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
  ["answer with a 409", ["json(409, {"], TO_409],
  ["replace 400 with a 409", ["json(409, {"], TO_409],
  [
    "use 409 with a metric and narrower",
    ["json(409, {", METRIC, "if (!cart)"],
    [...TO_409, ...COUNTS, ...NARROWER],
  ],
  [
    "410 without the message",
    ['json(410, { error: "cart_missing" });'],
    ["answers 410 instead of 400", "answers without the message"],
  ],
  [
    "Say the cart has expired.",
    ['message: "the cart has expired"'],
    ['answers with the message "the cart has expired"'],
  ],
  [
    "message: Nothing is left.",
    ['message: "Nothing is left"'],
    ['answers with the message "Nothing is left"'],
  ],
  [
    "1. use 409\n2. add a metric\n3. narrower",
    [
      '  if (!cart) {\n    count("checkout.cart_missing");\n    return json(409, { error: "cart_missing" });\n  }\n',
    ],
    [...TO_409, ...COUNTS, ...NARROWER],
  ],
  [
    "Use 422, count these as `checkout.cartless`, keep x-request-id, and say 'Nothing to check out'.",
    ["json(422, {", 'count("checkout.cartless")', REQUEST_ID, 'message: "Nothing to check out"'],
    [
      "answers 422 instead of 400",
      "counts these answers as checkout.cartless",
      "sends x-request-id",
      'answers with the message "Nothing to check out"',
    ],
  ],
];

describe("feedback that is understood", () => {
  it.each(UNDERSTOOD)("changes the code: %j", async (feedback, code, applied) => {
    const plan = await revise(feedback);
    expect(plan.feedback).toEqual({ applied, notApplied: [] });
    const { content, measured } = await tryOut(plan, incident);
    expect(content).not.toBe(first.content);
    for (const part of code) expect(content).toContain(part);
    expect(failedOf(measured)).toEqual([0, 0]);
  });

  it.each([
    ["keep the 400", "already answers 400"],
    ["don't change the status", "already answers 400"],
    ["No, 400 was right.", "already answers 400"],
    ["not 409", "already does not answer 409"],
    ["no metric", "already does not count these answers"],
    ["no comment please", "already has no comment"],
    ["Use the error code `cart_missing`", "already answers with the error code cart_missing"],
    ["don't make it narrower", "already also guards a cart without items"],
  ])("says so when it is so already: %j", async (feedback, applied) => {
    const plan = await revise(feedback);
    expect(plan.feedback).toEqual({ applied: [applied], notApplied: [] });
    expect((await tryOut(plan, incident)).content).toBe(first.content);
  });

  it("is of seven kinds, and what the page suggests is understood", async () => {
    expect(WISHES).toHaveLength(7);
    for (const suggestion of SUGGESTIONS) {
      const { feedback, code } = await revise(suggestion);
      expect(feedback).toMatchObject({ applied: { length: 1 }, notApplied: [] });
      expect(feedback?.applied[0]).not.toContain("already");
      expect(code).not.toBe(first.plan.code);
    }
  });
});

describe("feedback that is not applied", () => {
  it.each([
    ["please refactor the pricing module", [], ["“please refactor the pricing module”: not understood"]],
    ["use 409 and also redirect to the cart", TO_409, ["“also redirect to the cart”: not understood"]],
    ["return 200", [], ["“return 200”: 200 is no refusal"]],
    ["answer with a 503 Service Unavailable", [], ["503 is no refusal"]],
    ["change the status", [], ["no other status was named"]],
    ["anything but 400", [], ["no other status was named"]],
    ["add a Retry-After header", [], ["no answer of src/checkout.js shows how to send it"]],
    ["Remove the x-content-type-options header.", [], ["the guard itself sends no such header"]],
    ["Add a unit test. Count these.", COUNTS, ["“Add a unit test”: not understood"]],
    ["log the session id", [], ["not understood"]],
    ["set content-length: 5", [], ["“set content-length: 5”: not understood"]],
    ["use the error code `no cart!`", [], ["a name has letters"]],
    ["not the error code cart_missing", [], ["no other error code was named"]],
    [
      "use 409. Actually, 422.",
      ["answers 422 instead of 409"],
      ["“use 409”: overruled by what was asked after it"],
    ],
    ["hello", [], ["“hello”: not understood"]],
    ["", [], []],
  ])("is handed back: %j", async (feedback, applied, notApplied) => {
    const plan = await revise(feedback);
    expect(plan.feedback?.applied).toEqual(applied);
    expect(plan.feedback?.notApplied).toEqual(notApplied.map((part) => expect.stringContaining(part)));
    const { content } = await tryOut(plan, incident);
    expect(content === first.content).toBe(applied.length === 0);
  });

  it("is cut to a length and a number that a receipt takes", async () => {
    const words = Array.from({ length: 40 }, (_, n) => `Please paint wall ${n} ${"very ".repeat(30)}green.`);
    const { notApplied = [] } = (await revise(words.join("\n"))).feedback ?? {};
    expect(notApplied).toHaveLength(20);
    expect(notApplied.at(-1)).toBe("and 21 more");
    expect(notApplied.every((entry) => entry.length <= 500)).toBe(true);
  });
});

describe("a reviewer who changes their mind", () => {
  it.each([
    ["Use 409.", "400 was right after all."],
    ["Use 409.", "Not 409."],
    ["Add a metric.", "Do not add a metric."],
    ["Add a comment.", "Remove the comment."],
    ["Make it narrower.", "That is too narrow."],
    ["Keep x-request-id.", "Drop the x-request-id header."],
    ["Send the usual headers.", "No headers."],
    ["Add Retry-After: 30.", "Without the Retry-After header."],
  ])("is understood in the next round, and in the same words: %s %s", async (asked, undone) => {
    const next = await revise(asked, undone);
    expect((await tryOut(next, incident)).content).toBe(first.content);
    expect(next.feedback).toMatchObject({ applied: { length: 1 }, notApplied: [] });
    const together = await revise(`${asked} ${undone}`);
    expect((await tryOut(together, incident)).content).toBe(first.content);
    expect(together.feedback?.notApplied).toEqual([
      expect.stringContaining("overruled by what was asked after it"),
    ]);
  });

  it("gets a different patch each time, and keeps what was asked before", async () => {
    const asked = ["Use 409.", "Now count these.", "Keep the x-request-id header."];
    const contents = [first.content];
    for (const i of asked.keys()) {
      const { content, measured } = await tryOut(await revise(...asked.slice(0, i + 1)), incident);
      expect(failedOf(measured)).toEqual([0, 0]);
      contents.push(content);
    }
    expect(new Set(contents).size).toBe(4);
    for (const part of ["json(409, {", METRIC, REQUEST_ID]) expect(contents.at(-1)).toContain(part);
  });

  it("keeps a message that was asked for in a narrower patch", async () => {
    const { content } = await tryOut(await revise('say "Your cart has expired"', "narrower"), incident);
    expect(content).toContain('error: "cart_missing", message: "Your cart has expired"');
  });

  it("has a counter that nobody named go by the error code, whatever that becomes", async () => {
    const { content } = await tryOut(
      await revise("Add a metric.", "Use the error code `cart_gone`."),
      incident,
    );
    expect(content).toContain('count("checkout.cart_gone");');
  });
});

describe("what the patched checkout then does", () => {
  it("answers as asked, headers and counter included", async () => {
    const plan = await revise(
      "409, add Retry-After: 30, keep x-request-id, count as `checkout.cartless`, say 'Gone cold'",
    );
    const { after } = await tryOut(plan, incident);
    const checkout = await loadCheckout(after);
    const failing = PROBE_REQUESTS.find(({ kind }) => kind === "checkout, session without cart");
    if (!failing) throw new Error("The probe has no such request.");
    const response = await checkout.fetch(new Request(...requestParts(failing)));
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({ error: "cart_missing", message: "Gone cold" });
    expect(response.headers.get("retry-after")).toBe("30");
    expect(response.headers.get("x-request-id")).toBe(failing.id);
    const metrics = await checkout.fetch(new Request("https://shop.example/metrics"));
    expect(await metrics.json()).toEqual({ "checkout.cartless": 1 });
  });
});
