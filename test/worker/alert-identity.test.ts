// Which notification is about which alert: ends that respell their start or leave it out, alerts that nothing but their body tells apart,
// and what was taken for a repeat.
import { describe, expect, it } from "vitest";
import { SideStore } from "../../src/host/side-store.ts";
import { digestOf } from "../../src/receipt/index.ts";
import { ALERTMANAGER, CLOUDFLARE, GRAFANA, STANDARD } from "./alert-payloads.ts";
import { request } from "./client.ts";
import { indexStub, inIndex, within } from "./inside.ts";

interface Taken {
  readonly key: string;
  readonly state: string;
  readonly run: string | null;
}

async function send(source: string, body: object | string, headers: Record<string, string> = {}) {
  return request(`/api/alerts/${source}`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function notify(source: string, body: object | string, headers = {}): Promise<readonly Taken[]> {
  const answer = await send(source, body, headers);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json<{ alerts: Taken[] }>()).alerts;
}

const notesOf = (run: string, kind: "alert_resolved" | "alert_repeated") =>
  within(run, (_, { storage }) => new SideStore(storage).notes(kind, 100));

const group = (...alerts: object[]) => ({ ...GRAFANA, alerts });
const alert = (fingerprint: string, more: object = {}) => ({ ...GRAFANA.alerts[0], fingerprint, ...more });
const over = (fingerprint: string, startsAt: string | undefined, endsAt = "2026-11-23T10:00:00Z") =>
  alert(fingerprint, { status: "resolved", startsAt, endsAt });

/** Starts one alert's run. */
async function fire(fingerprint: string, startsAt = "2026-11-23T09:00:00Z"): Promise<string> {
  const [taken] = await notify("grafana", group(alert(fingerprint, { startsAt })));
  if (!taken?.run) throw new Error("expected a run");
  return taken.run;
}

describe.each(["grafana", "alertmanager"])("an end from %s", (source) => {
  it.each([
    ["with another zone and precision", "2026-11-23T10:00:00.000000000+01:00"],
    ["with its own time as the start", "2026-11-23T09:40:00Z"],
    ["with no time as the start", "0001-01-01T00:00:00Z"],
  ])("that spells its start %s is noted at the firing's run", async (_, startsAt) => {
    const fingerprint = crypto.randomUUID();
    const [fired] = await notify(source, group(alert(fingerprint, { startsAt: "2026-11-23T09:00:00Z" })));
    const end = group(over(fingerprint, startsAt, startsAt));
    for (const _again of [1, 2]) {
      expect(await notify(source, end)).toEqual([{ ...fired, state: "resolved" }]);
    }
    expect(await notesOf(fired?.run ?? "", "alert_resolved")).toMatchObject([{ by: source }]);
  });
});

describe("an end without its start", () => {
  it("belongs to the open firing, not to one that is over, and to none when none is open", async () => {
    const fingerprint = crypto.randomUUID();
    const first = await fire(fingerprint, "2026-11-23T09:00:00Z");
    expect((await notify("grafana", group(over(fingerprint, "2026-11-23T09:00:00Z"))))[0]?.run).toBe(first);
    const none = "2026-11-23T09:30:00Z";
    expect(await notify("grafana", group(over(fingerprint, none)))).toMatchObject([{ run: null }]);
    const second = await fire(fingerprint, "2026-11-23T11:00:00Z");
    expect(second).not.toBe(first);
    expect(await notesOf(second, "alert_resolved")).toEqual([]);
    expect((await notify("grafana", group(over(fingerprint, "2026-11-23T12:00:00Z"))))[0]?.run).toBe(second);
    expect(await notesOf(second, "alert_resolved")).toHaveLength(1);
    expect(await notify("grafana", group(over(fingerprint, "2026-11-23T13:00:00Z")))).toMatchObject([
      { run: null },
    ]);
  });

  it("belongs to the newest firing, whichever of them was reported again last", async () => {
    const fingerprint = crypto.randomUUID();
    await fire(fingerprint, "2026-11-23T09:00:00Z");
    const newest = await fire(fingerprint, "2026-11-23T11:00:00Z");
    await fire(fingerprint, "2026-11-23T09:00:00Z");
    expect((await notify("grafana", group(over(fingerprint, "2026-11-23T12:00:00Z"))))[0]?.run).toBe(newest);
  });

  it("belongs to no alert of another source, and starts nothing", async () => {
    const fingerprint = crypto.randomUUID();
    const run = await fire(fingerprint);
    const end = group(over(fingerprint, "2026-11-23T09:40:00Z"));
    expect(await notify("alertmanager", end)).toMatchObject([{ run: null }]);
    expect(await notesOf(run, "alert_resolved")).toEqual([]);
  });

  it("is to be sent again while the list cannot be asked; one with its start, and a start, are taken", async () => {
    const fingerprint = crypto.randomUUID();
    const run = await fire(fingerprint);
    await inIndex((sql) => void sql.exec("ALTER TABLE firings RENAME TO lost"));
    const answer = await send("grafana", group(over(fingerprint, "2026-11-23T09:40:00Z")));
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: "ERR_INDEX_UNAVAILABLE" }]);
    expect(await fire(crypto.randomUUID())).toMatch(/^run-/);
    expect((await notify("grafana", group(over(fingerprint, "2026-11-23T09:00:00Z"))))[0]?.run).toBe(run);
    await inIndex((sql) => void sql.exec("ALTER TABLE lost RENAME TO firings"));
    expect((await notify("grafana", group(over(fingerprint, "2026-11-23T09:40:00Z"))))[0]?.run).toBe(run);
  });

  it("finds nothing of a run that was deleted", async () => {
    const fingerprint = crypto.randomUUID();
    const run = await fire(fingerprint);
    await indexStub().forget(run);
    expect(await notify("grafana", group(over(fingerprint, "2026-11-23T09:40:00Z")))).toMatchObject([
      { run: null },
    ]);
  });
});

