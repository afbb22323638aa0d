// What is signed is what was sent: a body that JavaScript would read as something else is refused, with the place.
import { describe, expect, it } from "vitest";
import { BUNDLE_MEDIA_TYPE, type Bundle } from "../../src/chain/index.ts";
import type { RunView } from "../../src/host/index.ts";
import { decided, get, receiptsOf, request, startRun } from "./client.ts";

const JSON_TYPE = { "content-type": "application/json" };

async function detailOf(answer: Response): Promise<string> {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const { code, detail }: { code: string; detail: string } = await answer.json();
  expect([answer.status, code]).toEqual([422, "ERR_BODY_SCHEMA"]);
  return detail;
}

const send = (path: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
  request(path, { method: "POST", headers, body, redirect: "manual" });

/** Bodies that are altered by `JSON.parse`, as the text of an alert's further member, and where. */
const ALTERED = [
  ['"n":9007199254740993', "/n"],
  ['"n":-9007199254740993', "/n"],
  ['"n":[0,{"id":1234567890123456789}]', "/n/1/id"],
  ['"n":0.1234567890123456789', "/n"],
  ['"n":1e400', "/n"],
  ['"n":1e-400', "/n"],
  ['"n":1,"n":1', "/n"],
  ['"n":{"a":{"b":1,"\\u0062":2}}', "/n/a/b"],
  ['"labels":{"a/b":"x","a/b":"y"}', "/labels/a~1b"],
] as const;

const KEPT = ['"n":1.0', '"n":1e3', '"n":-0', '"n":1e21', '"n":9007199254740992', '"n":{"a":1},"m":{"a":1}'];

describe("the API", () => {
  it.each(ALTERED)("refuses an alert with %s", async (member, place) => {
    expect(await detailOf(await send("/api/runs", `{"alert":{"title":"t",${member}}}`))).toContain(
      `/alert${place}: `,
    );
  });

  it.each(KEPT)("takes an alert with %s, which is the same value in another spelling", async (member) => {
    expect((await send("/api/runs", `{"alert":{"title":"t",${member}}}`)).status).toBe(201);
  });

  it.each([
    ["approve", '"reason":"a","reason":"b"'],
    ["reject", '"reason":"a","reason":"b"'],
    ["request-changes", '"feedback":"answer 400","feedback":"answer 409"'],
  ])("refuses two reasons to %s, and signs neither", async (how, twice) => {
    const { run, pending } = await startRun();
    const answer = await send(`/api/runs/${run}/${how}`, `{"proposal":"${pending?.proposal}",${twice}}`);
    expect(await detailOf(answer)).toMatch(/^\/(reason|feedback): /);
    expect((await receiptsOf(run)).receipts).toHaveLength(4);
  });

  it("refuses a bundle that says two things", async () => {
    const { run } = await decided(await startRun(), "reject");
    const bundle = JSON.stringify(await get<Bundle>(`/api/runs/${run}/bundle`));
    const twice = bundle.replace("{", `{"run":"run-000000000000000000000000",`);
    const headers = { "content-type": BUNDLE_MEDIA_TYPE };
    expect(await detailOf(await send("/api/runs", twice, headers))).toContain("/run: ");
    expect((await send("/api/runs", bundle, headers)).status).toBe(201);
  });
});

describe("alerts from monitoring systems", () => {
  const notification = (member: string) =>
    `{"ts":1795400000,"text":"Checkout fails","alert_correlation_id":"${crypto.randomUUID()}","data":{${member}}}`;

  it.each(ALTERED)("are refused with %s", async (member, place) => {
    const answer = await send("/api/alerts/cloudflare", notification(member));
    expect(await detailOf(answer)).toContain(`/data${place}: `);
  });

  it.each(KEPT)("are taken with %s", async (member) => {
    expect((await send("/api/alerts/cloudflare", notification(member))).status).toBe(200);
  });
});

describe("a form", () => {
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: "http://localhost:8787" };

  it("with two reasons is refused, and neither is signed", async () => {
    const { run, pending } = await startRun();
    const decision = `proposal=${encodeURIComponent(pending?.proposal ?? "")}&decision=reject`;
    const refused = await send(`/runs/${run}/decision`, `${decision}&reason=a&reason=b`, headers);
    expect([refused.status, await refused.text()]).toEqual([
      422,
      expect.stringContaining("Reason: expected the field once"),
    ]);
    expect((await receiptsOf(run)).receipts).toHaveLength(4);
    expect((await send(`/runs/${run}/decision`, `${decision}&reason=a`, headers)).status).toBe(303);
    expect((await receiptsOf(run)).receipts).toHaveLength(8);
  });
});

describe("MCP", () => {
  const headers = { ...JSON_TYPE, accept: "application/json, text/event-stream" };
  const starting = (member: string) =>
    `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"start_run","arguments":{"alert":{${member}}}}}`;
  const listed = async () =>
    (await get<{ runs: RunView[] }>("/api/runs?limit=100")).runs.map(({ run }) => run);

  it.each(ALTERED)("starts nothing on an alert with %s", async (member, place) => {
    const before = await listed();
    const answer = await send("/mcp", starting(member), headers);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toEqual({
      jsonrpc: "2.0",
      id: 7,
      error: { code: -32602, message: expect.stringContaining(`/params/arguments/alert${place}: `) },
    });
    expect(await listed()).toEqual(before);
  });

  it.each(KEPT)("starts a run on an alert with %s", async (member) => {
    const answer = await (await send("/mcp", starting(member), headers)).text();
    expect(answer).toContain("awaiting_decision");
  });

  it("does not choose between two methods or two tools", async () => {
    const method = '{"jsonrpc":"2.0","id":7,"method":"tools/list","method":"tools/call"}';
    expect(await (await send("/mcp", method, headers)).json()).toMatchObject({
      id: 7,
      error: { code: -32600 },
    });
    const tool = starting('"n":1').replace('"name":', '"name":"get_run","name":');
    expect((await send("/mcp", tool, headers)).status).toBe(422);
  });

  it("neither repairs bytes that are no UTF-8 nor drops a member that schemas drop", async () => {
    const body = new TextEncoder().encode(starting('"n":"?"'));
    const broken = body.map((byte) => (byte === 0x3f ? 0xff : byte));
    const answer = await request("/mcp", { method: "POST", headers, body: broken });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: -32700 } }]);
    const hiding = await (await send("/mcp", starting('"title":"t","__proto__":{"a":1}'), headers)).text();
    expect(hiding).toContain("ERR_BODY_SCHEMA: expected no member named __proto__");
  });
});
