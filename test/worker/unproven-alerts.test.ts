// Alerts from a source that has to prove nothing: they start no more than a visitor may, and count as a visitor's starts do.
import { describe, expect, it } from "vitest";
import { ALERTMANAGER } from "./alert-payloads.ts";
import { codeOf, deploy } from "./client.ts";
import { stubOf } from "./inside.ts";

const SECRETS = { ALERT_SECRET_ALERTMANAGER: "alertmanager's secret" };

describe("an alert from a source without its secret", () => {
  const body = JSON.stringify(ALERTMANAGER);
  const init = { method: "POST", body, headers: { "content-type": "application/json" } };

  it("starts nothing where not everyone may start runs", async () => {
    const tokens = JSON.stringify([{ id: "alice", sha256: "0".repeat(64) }]);
    for (const vars of [{ REVIEW_AUTH: "token", REVIEWER_TOKENS: tokens }, { REVIEW_AUTH: "nobody" }]) {
      const here = deploy(vars);
      const refused = await here.ask("/api/alerts/alertmanager", init);
      const problem: { code: string; detail: string } = await refused.json();
      expect([refused.status, here.asked]).toEqual([503, []]);
      expect(problem.detail).toContain(
        "REVIEWER_TOKENS" in vars ? "ALERT_SECRET_ALERTMANAGER" : "REVIEW_AUTH",
      );
    }
    const proving = deploy({ REVIEW_AUTH: "token", REVIEWER_TOKENS: tokens, ...SECRETS });
    const headers = { ...init.headers, authorization: `Bearer ${SECRETS.ALERT_SECRET_ALERTMANAGER}` };
    expect((await proving.ask("/api/alerts/alertmanager", { ...init, headers })).status).toBe(200);
  });

  it.each([
    ["webhook", { type: "x", timestamp: "2026-11-23T05:30:00Z", data: { key: "\ud800" } }],
    ["cloudflare", { ts: 1_700_000_000, alert_correlation_id: "\ud800" }],
    ["cloudflare", { ts: 1_700_000_000, alert_type: "\ud800" }],
    ["cloudflare", { ts: 1_700_000_000, policy_name: "\ud800" }],
    [
      "alertmanager",
      {
        ...ALERTMANAGER,
        alerts: [...ALERTMANAGER.alerts, { ...ALERTMANAGER.alerts[0], fingerprint: "\ud800" }],
      },
    ],
    ["grafana", { ...ALERTMANAGER, alerts: [{ ...ALERTMANAGER.alerts[0], fingerprint: "\ud800" }] }],
  ])(
    "to %s of an alert whose name no receipt could hold is refused, and starts nothing",
    async (source, sent) => {
      const here = deploy({});
      const headers = { "cf-connecting-ip": crypto.randomUUID(), "webhook-id": crypto.randomUUID() };
      const body = JSON.stringify(sent);
      const answer = await here.ask(`/api/alerts/${source}`, { method: "POST", body, headers });
      expect([answer.status, await codeOf(answer)]).toEqual([422, "ERR_BODY_SCHEMA"]);
      expect(here.asked).toEqual([]);
    },
  );

  it("counts as a start like any other in an open demo, but not when it is repeated or ends", async () => {
    const here = deploy({});
    const headers = { "cf-connecting-ip": "203.0.113.50" };
    const ask = async (fingerprint: string, status = "firing") => {
      const alerts = [{ ...ALERTMANAGER.alerts[0], fingerprint, status }];
      const body = JSON.stringify({ ...ALERTMANAGER, alerts });
      return (await here.ask("/api/alerts/alertmanager", { method: "POST", body, headers })).status;
    };
    expect(await ask("first")).toBe(200);
    // Counting may begin afresh while the share is used up, and then another round uses it up.
    for (let round = 0; ; round += 1) {
      expect(round).toBeLessThan(4);
      for (let i = 0; i < 31; i += 1) await here.ask("/api/runs", { method: "POST", body: "{", headers });
      expect([await ask("first"), await ask("first", "resolved")]).toEqual([200, 200]);
      const status = await ask(`another ${round}`);
      if (status === 200) continue;
      expect(status).toBe(429);
      break;
    }
    const secured = deploy(SECRETS);
    const one = await secured.ask("/api/alerts/alertmanager", { method: "POST", body: "{", headers });
    expect([one.status, one.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="alerts"']);
  });

  it("counts every run that one notification asks for", async () => {
    const here = deploy({});
    const headers = { "cf-connecting-ip": "203.0.113.51" };
    const ask = (sent: string) =>
      here.ask("/api/alerts/alertmanager", { method: "POST", body: sent, headers });
    const [alert] = ALERTMANAGER.alerts;
    // Counting may begin afresh while the share is used up, and then another round uses it up.
    for (let round = 0; ; round += 1) {
      expect(round).toBeLessThan(4);
      for (let i = 0; i < 28; i += 1) await here.ask("/api/runs", { method: "POST", body: "{", headers });
      const alerts = [0, 1, 2, 3, 4].map((nth) => ({ ...alert, fingerprint: `flood ${round} ${nth}` }));
      here.asked.length = 0;
      const answer = await ask(JSON.stringify({ ...ALERTMANAGER, alerts }));
      if (answer.status === 200) continue;
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "60"]);
      // The third was asked whether it was there already, and was not begun.
      const runs = [...new Set(here.asked)];
      expect(runs).toHaveLength(3);
      const known = await Promise.all(runs.map(async (run) => (await stubOf(run).view()).ok));
      expect(known).toEqual([true, true, false]);
      return;
    }
  });
});
