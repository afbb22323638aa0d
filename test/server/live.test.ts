// Watching a run over real sockets: two clients hear the same, and one that comes back after the server
// was killed hears where the run is now.
import { describe, expect, it, onTestFinished } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import type { LiveMessage } from "../../src/run/live-sockets.ts";
import type { Deployment } from "./place.ts";
import { makeStorage, type ServerOptions, startServer } from "./server.ts";

async function serve(options?: ServerOptions): Promise<Deployment> {
  const server = await startServer(options);
  onTestFinished(() => server.stop());
  return server;
}

/** Joins the listeners of a run; `heard` grows as it speaks. */
async function watch({ origin }: Deployment, run: string) {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/api/runs/${run}/live`);
  onTestFinished(() => socket.close());
  const heard: LiveMessage[] = [];
  socket.addEventListener("message", ({ data }) => heard.push(JSON.parse(String(data))));
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  return { socket, heard, closed };
}

async function post(address: string, body: unknown = {}): Promise<RunView> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(address, init);
  return (await answer.json()) as RunView;
}

describe("a live socket", () => {
  it("tells two clients every receipt, and a third after the server was killed", async () => {
    const state = await makeStorage();
    const server = await serve({ state });
    const view = await post(`${server.origin}/api/runs`);
    const { run, head, pending } = view;
    const [one, other] = await Promise.all([watch(server, run), watch(server, run)]);
    const ask = { proposal: pending?.proposal, feedback: "Answer 409 instead." };
    const revised = await post(`${server.origin}/api/runs/${run}/request-changes`, ask);
    await expect.poll(() => one.heard.at(-1)?.head).toBe(revised.head);
    await expect.poll(() => other.heard).toEqual(one.heard);
    expect(one.heard[0]).toEqual({ head, status: "awaiting_decision" });
    expect(one.heard).toHaveLength(1 + revised.count - view.count);

    await server.stop();
    await Promise.all([one.closed, other.closed]);
    const again = await serve({ state, vars: { ISSUER: server.origin } });
    const third = await watch(again, run);
    await expect.poll(() => third.heard).toEqual([{ head: revised.head, status: "awaiting_decision" }]);
    const done = await post(`${again.origin}/api/runs/${run}/approve`, {
      proposal: revised.pending?.proposal,
    });
    await expect.poll(() => third.heard.at(-1)).toEqual({ head: done.head, status: "completed" });
  });
});
