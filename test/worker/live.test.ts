// The live socket: head and status at every receipt, also after the run has slept, and nothing for whoever may not listen.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, onTestFinished } from "vitest";
import { nameRun } from "../../src/http/run-stub.ts";
import { type LiveMessage, LiveSockets, MAX_SOCKETS } from "../../src/run/live-sockets.ts";
import { decide, decided, receiptsOf, request, startRun, stubOf } from "./client.ts";

const ORIGIN = "http://localhost:8787";

function handshake(run: string, headers: Record<string, string> = {}): Promise<Response> {
  return request(`/api/runs/${run}/live`, { headers: { upgrade: "websocket", ...headers } });
}

/** A client that has joined, with everything that it has heard so far. */
async function watch(run: string, headers: Record<string, string> = {}) {
  const response = await handshake(run, headers);
  expect(response.status).toBe(101);
  const socket = response.webSocket;
  if (!socket) throw new Error("expected a socket");
  const heard: LiveMessage[] = [];
  const texts: unknown[] = [];
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  socket.addEventListener("message", ({ data }) => {
    texts.push(data);
    if (data !== "pong") heard.push(JSON.parse(String(data)));
  });
  socket.accept();
  onTestFinished(() => socket.close());
  return { socket, heard, texts, closed };
}

async function digestsOf(run: string): Promise<string[]> {
  return (await receiptsOf(run)).receipts.map(({ digest }) => digest);
}

describe("a live socket", () => {
  it("hears where the run is, then every receipt in order", async () => {
    const view = await startRun();
    const { heard } = await watch(view.run, { origin: ORIGIN });
    await expect.poll(() => heard).toEqual([{ head: view.head, status: "awaiting_decision" }]);
    await decided(view, "approve");
    await expect.poll(() => heard.at(-1)?.status).toBe("completed");
    expect(heard.map(({ head }) => head)).toEqual((await digestsOf(view.run)).slice(3));
    expect(heard.map(({ status }) => status)).toEqual([
      ...["awaiting_decision", "executing", "executing", "executing", "completed"],
    ]);
  });

  it("stays open while the run sleeps, and hears what comes after", async () => {
    const view = await startRun();
    const { heard } = await watch(view.run);
    await evictDurableObject(stubOf(view.run));
    await decided(view, "request-changes", { feedback: "Answer 409 instead." });
    await expect.poll(() => heard.length).toBe(5);
    expect(heard.map(({ head }) => head)).toEqual((await digestsOf(view.run)).slice(3));
    expect(heard.at(-1)?.status).toBe("awaiting_decision");
  });

  it("tells two listeners the same", async () => {
    const view = await startRun();
    const [one, other] = [await watch(view.run), await watch(view.run)];
    await decided(view, "reject");
    await expect.poll(() => other.heard.at(-1)?.status).toBe("rejected");
    await expect.poll(() => one.heard).toEqual(other.heard);
  });

  it("hears nothing of a decision that is refused", async () => {
    const view = await startRun();
    const { heard } = await watch(view.run);
    const stale = { ...view, pending: view.pending && { ...view.pending, proposal: view.pending.preview } };
    expect((await decide(stale, "approve")).status).toBe(409);
    await decided(view, "reject");
    await expect.poll(() => heard.at(-1)?.status).toBe("rejected");
    expect(heard.map(({ head }) => head)).toEqual((await digestsOf(view.run)).slice(3));
  });

  it("has its ping answered without the run, and is closed when it says anything else", async () => {
    const { run } = await startRun();
    const { socket, texts, closed } = await watch(run);
    socket.send("ping");
    await expect.poll(() => texts).toContain("pong");
    socket.send("approve");
    expect(await closed).toMatchObject({ code: 1008 });
  });

  it("is one of so many and no more, and leaves its place when it goes", async () => {
    const { run } = await startRun();
    const watching = await Promise.all(Array.from({ length: MAX_SOCKETS }, () => watch(run)));
    const refused = await handshake(run);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: "ERR_LIVE_LIMIT" });
    watching[0]?.socket.close(1000);
    await expect
      .poll(() => runInDurableObject(stubOf(run), (_, state) => state.getWebSockets().length))
      .toBe(MAX_SOCKETS - 1);
    await watch(run);
  });
});

describe("a handshake", () => {
  it("is needed: anything else gets 426 and what to use instead", async () => {
    const { run } = await startRun();
    const answer = await request(`/api/runs/${run}/live`);
    expect(answer.status).toBe(426);
    expect(answer.headers.get("upgrade")).toBe("websocket");
    expect(await answer.json()).toMatchObject({ code: "ERR_UPGRADE" });
  });

  it.each(["https://evil.example", "null", "http://localhost:8788", "https://localhost:8787"])(
    "from a page of %s is refused",
    async (origin) => {
      const { run } = await startRun();
      const answer = await handshake(run, { origin });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "ERR_CROSS_SITE" });
    },
  );

  it.each([nameRun(null), "nothing"])("with a run that is not there is 404", async (run) => {
    const answer = await handshake(run);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "ERR_RUN_UNKNOWN" });
  });
});

describe("announcing", () => {
  it("passes over a socket that is gone, and reaches the others", async () => {
    const view = await startRun();
    const { heard } = await watch(view.run);
    await runInDurableObject(stubOf(view.run), (_, state) => {
      const gone = new WebSocketPair();
      state.acceptWebSocket(gone[1]);
      gone[1].close(1001);
      new LiveSockets(state).announce({ head: null, status: "executing" });
    });
    await expect.poll(() => heard.at(-1)?.status).toBe("executing");
  });
});
