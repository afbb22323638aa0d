// The checkout Worker is real: these tests load its modules and send it every request of the probe.
import { beforeAll, describe, expect, it } from "vitest";
import { CHECKOUT_FILES, CHECKOUT_MAIN } from "../../src/workload/checkout-source.ts";
import { PROBE_REQUESTS, type ProbeResult, summarizeProbe } from "../../src/workload/probe.ts";
import { type LoadedCheckout, loadCheckout, requestOf, runProbe } from "./checkout-modules.ts";

describe("the checkout Worker", () => {
  let checkout: LoadedCheckout;
  let results: ProbeResult[];
  beforeAll(async () => {
    checkout = await loadCheckout();
    results = await runProbe(checkout);
  });

  it("has its main module among its files, and only relative imports of files that exist", () => {
    expect(Object.keys(CHECKOUT_FILES)).toContain(CHECKOUT_MAIN);
    for (const source of Object.values(CHECKOUT_FILES)) {
      for (const [, from] of source.matchAll(/from "([^"]+)"/g)) {
        expect(Object.keys(CHECKOUT_FILES)).toContain(from?.replace("./", "src/"));
      }
    }
  });

  it("fails for a believable share of requests, each of them a session without a cart", () => {
    const failed = results.filter(({ status }) => status >= 500);
    expect(failed.length / results.length).toBeGreaterThanOrEqual(0.1);
    expect(failed.length / results.length).toBeLessThanOrEqual(0.25);
    expect(new Set(failed.map(({ kind }) => kind))).toEqual(new Set(["checkout, session without cart"]));
    expect(new Set(failed.map(({ error }) => error))).toEqual(
      new Set(["Cannot read properties of undefined (reading 'items')"]),
    );
    const ofKind = results.filter(({ kind }) => kind === "checkout, session without cart");
    expect(ofKind).toHaveLength(failed.length);
  });

  it("answers every other request with the status it should have", () => {
    const expected = PROBE_REQUESTS.filter((request) => request.expect !== undefined);
    expect(expected.length).toBeGreaterThan(20);
    for (const { id, expect: status } of expected) {
      expect({ id, status: results.find((result) => result.id === id)?.status }).toEqual({ id, status });
    }
  });

  it("answers every good checkout 200 with a total in whole cents", async () => {
    for (const good of PROBE_REQUESTS.filter((request) => request.good)) {
      const response = await checkout.fetch(requestOf(good));
      expect(response.status).toBe(200);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-request-id")).toBe(good.id);
      const { total } = (await response.json()) as { total: number };
      expect(Number.isSafeInteger(total) && total > 0).toBe(true);
    }
  });

  it("takes a coupon off, and charges shipping only below fifty", async () => {
    const order = async (session: string, body: string) => {
      const headers = { cookie: `session=${session}` };
      const request = new Request("https://shop.example/checkout", { method: "POST", headers, body });
      return (await checkout.fetch(request)).json();
    };
    expect(await order("amber", "{}")).toMatchObject({
      goods: 3790,
      discount: 0,
      shipping: 490,
      total: 4280,
    });
    expect(await order("birch", '{"coupon":"AUTUMN25"}')).toMatchObject({
      discount: 1725,
      shipping: 0,
      total: 5175,
    });
  });

  it("refuses unknown paths and methods, and says which methods there are", async () => {
    expect((await checkout.fetch(new Request("https://shop.example/nowhere"))).status).toBe(404);
    const wrong = await checkout.fetch(new Request("https://shop.example/checkout"));
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("shows its counters", async () => {
    const fresh = await loadCheckout();
    await fresh.fetch(new Request("https://shop.example/nowhere"));
    const counts = await fresh.fetch(new Request("https://shop.example/metrics"));
    expect(await counts.json()).toEqual({ "worker.path_unknown": 1 });
  });

  it("gives the same answers to a second pass", async () => {
    expect(await runProbe(checkout)).toEqual(results);
  });

  it("is summed up as it was measured", () => {
    const { tally, failures } = summarizeProbe(results);
    expect(tally).toEqual({ requests: 32, failed: 6, good: 16, goodFailed: 0 });
    expect(failures.every(({ method, path }) => method === "POST" && path === "/checkout")).toBe(true);
  });
});
