// Notifications as monitoring systems send them: what each starts, once, and what is refused before anything is.
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { SideStore } from "../../src/host/side-store.ts";
import { digestOf } from "../../src/receipt/index.ts";
import {
  ALERTMANAGER,
  CLOUDFLARE,
  CLOUDFLARE_GENERIC,
  CLOUDFLARE_TEST,
  GRAFANA,
  STANDARD,
} from "./alert-payloads.ts";
import { deploy, get, kindsOf, receiptsOf, request, verifyRun } from "./client.ts";
import { change, DAMAGE, within } from "./inside.ts";

const SECRETS = {
  ALERT_SECRET_CLOUDFLARE: "cloudflare's secret",
  ALERT_SECRET_ALERTMANAGER: "alertmanager's secret",
  ALERT_SECRET_GRAFANA: "grafana's secret",
  ALERT_SECRET_WEBHOOK: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
};

interface Taken {
  readonly alerts: readonly { readonly key: string; readonly state: string; readonly run: string | null }[];
}

/** POSTs a notification to a deployment that holds every secret. */
async function send(source: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  const init = { method: "POST", body, headers: { "content-type": "application/json", ...headers } };
  return deploy(SECRETS).ask(`/api/alerts/${source}`, init);
}

async function taken(response: Response): Promise<Taken> {
  expect(response.status, await response.clone().text()).toBe(200);
  return response.json();
}

function signed(
  body: string,
  { id = "msg_1", at = new Date(), secret = SECRETS.ALERT_SECRET_WEBHOOK } = {},
): Record<string, string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
}

const SOURCES = [
  {
    source: "cloudflare",
    firing: CLOUDFLARE,
    resolved: { ...CLOUDFLARE, ts: CLOUDFLARE.ts + 600, alert_event: "ALERT_STATE_EVENT_END" },
    prove: () => ({ "cf-webhook-auth": SECRETS.ALERT_SECRET_CLOUDFLARE }),
    wrong: { "cf-webhook-auth": "another secret" },
    title: CLOUDFLARE.text,
    firedAt: "2026-11-23T02:13:20.000Z",
    method: "secret",
  },
  {
    source: "cloudflare",
    firing: CLOUDFLARE_GENERIC,
    resolved: { ...CLOUDFLARE_GENERIC, alert_event: "ALERT_STATE_EVENT_END" },
    prove: () => ({ "cf-webhook-auth": SECRETS.ALERT_SECRET_CLOUDFLARE }),
    wrong: { "cf-webhook-auth": `${SECRETS.ALERT_SECRET_CLOUDFLARE}.` },
    title: CLOUDFLARE_GENERIC.text,
    firedAt: "2026-11-23T02:13:20.000Z",
    method: "secret",
    // It has no name: only its exact body says that it is the same one.
    isNamed: false,
  },
  {
    source: "alertmanager",
    firing: { ...ALERTMANAGER, alerts: ALERTMANAGER.alerts.slice(0, 1) },
    resolved: resolved({ ...ALERTMANAGER, alerts: ALERTMANAGER.alerts.slice(0, 1) }),
    prove: () => ({ authorization: `Bearer ${SECRETS.ALERT_SECRET_ALERTMANAGER}` }),
    wrong: { authorization: `Bearer ${SECRETS.ALERT_SECRET_GRAFANA}` },
    title: "Pricing is answering 5xx",
    firedAt: "2026-11-23T09:12:45.828Z",
    method: "secret",
  },
  {
    source: "grafana",
    firing: GRAFANA,
    resolved: resolved(GRAFANA),
    prove: () => ({ authorization: `Bearer ${SECRETS.ALERT_SECRET_GRAFANA}` }),
    wrong: { authorization: `Basic ${btoa("grafana:grafana")}` },
    title: "Pricing is answering 5xx",
    firedAt: "2026-11-23T09:12:45.828Z",
    method: "secret",
  },
  {
    source: "webhook",
    firing: STANDARD,
    resolved: { ...STANDARD, type: "pricing.errors.resolved", timestamp: "2026-11-23T09:22:45.828Z" },
    prove: (body: string) => signed(body),
    wrong: signed("another body"),
    title: STANDARD.data.title,
    firedAt: STANDARD.timestamp,
    method: "signature",
  },
];

/** What makes an alert the one that it is, in each of these. */
const ITS_NAME = /1a30ba71cca2921f|000eaa907ed2|errors-17|Origin health/g;

