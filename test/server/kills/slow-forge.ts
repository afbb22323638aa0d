// A forge on loopback that takes its time: it hears of a merge, merges a moment later and answers another moment later, so that a kill
// can come before, between and after. It goes on when nobody listens any more, refuses some, and keeps its own log.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Longest time before it merges, and again before it answers, in ms. */
const MOMENT_MS = 120;
/** How many of a hundred merges it refuses, and never merges. */
const REFUSED = 10;

export interface SlowForge {
  readonly origin: string;
  /** How often it was asked to merge, by idempotency key. */
  readonly asked: ReadonlyMap<string, number>;
  /** The keys it has merged. */
  readonly merged: ReadonlySet<string>;
  /** How many merges it was asked for and has not answered. */
  underway(): number;
  close(): void;
}

export async function startSlowForge(): Promise<SlowForge> {
  const asked = new Map<string, number>();
  const merged = new Set<string>();
  const refused = new Set<string>();
  let underway = 0;
  const server = createServer(async (request, response) => {
    const [, , key = ""] = decodeURIComponent(request.url ?? "").split("/");
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.method !== "POST") return void answer(merged.has(key) ? 200 : 404, { merged: key });
    asked.set(key, (asked.get(key) ?? 0) + 1);
    underway += 1;
    await moment();
    if (!merged.has(key) && (refused.has(key) || Math.random() * 100 < REFUSED)) refused.add(key);
    else merged.add(key);
    await moment();
    underway -= 1;
    answer(merged.has(key) ? 200 : 412, { merged: key });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    merged,
    underway: () => underway,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * MOMENT_MS));
}
