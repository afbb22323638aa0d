// The MCP endpoint, through the official client library. Longer than other files: one client and its three helpers serve all cases.

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Bundle, Report } from "../../src/chain/index.ts";
import type { Gate, ListedRun, RunView } from "../../src/host/index.ts";
import { decided, deploy, followRun, get, issue, predicatesOf, request, tokens } from "./client.ts";
import { change, DAMAGE, stubOf, withVars } from "./inside.ts";

/** Connects the official client to the Worker's own fetch handler. */
async function connect(headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "a test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL("http://localhost:8787/mcp"), {
    fetch: (address, init) => request(new URL(String(address)).pathname, init),
    requestInit: { headers },
  });
  await client.connect(transport);
  return client;
}

async function call<Value>(client: Client, name: string, args: Record<string, unknown> = {}): Promise<Value> {
  const result = await client.callTool({ name, arguments: args });
  expect(result.isError, JSON.stringify(result.content)).toBeFalsy();
  return result.structuredContent as Value;
}

async function refusal(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
  const result = await client.callTool({ name, arguments: args });
  expect(result.isError).toBe(true);
  return JSON.stringify(result.content);
}

describe("an MCP client", () => {
  it("starts a run, waits at the gate for a human, and reads the handoff", async () => {
    const client = await connect();
    const view = await call<RunView>(client, "start_run");
    expect(view.status).toBe("awaiting_decision");
    const waiting = await call<Gate>(client, "get_gate", { run: view.run });
    expect(waiting).toMatchObject({ verified: true, due: "decision", allowsCall: false, decision: null });
    expect(await refusal(client, "get_handoff", { run: view.run })).toContain("ERR_NOT_FINISHED");
    await decided(view, "approve");
    const after = await call<Gate>(client, "get_gate", { run: view.run });
    expect(after).toMatchObject({ due: null, decision: { decision: "approve" } });
    const handoff = await call<{ digest: string }>(client, "get_handoff", { run: view.run });
    const next = await call<RunView>(client, "continue_run", { run: view.run });
    const [alert] = await predicatesOf(next.run, "alert");
    expect(alert?.continues).toEqual({ run: view.run, handoff: handoff.digest });
    expect((await followRun(next.run)).runs.map(({ report }) => report.verdict)).toEqual([
      "incomplete",
      "valid",
    ]);
    expect(handoff).toMatchObject({
      run: view.run,
      verdict: "valid",
      failedChecks: [],
      summary: expect.objectContaining({}),
      resources: { "flag:new_pricing": expect.stringMatching(/^sha256:/) },
      said: { domain: "flags", status: "completed", rounds: [{ decisions: [{ decision: "approve" }] }] },
    });
  });

  it("is told who approved already, and who is missing", async () => {
    const [owner, dave] = [issue("owner-1"), issue("dave")];
    const here = tokens([owner, dave]);
    const asked = [
      { role: "owner", count: 1 },
      { role: "reviewer", count: 1 },
    ];
    const vars = { APPROVALS: JSON.stringify(asked), REVIEW_AUTH: "token" };
    const started = await withVars(vars, () => here.post("/api/runs", {}, dave.bearer));
    const { run, pending }: RunView = await started.json();
    const body = { proposal: pending?.proposal };
    expect((await here.post(`/api/runs/${run}/approve`, body, owner.bearer)).status).toBe(200);
    const client = await connect();
    const given = [{ role: "owner", reviewer: "owner-1", signed: null }];
    const missing = asked.slice(1);
    const view = await call<RunView>(client, "get_run", { run });
    expect(view.pending?.approvals).toEqual({ asked, given, missing });
    await expect
      .poll(async () => (await call<{ runs: ListedRun[] }>(client, "list_runs")).runs)
      .toContainEqual(expect.objectContaining({ run, given, missing }));
  });

  it("starts no run with more than the API would take", async () => {
    const client = await connect();
    const alert = { title: "Long", detail: "x".repeat(64 * 1024) };
    expect(await refusal(client, "start_run", { alert })).toContain("ERR_BODY_TOO_LARGE");
  });

  it("reads what the API answers: runs, receipts, artifacts", async () => {
    const client = await connect();
    const { run } = await call<RunView>(client, "start_run", { alert: { title: "Named by the client" } });
    expect(await call(client, "get_run", { run })).toEqual(await get(`/api/runs/${run}`));
    expect(await call(client, "get_receipts", { run })).toEqual(await get(`/api/runs/${run}/receipts`));
    const listed = async () =>
      await call<{ runs: ListedRun[] }>(client, "list_runs", {
        status: "awaiting_decision",
      });
    await expect
      .poll(async () => (await listed()).runs.map((entry) => entry.alert), { timeout: 15_000 })
      .toContain("Named by the client");
    const read = await client.readResource({ uri: `countersign://runs/${run}` });
    expect(JSON.parse((read.contents[0] as { text: string }).text)).toMatchObject({ run });
    const receipts = await client.readResource({ uri: `countersign://runs/${run}/receipts` });
    const { statement } = JSON.parse((receipts.contents[0] as { text: string }).text).receipts[0];
    const sha256 = statement.subject[0].digest.sha256;
    const artifact = await client.readResource({ uri: `countersign://runs/${run}/artifacts/${sha256}` });
    const exact = await request(`/api/runs/${run}/artifacts/${sha256}`);
    expect(atob((artifact.contents[0] as { blob: string }).blob)).toBe(await exact.text());
  });

  it("verifies a bundle, and says which receipt of an altered one is wrong", async () => {
    const client = await connect();
    const { run } = await decided(await call<RunView>(client, "start_run"), "reject");
    const bundle = await get<{ receipts: { signatures: { sig: string }[] }[] }>(`/api/runs/${run}/bundle`);
    expect(await call(client, "verify_bundle", { bundle, run })).toMatchObject({ verdict: "valid" });
    const [signature] = bundle.receipts[3]?.signatures ?? [];
    if (signature) signature.sig = `${signature.sig.startsWith("A") ? "B" : "A"}${signature.sig.slice(1)}`;
    expect(await call(client, "verify_bundle", { bundle })).toMatchObject({
      verdict: "invalid",
      checks: expect.arrayContaining([expect.objectContaining({ seq: 3, code: "ERR_SIGNATURE" })]),
    });
    expect(await refusal(client, "verify_bundle", { bundle: {} })).toContain("ERR_BUNDLE");
  });

  it("is told no more of a hostile bundle than somebody reads, and nothing of one that hides a member", async () => {
    const client = await connect();
    const { run } = await call<RunView>(client, "start_run");
    const bundle = await get<Bundle>(`/api/runs/${run}/bundle`);
    const junk = { ...bundle, receipts: Array.from({ length: 5_000 }, () => 0) };
    const report = await call<Report & { checksLeftOut: number }>(client, "verify_bundle", { bundle: junk });
    expect(report).toMatchObject({ verdict: "invalid", count: 5_000 });
    expect(report.checks).toHaveLength(200);
    expect(report.checksLeftOut).toBeGreaterThan(4_000);
    const hiding = JSON.parse(JSON.stringify(bundle).replace("{", '{"__proto__":{"a":1},'));
    expect(await refusal(client, "verify_bundle", { bundle: hiding })).toContain("ERR_BUNDLE");
    expect(await refusal(client, "verify_bundle", { bundle: "none" })).toContain("ERR_BUNDLE");
    // Whoever names no keys is not given ours for theirs.
    expect(await refusal(client, "verify_bundle", { bundle, trust: null })).toContain("ERR_TRUST_POLICY");
  });

  it("gets a prompt that hands a finished run to a model", async () => {
    const client = await connect();
    const { run } = await decided(await call<RunView>(client, "start_run"), "reject", {
      reason: "not in peak hours",
    });
    const { messages } = await client.getPrompt({ name: "take_over", arguments: { run } });
    const text = JSON.stringify(messages[0]?.content);
    expect(text).toContain("is valid under this deployment's trust policy");
    expect(text).toContain("not in peak hours");
  });

  it("finds no tool, resource or prompt that decides, and the list says why", async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(
      [
        "continue_run",
        "get_gate",
        "get_handoff",
        "get_receipts",
        "get_run",
        "list_runs",
        "start_run",
        "verify_bundle",
      ].sort(),
    );
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ name }) => name).sort()).toEqual(["artifact", "receipts", "run"]);
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(["take_over"]);
    expect(client.getInstructions()).toContain("No tool approves, rejects or requests changes");
    const view = await call<RunView>(client, "start_run");
    for (const name of ["approve", "reject", "request_changes", "decide"]) {
      await expect(
        client.callTool({ name, arguments: { run: view.run, proposal: view.pending?.proposal } }),
      ).rejects.toThrow(/not found/i);
    }
    // Whatever a tool is given, the run still waits and holds no decision.
    for (const { name } of tools) {
      await client.callTool({ name, arguments: { run: view.run, decision: "approve" } }).catch(() => {});
    }
    expect(await stubOf(view.run).gate()).toMatchObject({
      ok: true,
      value: { due: "decision", decision: null },
    });
  });

  it("is told what is wrong with what it asks for", async () => {
    const client = await connect();
    expect(await refusal(client, "get_run", { run: "run-000000000000000000000000" })).toContain(
      "ERR_RUN_UNKNOWN",
    );
    expect(await refusal(client, "list_runs", { status: "lost" })).toContain("ERR_QUERY");
    expect(await refusal(client, "start_run", { alert: { title: "" } })).toContain("1 to 300");
  });
});