describe("Cloudflare's alerts", () => {
  const PLAIN = { name: "Checkout", ts: 1_796_000_000, policy_id: "p", alert_type: "t", text: "Checkout" };
  const observed = (id: string, status: string, more: object = {}) => ({
    ...CLOUDFLARE,
    alert_correlation_id: "",
    alert_event: "",
    data: { ...CLOUDFLARE.data, status, episode: { id } },
    ...more,
  });

  it("are known by their episode where they have no correlation id, and over when they are NORMAL", async () => {
    const id = crypto.randomUUID();
    const [fired] = await notify("cloudflare", observed(id, "FIRING"));
    const [again] = await notify("cloudflare", observed(id, "FIRING_FAILED", { ts: CLOUDFLARE.ts + 60 }));
    const [end] = await notify("cloudflare", observed(id, "NORMAL", { ts: CLOUDFLARE.ts + 300 }));
    expect(fired).toMatchObject({ key: id, state: "firing", run: expect.stringMatching(/^run-/) });
    expect([again, end]).toEqual([fired, { ...fired, state: "resolved" }]);
    expect(await notesOf(fired?.run ?? "", "alert_resolved")).toHaveLength(1);
    expect((await notify("cloudflare", observed(crypto.randomUUID(), "FIRING")))[0]?.run).not.toBe(
      fired?.run,
    );
  });

  it("are known by their correlation id first", async () => {
    const alert_correlation_id = crypto.randomUUID();
    const [fired] = await notify("cloudflare", observed("one", "FIRING", { alert_correlation_id }));
    const [again] = await notify("cloudflare", observed("two", "FIRING", { alert_correlation_id }));
    expect([fired?.key, again]).toEqual([alert_correlation_id, fired]);
  });

  it("of one second and policy are two runs, unless they are one in every byte", async () => {
    const [one] = await notify("cloudflare", { ...PLAIN, data: { zone: "a" } });
    const [other] = await notify("cloudflare", { ...PLAIN, data: { zone: "b" } });
    const [again] = await notify("cloudflare", { ...PLAIN, data: { zone: "a" } });
    expect(other?.run).not.toBe(one?.run);
    expect(again).toEqual(one);
  });

  it("of a health check are over when what it watches is healthy, and so start no second run", async () => {
    const health = (name: string, new_status: string, ts: number) => ({
      ...PLAIN,
      policy_id: "health",
      ts,
      data: { health_check_name: name, new_status },
    });
    const [fired] = await notify("cloudflare", health("origin", "Unhealthy", 1_796_000_000));
    const [beside] = await notify("cloudflare", health("another", "Unhealthy", 1_796_000_000));
    const [end] = await notify("cloudflare", health("origin", "Healthy", 1_796_000_600));
    expect(end).toEqual({ ...fired, state: "resolved" });
    expect(await notesOf(beside?.run ?? "", "alert_resolved")).toEqual([]);
    expect(await notify("cloudflare", health("a third", "Healthy", 1_796_000_600))).toMatchObject([
      { state: "resolved", run: null },
    ]);
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["a list", []],
    ["text", "NORMAL"],
    ["an episode of null", { episode: null, status: null, new_status: 7 }],
    ["an episode without a name", { episode: { id: "" } }],
    ["an episode with a number", { episode: { id: 7 } }],
  ])("are taken with whatever stands in data: %s", async (_, data) => {
    const [taken] = await notify("cloudflare", { ...PLAIN, ts: PLAIN.ts + 1, data });
    expect(taken).toMatchObject({ state: "firing", run: expect.stringMatching(/^run-/) });
  });

  it.each<[string, object]>([
    ["ts", { name: "WAF", alert_type: "clickhouse_alert_fw_anomaly" }],
    ["ts", { ...PLAIN, ts: "1796000400" }],
    ["policy_id", { ...PLAIN, policy_id: null }],
    ["policy_name", { ...PLAIN, policy_name: null }],
    ["alert_correlation_id", { ...PLAIN, alert_correlation_id: null }],
    ["alert_event", { ...PLAIN, alert_event: null }],
    ["text", { ...PLAIN, text: 1 }],
    ["text", { text: 1 }],
    ["ts", { text: "another test message" }],
    ["ts", {}],
  ])("that do not fit are refused by the name of the member: %s of %j", async (member, body) => {
    const answer = await send("cloudflare", body);
    const { detail } = await answer.json<{ detail: string }>();
    expect([answer.status, detail]).toEqual([422, expect.stringMatching(new RegExp(`^${member}: `))]);
  });

  it("are told from Cloudflare's own tests, in either wording", async () => {
    for (const how of ["properly", "correctly"]) {
      const text = `Hello World! This is a test message sent from https://cloudflare.com. If you can see this, your webhook is configured ${how}.`;
      expect(await notify("cloudflare", { text })).toEqual([]);
    }
  });
});