function resolved<Sent extends { alerts: readonly object[] }>(sent: Sent): Sent {
  const alerts = sent.alerts.map((alert) => ({
    ...alert,
    status: "resolved",
    endsAt: "2026-11-23T09:40:00Z",
  }));
  return { ...sent, status: "resolved", alerts };
}

describe.each(SOURCES)(
  "an alert from $source: $title",
  ({ source, firing, prove, wrong, title, firedAt, method, ...sent }) => {
    const body = JSON.stringify(firing, null, 1);

    it("starts one run, which signs the notification exactly as it was received", async () => {
      const { alerts } = await taken(await send(source, body, prove(body)));
      const run = alerts[0]?.run ?? "";
      await expect
        .poll(async () => (await get<RunView>(`/api/runs/${run}`)).status, { timeout: 15_000 })
        .toBe("awaiting_decision");
      const { receipts } = await receiptsOf(run);
      const statement = receipts[0]?.statement;
      expect(statement?.predicate).toMatchObject({
        source,
        title,
        firedAt,
        startedBy: { id: source, method },
      });
      expect(`sha256:${statement?.subject[0]?.digest.sha256}`).toBe(digestOf(new TextEncoder().encode(body)));
      expect(await verifyRun(run)).toMatchObject({ verdict: "incomplete" });
    });

    it("starts no second run when it is repeated", async () => {
      const again = sent.isNamed === false ? body : JSON.stringify({ ...firing, receiver: "another" });
      const first = await taken(await send(source, body, prove(body)));
      const second = await taken(await send(source, again, prove(again)));
      expect(second.alerts).toEqual(first.alerts);
      expect(await kindsOf(first.alerts[0]?.run ?? "")).toEqual(["alert", "evidence", "proposal", "preview"]);
    });

    it("is noted on its run when it is resolved, once", async () => {
      const { alerts } = await taken(await send(source, body, prove(body)));
      const end = JSON.stringify(sent.resolved);
      for (const _ of [1, 2]) {
        expect(await taken(await send(source, end, prove(end)))).toEqual({
          alerts: [{ ...alerts[0], state: "resolved" }],
        });
      }
      const notes = await within(alerts[0]?.run ?? "", (_, { storage }) =>
        new SideStore(storage).notes("alert_resolved", 10),
      );
      expect(notes).toMatchObject([{ kind: "alert_resolved", by: source }]);
    });

    it("is refused under the wrong secret and without one, and starts nothing", async () => {
      const other = JSON.stringify(firing).replaceAll(ITS_NAME, "fresh");
      for (const headers of [wrong, {}]) {
        const refused = await send(source, other, headers);
        expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
          401,
          expect.stringContaining('realm="alerts"'),
        ]);
        expect(await refused.json()).toMatchObject({ code: "ERR_ALERT_UNAUTHENTICATED" });
      }
      const end = JSON.stringify(sent.resolved).replaceAll(ITS_NAME, "fresh");
      expect((await taken(await send(source, end, prove(end)))).alerts[0]?.run).toBeNull();
    });

    it("is refused with what is wrong when it is not of the documented form", async () => {
      for (const junk of [
        "null",
        "[]",
        "{}",
        '{"text":1}',
        JSON.stringify({ ...firing, alerts: [{}], ts: "x", data: 1 }),
      ]) {
        const refused = await send(source, junk, prove(junk));
        expect(refused.status, junk).toBe(422);
        expect(await refused.json()).toMatchObject({ code: "ERR_BODY_SCHEMA" });
      }
      expect((await send(source, "{", prove("{"))).status).toBe(400);
    });
  },
);