describe("a start over MCP with an idempotency key", () => {
  const UNKNOWN = "run-000000000000000000000000";

  it("is one run however often it is sent, and refuses the key for anything else", async () => {
    const client = await connect();
    const idempotencyKey = `OPS 1723 "${crypto.randomUUID()}"`;
    const first = await call<RunView>(client, "start_run", { idempotencyKey, alert: { title: "Once" } });
    const again = await call<RunView>(client, "start_run", { alert: { title: "Once" }, idempotencyKey });
    expect(again.run).toBe(first.run);
    expect(await refusal(client, "start_run", { idempotencyKey, alert: { title: "Other" } })).toContain(
      "ERR_IDEMPOTENCY_KEY_REUSED",
    );
    const other = await call<RunView>(client, "start_run", { alert: { title: "Once" } });
    expect(other.run).not.toBe(first.run);
  });

  it("continues a run once", async () => {
    const client = await connect();
    const { run } = await decided(await call<RunView>(client, "start_run"), "reject");
    const args = { run, idempotencyKey: crypto.randomUUID() };
    const first = await call<RunView>(client, "continue_run", args);
    expect((await call<RunView>(client, "continue_run", args)).run).toBe(first.run);
    expect((await get<{ continuedBy: object[] }>(`/api/runs/${run}/lineage`)).continuedBy).toHaveLength(1);
  });

  it.each(["", "k".repeat(201), "a\nb", "é"])("refuses the key %j", async (idempotencyKey) => {
    const client = await connect();
    expect(await refusal(client, "start_run", { idempotencyKey })).toContain("printable ASCII");
    expect(await refusal(client, "continue_run", { run: UNKNOWN, idempotencyKey })).toContain("printable");
  });
});