describe("a signed webhook", () => {
  it.each([
    "incident.resolved",
    "incident_resolved",
    "incident.Resolved",
    "x.CLOSED",
    "x.ended",
    "x-recovered",
  ])("of type %s is an end", async (type) => {
    const key = crypto.randomUUID();
    const [fired] = await notify("webhook", { ...STANDARD, data: { key } });
    expect(await notify("webhook", { ...STANDARD, type, data: { key } })).toEqual([
      { ...fired, state: "resolved" },
    ]);
  });

  it.each(["unresolved", "incident.unresolved", "door.closedown"])("of type %s is none", async (type) => {
    const taken = await notify("webhook", { ...STANDARD, type, data: { key: crypto.randomUUID() } });
    expect(taken).toMatchObject([{ state: "firing" }]);
  });
});

describe("what was taken for a repeat", () => {
  it("is noted at the alert's run, by its digest, once, and told on the run's page", async () => {
    const fingerprint = crypto.randomUUID();
    const run = await fire(fingerprint);
    expect(await notesOf(run, "alert_repeated")).toEqual([]);
    const again = JSON.stringify(group(alert(fingerprint, { startsAt: "2026-11-23T10:00:00+01:00" })));
    for (const _ of [1, 2]) expect((await notify("grafana", again))[0]?.run).toBe(run);
    const by = `grafana ${digestOf(new TextEncoder().encode(again))}`;
    expect(await notesOf(run, "alert_repeated")).toMatchObject([{ kind: "alert_repeated", by }]);
    expect(await (await request(`/runs/${run}`)).text()).toContain("It fired again");
  });

  it("is so within one notification, too", async () => {
    const one = alert(crypto.randomUUID());
    const [first, second] = await notify("grafana", group(one, one));
    expect(second).toEqual(first);
    expect(await notesOf(first?.run ?? "", "alert_repeated")).toHaveLength(1);
  });

  it("takes no other note's room, however often it comes", async () => {
    const run = await fire(crypto.randomUUID());
    const notes = await within(run, (_instance, { storage }) => {
      const store = new SideStore(storage);
      storage.sql.exec(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
         INSERT INTO notes (kind, at, by) SELECT 'alert_repeated', '', i FROM n`,
      );
      store.putNote({ kind: "alert_repeated", at: "2026-11-23T10:00:00.000Z", by: "grafana" });
      store.putNote({ kind: "alert_resolved", at: "2026-11-23T10:00:00.000Z", by: "grafana" });
      return [store.notes("alert_repeated", 20_000).length, store.notes("alert_resolved", 20_000).length];
    });
    expect(notes).toEqual([10_000, 1]);
  });
});

describe("a group that is too long", () => {
  const long = {
    ...ALERTMANAGER,
    alerts: Array.from({ length: 50 }, () => alert("x".repeat(400), { pad: "x".repeat(1_200) })),
  };

  it.each(["alertmanager", "grafana"])("is refused with what to set: %s", async (source) => {
    const answer = await send(source, long);
    expect([answer.status, await answer.json()]).toMatchObject([
      413,
      { code: "ERR_BODY_TOO_LARGE", detail: expect.stringContaining("max_alerts") },
    ]);
  });

  it("has no such hint for a source without that setting", async () => {
    expect(await (await send("cloudflare", long)).text()).not.toContain("max_alerts");
  });
});