describe("POST /api/alerts/:source", () => {
  it("takes Cloudflare's test message for what it is", async () => {
    const headers = { "cf-webhook-auth": SECRETS.ALERT_SECRET_CLOUDFLARE };
    expect(await taken(await send("cloudflare", JSON.stringify(CLOUDFLARE_TEST), headers))).toEqual({
      alerts: [],
    });
  });

  it("starts a run for each alert of a group", async () => {
    const headers = { authorization: `Bearer ${SECRETS.ALERT_SECRET_ALERTMANAGER}` };
    const { alerts } = await taken(await send("alertmanager", JSON.stringify(ALERTMANAGER), headers));
    expect(new Set(alerts.map(({ run }) => run)).size).toBe(2);
  });

  it("starts another run when a resolved alert fires anew", async () => {
    const headers = { authorization: `Bearer ${SECRETS.ALERT_SECRET_GRAFANA}` };
    const anew = {
      ...GRAFANA,
      alerts: GRAFANA.alerts.map((alert) => ({ ...alert, startsAt: "2026-11-23T12:00:00Z" })),
    };
    const first = await taken(await send("grafana", JSON.stringify(GRAFANA), headers));
    const second = await taken(await send("grafana", JSON.stringify(anew), headers));
    expect(second.alerts[0]?.run).not.toBe(first.alerts[0]?.run);
  });

  it("refuses a signed webhook that is older than five minutes", async () => {
    const body = JSON.stringify(STANDARD);
    const refused = await send("webhook", body, signed(body, { at: new Date(Date.now() - 301_000) }));
    expect(refused.status).toBe(401);
  });

  it("takes alerts from anyone where no secret is set, and says so in the receipt", async () => {
    const sent = JSON.stringify({ ...CLOUDFLARE, alert_correlation_id: "from anyone" });
    const { alerts } = await taken(await request("/api/alerts/cloudflare", { method: "POST", body: sent }));
    const run = alerts[0]?.run ?? "";
    await expect.poll(async () => (await kindsOf(run)).length, { timeout: 15_000 }).toBe(4);
    const { receipts } = await receiptsOf(run);
    expect(receipts[0]?.statement.predicate).toMatchObject({
      startedBy: { id: "cloudflare", method: "open" },
    });
  });

  it.each(["whsec_%", "whsec_", "password", `whsec_${btoa("too short to be one")}`])(
    "says which secret of the deployment is malformed: %s",
    async (secret) => {
      const body = JSON.stringify(STANDARD);
      // Even one that the library would take, and that was signed with.
      const headers = secret.length > 10 ? signed(body, { secret }) : signed(body);
      const here = deploy({ ALERT_SECRET_WEBHOOK: secret });
      const refused = await here.ask("/api/alerts/webhook", { method: "POST", body, headers });
      expect(refused.status).toBe(503);
      expect(await refused.text()).toContain("ALERT_SECRET_WEBHOOK: expected whsec_");
    },
  );

  it("starts nothing on an event without a name, for the next one would be taken for the same", async () => {
    const body = JSON.stringify({ ...STANDARD, data: { title: "An alert without a key" } });
    for (const headers of [{}, { "webhook-id": "x".repeat(501) }]) {
      const refused = await request("/api/alerts/webhook", { method: "POST", body, headers });
      expect(refused.status).toBe(422);
      expect(await refused.text()).toContain("webhook-id");
    }
    const named = await request("/api/alerts/webhook", {
      method: "POST",
      body,
      headers: { "webhook-id": "msg_named" },
    });
    expect((await taken(named)).alerts).toMatchObject([{ key: "msg_named", state: "firing" }]);
  });

  it("names the sources when asked for another, and the method when asked with another", async () => {
    const unknown = await send("pagerduty", "{}");
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain("cloudflare, alertmanager, grafana, webhook");
    const read = await request("/api/alerts/cloudflare");
    expect([read.status, read.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });
});

describe("an alert whose run no longer verifies", () => {
  const one = (fingerprint: string, status = "firing") => ({
    ...ALERTMANAGER.alerts[0],
    fingerprint,
    status,
  });
  const group = (...alerts: object[]) => ({ ...ALERTMANAGER, alerts });
  const headers = { authorization: `Bearer ${SECRETS.ALERT_SECRET_ALERTMANAGER}` };
  const notify = async (body: object) => taken(await send("alertmanager", JSON.stringify(body), headers));

  it("keeps no other of its group from starting, or from being reported over", async () => {
    const run = (await notify(group(one("damaged")))).alerts[0]?.run ?? "";
    await expect.poll(async () => (await kindsOf(run)).length, { timeout: 15_000 }).toBe(4);
    await change(run, DAMAGE);
    const both = await notify(group(one("damaged"), one("beside it")));
    expect(both.alerts).toMatchObject([{ run }, { run: expect.stringMatching(/^run-/) }]);
    const over = await notify(group(one("damaged", "resolved"), one("beside it", "resolved")));
    expect(over.alerts).toMatchObject([{ run }, { run: both.alerts[1]?.run }]);
  });
});