describe("what is not there", () => {
  const UNKNOWN = "run-000000000000000000000000";

  it.each([
    `countersign://runs/${UNKNOWN}`,
    `countersign://runs/${UNKNOWN}/receipts`,
    `countersign://runs/${UNKNOWN}/artifacts/${"0".repeat(64)}`,
    "countersign://runs/nonsense",
  ])("%s is a resource that was not found, and no internal error", async (uri) => {
    const client = await connect();
    await expect(client.readResource({ uri })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining("ERR_RUN_UNKNOWN"),
      data: { uri },
    });
  });

  it("an artifact that the run does not have is one, too", async () => {
    const client = await connect();
    const { run } = await call<RunView>(client, "start_run");
    const uri = `countersign://runs/${run}/artifacts/${"0".repeat(64)}`;
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602, data: { uri } });
  });

  it("is a wrong argument of the prompt: a run that is unknown, and one that has not ended", async () => {
    const client = await connect();
    const { run } = await call<RunView>(client, "start_run");
    for (const [asked, code] of [
      [UNKNOWN, "ERR_RUN_UNKNOWN"],
      ["nonsense", "ERR_RUN_UNKNOWN"],
      [run, "ERR_NOT_FINISHED"],
    ] as const) {
      await expect(client.getPrompt({ name: "take_over", arguments: { run: asked } })).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining(code),
      });
    }
  });

  it("is an internal error where the fault is the deployment's: a chain that no longer verifies", async () => {
    const client = await connect();
    const { run } = await call<RunView>(client, "start_run");
    await change(run, DAMAGE);
    await expect(client.readResource({ uri: `countersign://runs/${run}` })).rejects.toMatchObject({
      code: -32603,
      message: expect.stringContaining("ERR_CHAIN_CORRUPT"),
    });
  });
});

