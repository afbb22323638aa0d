// One starter cannot use up what the others need: starts too many are 429, and start nothing.
import { describe, expect, it } from "vitest";
import { codeOf, deploy, issue } from "./client.ts";

/** The limit in wrangler.toml. Counting begins afresh each minute, so a test that meets that moment sees up to twice as many. */
const LIMIT = 30;
const UNKNOWN = `run-${"0".repeat(24)}`;
/** A start that is refused for its body, so that a test of the limit leaves no run behind. */
const UNUSABLE = { alarm: true };

/** Starts again and again until that is refused; gives back how many were not, and the refusal. */
async function startUntilRefused(start: (i: number) => Promise<Response>) {
  for (let allowed = 0; allowed <= 2 * LIMIT; allowed += 1) {
    const answer = await start(allowed);
    if (answer.status === 429) {
      expect(allowed).toBeGreaterThanOrEqual(LIMIT);
      return answer;
    }
    expect([404, 415, 422]).toContain(answer.status);
  }
  throw new Error(`expected a refusal among ${2 * LIMIT} starts, got none`);
}

describe("starts", () => {
  it("from one address are refused beyond the limit, and other addresses go on", async () => {
    const here = deploy({});
    const from = (address: string) => ({ "cf-connecting-ip": address });
    const refused = await startUntilRefused(() => here.post("/api/runs", UNUSABLE, from("203.0.113.1")));
    expect([refused.headers.get("retry-after"), await codeOf(refused)]).toEqual([
      "60",
      "ERR_TOO_MANY_STARTS",
    ]);
    expect((await here.post("/api/runs", UNUSABLE, from("203.0.113.2"))).status).toBe(422);
    expect(here.asked).toEqual([]);
  });

  it("by form are limited too, and the refusal is a page", async () => {
    const here = deploy({});
    const headers = { "cf-connecting-ip": "203.0.113.3" };
    const refused = await startUntilRefused((i) =>
      here.ask(i % 2 ? "/runs" : `/runs/${UNKNOWN}/continue`, { method: "POST", body: "no form", headers }),
    );
    expect(refused.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(refused.headers.get("retry-after")).toBe("60");
  });

  it("from one IPv6 network count together, however its addresses are spelled", async () => {
    const here = deploy({});
    const spelled = [
      "2001:db8:0:1::1",
      "2001:0db8:0000:0001:ffff::",
      "2001:db8::1:0:0:0:2",
      "2001:DB8:0:1:a:b:c:d",
    ];
    await startUntilRefused((i) =>
      here.post("/api/runs", UNUSABLE, { "cf-connecting-ip": spelled[i % spelled.length] ?? "" }),
    );
    const next = await here.post("/api/runs", UNUSABLE, { "cf-connecting-ip": "2001:db8:0:2::1" });
    expect(next.status).toBe(422);
  });

  it("of people who are known count for each, wherever they come from, and strangers use up nobody's", async () => {
    const [alice, bob] = [issue("alice"), issue("bob")];
    const here = deploy({ REVIEW_AUTH: "token", REVIEWER_TOKENS: JSON.stringify([alice.entry, bob.entry]) });
    const from = (i: number) => ({ "cf-connecting-ip": `203.0.113.${i}` });
    for (let i = 0; i <= 2 * LIMIT; i += 1) {
      expect((await here.post("/api/runs", UNUSABLE, from(4))).status).toBe(401);
    }
    await startUntilRefused((i) => here.post("/api/runs", UNUSABLE, { ...from(i), ...alice.bearer }));
    expect((await here.post("/api/runs", UNUSABLE, { ...from(4), ...bob.bearer })).status).toBe(422);
  });

  it("from this machine are not limited, so that a developer and a benchmark can go on", async () => {
    for (const headers of [{}, { "cf-connecting-ip": "127.0.0.1" }, { "cf-connecting-ip": "::1" }]) {
      for (let i = 0; i <= 2 * LIMIT; i += 1) {
        expect((await deploy({}).post("/api/runs", UNUSABLE, headers)).status).toBe(422);
      }
    }
  });

  it("alone count: who reads and decides is not limited by them", async () => {
    const here = deploy({});
    const headers = { "cf-connecting-ip": "203.0.113.99" };
    await startUntilRefused(() => here.post("/api/runs", UNUSABLE, headers));
    const unknown = `/api/runs/${UNKNOWN}`;
    expect((await here.ask(unknown, { headers })).status).toBe(404);
    expect((await here.post(`${unknown}/approve`, {}, headers)).status).toBe(422);
  });
});
