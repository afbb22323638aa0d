// A page of another site whose name was made to point at a local server: for the browser it is of the server's own origin.
import { describe, expect, it } from "vitest";
import { codeOf, deploy, env, expectNothingSigned, startRun } from "./client.ts";

const REBOUND = "http://attacker.example:8787";

/** What a browser sends along with a request of a page to its own origin. */
const sentFrom = (origin: string) => ({ origin, "sec-fetch-site": "same-origin" });

describe("a page whose name was made to point at this machine", () => {
  it.each([
    ["as it is", {}],
    ["as if it came from elsewhere over Cloudflare", { "cf-connecting-ip": "203.0.113.60" }],
  ])("starts nothing and decides nothing, by the API, by a form, or by MCP, %s", async (_, more) => {
    const from = (origin: string) => ({ ...sentFrom(origin), ...more });
    const here = deploy({}, REBOUND);
    const { run, pending } = await startRun();
    const decision = { proposal: pending?.proposal, reason: "" };
    await expectNothingSigned(run, async () => {
      for (const answer of [
        await here.post(`/api/runs/${run}/approve`, decision, from(REBOUND)),
        await here.post("/api/runs", {}, from(REBOUND)),
        await here.post("/api/alerts/cloudflare", {}, from(REBOUND)),
        await here.post("/mcp", { jsonrpc: "2.0", id: 1, method: "tools/list" }, from(REBOUND)),
        await here.ask(`/api/runs/${run}/live`, { headers: { ...from(REBOUND), upgrade: "websocket" } }),
      ]) {
        expect(answer.status).toBe(403);
        expect(await codeOf(answer)).toBe("ERR_HOST");
      }
      const form = { proposal: pending?.proposal ?? "", decision: "approve", reason: "" };
      const page = await here.submit(`/runs/${run}/decision`, form, from(REBOUND));
      expect(page.status).toBe(403);
      expect(await page.text()).toContain("ERR_HOST");
    });
    expect(here.asked).toEqual([]);
  });

  it.each([
    ["the name in ISSUER", env.ISSUER ?? "", {}],
    ["an address", "http://192.168.1.20:8787", {}],
    ["another name, over Cloudflare", "https://desk.example", { "cf-connecting-ip": "203.0.113.60" }],
  ])("is told apart from a page that was reached by %s", async (_, origin, more) => {
    const here = deploy({}, origin);
    const decision = { proposal: `sha256:${"0".repeat(64)}` };
    const path = `/api/runs/run-${"0".repeat(24)}/reject`;
    const answer = await here.post(path, decision, { ...sentFrom(origin), ...more });
    expect([answer.status, await codeOf(answer)]).toEqual([404, "ERR_RUN_UNKNOWN"]);
  });
});
