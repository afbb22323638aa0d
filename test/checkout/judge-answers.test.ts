// What the probe counts as failed, and as a valid checkout: bodies are looked at, and goodness is never taken from an answer.
import { describe, expect, it } from "vitest";
import { type Answer, judge, sumUp } from "../../src/checkout/judge-answers.ts";
import { PROBE_REQUESTS } from "../../src/checkout/probe-requests.ts";
import { SOURCE } from "../../src/checkout/source/index.ts";
import { answersOf, failedOf, loadCheckout, measure } from "./incident.ts";

const answer = (status: number, body: unknown, error: string | null = null): Answer => ({
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
  error,
});
const ofAll = (one: Answer) => sumUp(new Map(PROBE_REQUESTS.map(({ id }) => [id, one])));
const changed = async (path: string, from: string, to: string) => {
  const source = SOURCE[path] ?? "";
  expect(source).toContain(from);
  return failedOf(await measure({ ...SOURCE, [path]: source.replace(from, to) }));
};

describe("the probe", () => {
  it("has requests with ids of their own, in six kinds, half of them valid checkouts", () => {
    expect(new Set(PROBE_REQUESTS.map(({ id }) => id)).size).toBe(32);
    expect(new Set(PROBE_REQUESTS.map(({ kind }) => kind)).size).toBe(6);
    expect(PROBE_REQUESTS.filter(({ valid }) => valid)).toHaveLength(16);
  });

  it("finds the source as it is wanting in one kind of request, and each for the same reason", async () => {
    const { checks, report } = await measure(SOURCE);
    expect(checks).toEqual([
      { name: "requests that failed", total: 32, failed: 6 },
      { name: "valid checkouts that failed", total: 16, failed: 0 },
    ]);
    const { requests } = report as { requests: { kind: string; failure: string | null }[] };
    const failures = requests.filter(({ failure }) => failure !== null);
    expect(new Set(failures.map(({ kind }) => kind))).toEqual(new Set(["checkout, session without cart"]));
    expect(new Set(failures.map(({ failure }) => failure))).toEqual(
      new Set(["Cannot read properties of undefined (reading 'items')"]),
    );
  });

  it("gives the same to a second pass over the same checkout", async () => {
    const loaded = await loadCheckout();
    expect(sumUp(await answersOf(loaded))).toEqual(sumUp(await answersOf(loaded)));
  });

  it.each([
    ["x", answer(200, "x")],
    ["an empty 200", answer(200, "")],
    ["an empty object", answer(200, {})],
    ["null", answer(200, null)],
    ["a bare 400", answer(400, "")],
    ["a redirect", answer(302, "")],
    ["a 500", answer(500, { error: "x" })],
    ["an exception", answer(200, { ok: true }, "boom")],
  ])("does not take a Worker that answers everything with %s for a sound one", (_, one) => {
    expect(failedOf(ofAll(one))).toEqual([32, 16]);
  });

  it("does not take a Worker that refuses everybody for a sound one", () => {
    const [all, valid] = failedOf(ofAll(answer(400, { error: "no" })));
    expect(valid).toBe(16);
    expect(all).toBeLessThan(32);
  });

  it("does not take a Worker that says ok to everything for a sound one", () => {
    expect(failedOf(ofAll(answer(200, { ok: true, items: [], total: 4280 })))[1]).toBe(16);
  });

  it("counts what never answered", () => {
    expect(failedOf(sumUp(new Map()))).toEqual([32, 16]);
  });

  it.each([
    [
      "gives a discount that nobody has",
      "src/pricing.js",
      "* coupon.percent) / 100",
      "* coupon.percent) / 50",
      [5, 5],
    ],
    ["charges no shipping", "src/pricing.js", "const SHIPPING_CENTS = 490", "const SHIPPING_CENTS = 0", 0],
    ["charges in another currency", "src/pricing.js", "currency: cart.currency", 'currency: "USD"', 16],
    ["charges another customer", "src/checkout.js", "customer: session.customer", 'customer: "c-1"', 16],
    ["shows an empty cart", "src/cart.js", "session.cart?.items ?? []", "[]", 0],
  ] as const)("notices a checkout that %s", async (_, path, from, to, valid) => {
    const before = failedOf(await measure(SOURCE));
    const now = await changed(path, from, to);
    expect(now[0]).toBeGreaterThan(before[0] ?? 0);
    if (typeof valid === "number" && valid > 0) expect(now[1]).toBe(valid);
  });

  it("does not take an order made up for a session without a cart for a cure", async () => {
    const [all] = await changed(
      "src/checkout.js",
      "session.cart;",
      'session.cart ?? { currency: "EUR", items: [0] };',
    );
    expect(all).toBe(6);
  });

  it.each([
    ["refusal", answer(404, { error: "gone" }), null],
    ["refusal", answer(422, { error: "" }), "expected a refusal with an error code"],
    ["refusal", answer(422, { message: "no" }), "expected a refusal with an error code"],
    ["refusal", answer(200, { error: "gone" }), "expected a refusal, got 200"],
    ["refusal", answer(503, { error: "gone" }), "answered 503"],
    [{ total: 1 }, answer(200, { total: 1, more: 2 }), null],
    [{ total: 1 }, answer(200, { total: 2 }), "expected total to be 1, got 2"],
    [{ total: 1 }, answer(200, "x"), 'expected the body to be {"total":1}, got no JSON'],
    [{ total: 1 }, answer(201, { total: 1 }), "expected 200, got 201"],
    [{ toString: 1 }, answer(200, {}), "expected toString to be 1, got no JSON"],
    [{ items: [{ sku: "a" }] }, answer(200, { items: [{ sku: "a" }] }), null],
    [{ items: [] }, answer(200, { items: [1] }), "expected items to be [], got [1]"],
  ] as const)("judges what should be %j by %j", (expectation, one, failure) => {
    expect(judge(expectation, one)).toBe(failure);
  });

  it("keeps messages short and well formed", () => {
    const [failure] = [judge("refusal", answer(500, "", "\u{1F600}".repeat(400)))];
    expect(failure?.length).toBeLessThanOrEqual(500);
    expect(failure?.isWellFormed()).toBe(true);
  });
});
