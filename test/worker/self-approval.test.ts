// An agent that means to approve its own call. It has MCP, the API token of whoever started the run, and everything that the Worker serves,
// signatures of the same reviewer for other runs among it. Where `reviewerKey` asks for presence it decides nothing.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { beforeAll, describe, expect, it } from "vitest";
import type { Bundle, Intent } from "../../src/chain/index.ts";
import type { IntentView, RunView } from "../../src/host/index.ts";
import { decodeEnvelope, fromBase64, readReceipt, subjectDigest } from "../../src/receipt/index.ts";
import { passkeyOf } from "../engine/passkey.ts";
import {
  bundleOf,
  expectNothingSigned,
  get,
  goodBody,
  ISSUER,
  issue,
  predicatesOf,
  routesOf,
  SAME_ORIGIN,
  tokens,
} from "./client.ts";
import { withVars } from "./inside.ts";
import { PASSKEYS } from "./reviewers.ts";

/** The starter is an owner whose passkey is listed. The agent has their token, and not the passkey. */
const owner = issue("owner-1");
const here = tokens([owner]);
const PRESENT = { REVIEW_AUTH: "token", REVIEWER_KEY: "present", APPROVALS: '[{"role":"owner","count":1}]' };

const start = () =>
  withVars(PRESENT, async () => {
    const answer = await here.post("/api/runs", {}, owner.bearer);
    expect(answer.status, await answer.clone().text()).toBe(201);
    return answer.json<RunView>();
  });

async function intentFor({ run }: RunView, decision = "approve"): Promise<Intent> {
  const answer = await here.ask(`/api/runs/${run}/intent?decision=${decision}`, { headers: owner.bearer });
  return (await answer.json<IntentView>()).intent as Intent;
}

/** Every assertion that a bundle serves. */
function assertionsIn({ receipts, artifacts }: Bundle): unknown[] {
  return receipts.flatMap((envelope) => {
    const decoded = decodeEnvelope(envelope);
    const receipt = decoded.ok ? readReceipt(decoded.value) : decoded;
    const sha256 = receipt.ok ? subjectDigest(receipt.value.statement, "assertion") : undefined;
    const bytes = sha256 === undefined ? null : fromBase64(artifacts[sha256] ?? "");
    return bytes ? [JSON.parse(new TextDecoder().decode(bytes))] : [];
  });
}

/** Signatures that the owner made with their own passkey, in runs that are over; anybody may read them. */
let served: unknown[] = [];
beforeAll(async () => {
  for (const how of ["approve", "reject"]) {
    const view = await start();
    const assertion = await PASSKEYS["owner-1"].sign(await intentFor(view, how));
    const body = { proposal: view.pending?.proposal, assertion };
    expect((await here.post(`/api/runs/${view.run}/${how}`, body, owner.bearer)).status).toBe(200);
    served = [...served, ...assertionsIn(await bundleOf(view.run))];
  }
  expect(served).toHaveLength(2);
});

async function connect(): Promise<Client> {
  const client = new Client({ name: "an agent", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(`${ISSUER}/mcp`), {
    fetch: (address, init) => here.ask(new URL(String(address)).pathname, init),
    requestInit: { headers: owner.bearer },
  });
  await client.connect(transport);
  return client;
}

describe("an agent with the starter's token", () => {
  it("decides nothing over the API, with no signature, its own, or any that the Worker serves", async () => {
    const view = await start();
    const own = passkeyOf("the agent", ISSUER);
    const intent = await intentFor(view);
    const made = await own.sign(intent);
    const [first] = served;
    const listed = PASSKEYS["owner-1"].entry as { publicKey: object; credential: string };
    const attempts: unknown[] = [
      undefined,
      made,
      // Its own signature, in the owner's name.
      { ...(made as object), credential: listed.credential },
      { ...(made as object), credential: listed.credential, publicKey: listed.publicKey },
      // The owner's signatures for other runs, as they are and with this run's client data.
      ...served,
      { ...(first as object), clientDataJSON: (made as { clientDataJSON: string }).clientDataJSON },
      // A key without presence.
      { type: "ssh", publicKey: "ssh-ed25519 AAAA", signature: "" },
      {},
    ];
    await expectNothingSigned(view.run, async () => {
      for (const how of ["approve", "reject", "request-changes"] as const) {
        for (const assertion of attempts) {
          const words = how === "request-changes" ? { feedback: "Do it." } : {};
          const body = {
            proposal: view.pending?.proposal,
            role: "owner",
            ...words,
            ...(assertion !== undefined && { assertion }),
          };
          const answer = await here.post(`/api/runs/${view.run}/${how}`, body, owner.bearer);
          const { code } = await answer.json<{ code: string }>();
          expect([403, 422], code).toContain(answer.status);
          expect(["ERR_REVIEWER_KEY", "ERR_ASSERTION", "ERR_BODY_SCHEMA"]).toContain(code);
        }
      }
    });
    expect((await get<RunView>(`/api/runs/${view.run}`)).status).toBe("awaiting_decision");
  });

  it("decides nothing over any other route, the page's form with its cookie among them", async () => {
    const view = await start();
    const cookie = `countersign=${encodeURIComponent(owner.token)}`;
    const before = await predicatesOf(view.run, "decision");
    for (const { method, path } of routesOf(view.run)) {
      if (method === "GET" || /\/(alerts|mcp|sign-)/.test(path)) continue;
      const init = goodBody(path, view);
      await here.ask(path, { method, ...init, headers: { ...init.headers, ...owner.bearer } });
      await here.ask(path, { method, ...init, headers: { ...init.headers, ...SAME_ORIGIN, cookie } });
    }
    expect(await predicatesOf(view.run, "decision")).toEqual(before);
    expect((await get<RunView>(`/api/runs/${view.run}`)).status).toBe("awaiting_decision");
  });

  it("decides nothing over MCP, whichever tool it calls", async () => {
    const view = await start();
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(5);
    const proposal = view.pending?.proposal;
    await expectNothingSigned(view.run, async () => {
      for (const { name } of tools) {
        for (const more of [
          {},
          { proposal, decision: "approve", role: "owner" },
          { proposal, assertion: served[0] },
        ]) {
          await client.callTool({ name, arguments: { run: view.run, ...more } }).catch(() => null);
        }
      }
      for (const name of ["approve", "approve_run", "decide", "reject_run", "request_changes"]) {
        const result = await client
          .callTool({ name, arguments: { run: view.run, proposal } })
          .catch(() => "refused");
        expect(result === "refused" || (result as { isError?: boolean }).isError, name).toBe(true);
      }
    });
  });

  it("is let through once the owner's own passkey signs: nothing else was wrong", async () => {
    const view = await start();
    const assertion = await PASSKEYS["owner-1"].sign(await intentFor(view));
    const body = { proposal: view.pending?.proposal, assertion };
    const answer = await here.post(`/api/runs/${view.run}/approve`, body, owner.bearer);
    expect([answer.status, (await answer.json<RunView>()).status]).toEqual([200, "completed"]);
  });
});