describe("the operator's log", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const headers = { accept: "application/json, text/event-stream", "content-type": "application/json" };
  const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';

  it.each<[string, RequestInit]>([
    ["no JSON", { method: "POST", headers, body: "{" }],
    ["nothing", { method: "POST", headers, body: "" }],
    ["no message", { method: "POST", headers, body: '{"jsonrpc":"2.0"}' }],
    ["a list of none", { method: "POST", headers, body: "[]" }],
    ["an id of null", { method: "POST", headers, body: '{"jsonrpc":"2.0","id":null,"method":"ping"}' }],
    ["an unknown method", { method: "POST", headers, body: '{"jsonrpc":"2.0","id":1,"method":"foo/bar"}' }],
    ["text", { method: "POST", headers: { ...headers, "content-type": "text/plain" }, body: LIST }],
    ["another Accept", { method: "POST", headers: { ...headers, accept: "text/html" }, body: LIST }],
    [
      "a version that is none",
      { method: "POST", headers: { ...headers, "mcp-protocol-version": "2099-01-01" }, body: LIST },
    ],
    [
      "a version that it then contradicts",
      { method: "POST", headers: { ...headers, "mcp-protocol-version": "2026-07-28" }, body: LIST },
    ],
    ["a session that is none", { method: "DELETE", headers: { "mcp-session-id": "x" } }],
    ["a browser's look", { headers: { accept: "text/html" } }],
  ])("says nothing of a client's mistake: %s", async (_, init) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const answer = await request("/mcp", init);
    await answer.text();
    expect(answer.status).toBeLessThan(500);
    expect(logged.mock.calls).toEqual([]);
  });

  it.each([
    ["tools/call", { name: "get_run", arguments: { run: "run-000000000000000000000000" } }],
    ["tools/call", { name: "start_run" }],
    ["resources/read", { uri: "countersign://runs/run-000000000000000000000000" }],
    ["prompts/get", { name: "take_over", arguments: { run: "run-000000000000000000000000" } }],
  ])(
    "says what is the deployment's failure, of which the client hears no more: %s %j",
    async (method, params) => {
      const logged = vi.spyOn(console, "error").mockImplementation(() => {});
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const answer = await deploy({ RUN: undefined }).ask("/mcp", { method: "POST", headers, body });
      expect(await answer.text()).toContain("ERR_INTERNAL: something went wrong on our side");
      expect(logged.mock.calls.flat().map((line) => JSON.parse(line))).toMatchObject([
        { event: "mcp_failed", error: expect.stringContaining("the binding of the runs") },
      ]);
    },
  );
});

describe("/mcp", () => {
  it.each([
    ["a page of another site", "http://localhost:8787", { origin: "https://attacker.example" }],
    ["a name that was made to point here", "http://attacker.example:8787", {}],
  ])("refuses %s", async (_, origin, headers) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    const accept = "application/json, text/event-stream";
    const init = {
      method: "POST",
      body,
      headers: { "content-type": "application/json", accept, ...headers },
    };
    const refused = await deploy({}, origin).ask("/mcp", init);
    expect(refused.status).toBe(403);
  });

  it("refuses what is no message, and what is too large", async () => {
    const headers = { accept: "application/json, text/event-stream", "content-type": "application/json" };
    expect((await request("/mcp", { method: "POST", body: "{", headers })).status).toBe(400);
    const large = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "x", params: "x".repeat(5_000_000) });
    expect((await request("/mcp", { method: "POST", body: large, headers })).status).toBe(413);
    expect((await request("/mcp", { headers })).status).toBe(405);
  });
});
