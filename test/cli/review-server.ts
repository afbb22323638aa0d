// A real deployment for reviewers with keys of their own: the edge tests' Worker, bundled and served by workerd. And a way to it that a
// test can bend, as a network or a false server would.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ReviewerEntry } from "../../src/chain/index.ts";
import type { RunView } from "../../src/host/index.ts";
import { serveWorker } from "../server/serve-worker.ts";
import { bundleWorker } from "../server/served.ts";
import { writeDocument } from "./run-cli.ts";

const always = { notBefore: null, notAfter: null };

/** A reviewer with SSH keys, as the reviewers' file has them. */
export function reviewer(
  id: string,
  lines: readonly string[],
  { roles = ["reviewer"], revokedAt = null }: { roles?: readonly string[]; revokedAt?: string | null } = {},
): ReviewerEntry {
  return {
    id,
    roles: roles.map((role) => ({ role, ...always })),
    keys: lines.map((publicKey) => ({ type: "ssh", publicKey, ...always, revokedAt })),
  };
}

export interface ReviewServer {
  readonly origin: string;
  /** The token of a reviewer. */
  readonly tokenOf: (id: string) => string;
  /** `COUNTERSIGN_TOKEN` with the token of a reviewer, for this server or one in front of it. */
  readonly envOf: (id: string, origin?: string) => Record<string, string>;
  readonly startRun: (alert?: object) => Promise<RunView>;
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** The trust policy as it is served, changed, in a file. */
  readonly trust: (change?: (policy: Record<string, unknown>) => object) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), "countersign-review-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
let bundle: ReturnType<typeof bundleWorker> | undefined;

/** Serves a deployment with these reviewers; everybody has a token. */
export async function serveReviewers(
  reviewers: readonly ReviewerEntry[],
  vars: Readonly<Record<string, string>> = {},
): Promise<ReviewServer> {
  bundle ??= bundleWorker(folder, "test/cli/review-worker.ts", "test/worker/wrangler.toml");
  const tokenOf = (id: string) => `token-of-${id}-0123456789`;
  const people = [...reviewers.map(({ id }) => id), "monitor"];
  const entries = people.map((id) => ({
    id,
    sha256: createHash("sha256").update(tokenOf(id)).digest("hex"),
  }));
  const { origin, stop } = await serveWorker(await bundle, {
    vars: {
      REVIEW_AUTH: "token",
      REVIEWER_TOKENS: JSON.stringify(entries),
      REVIEWER_KEY: "required",
      REVIEWERS: JSON.stringify(reviewers),
      ...vars,
    },
  });
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${origin}${path}`, {
      ...init,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${tokenOf("monitor")}`,
        ...init.headers,
      },
    });
  return {
    origin,
    tokenOf,
    envOf: (id, at = origin) => ({ COUNTERSIGN_TOKEN: `${at}=${tokenOf(id)}` }),
    ask,
    async startRun(alert = {}) {
      const response = await ask("/api/runs", { method: "POST", body: JSON.stringify({ alert }) });
      return (await response.json()) as RunView;
    },
    async trust(change = (policy) => policy) {
      const policy = (await (await ask("/.well-known/countersign.json")).json()) as Record<string, unknown>;
      return writeDocument(change(policy), "trust.json");
    },
    stop,
  };
}

/** What came in: its method, path, body and who was said to send it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

/** An answer of the server in between, or undefined to pass the request on. */
type Bend = (seen: Seen, count: number) => Promise<Response | undefined> | Response | undefined;

/** A server in front of another, until the test has finished. `bend` hears of every request, with how many of its kind came before. */
export async function standBefore(origin: string, bend: Bend): Promise<{ origin: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const each: Seen = {
      method: request.method ?? "",
      path: request.url ?? "",
      body: await bodyOf(request),
      authorization: request.headers.authorization,
    };
    const count = seen.filter(({ method, path }) => method === each.method && path === each.path).length;
    seen.push(each);
    const answer = (await bend(each, count)) ?? (await passOn(origin, each));
    response.writeHead(answer.status, {
      "content-type": answer.headers.get("content-type") ?? "application/json",
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("expected a port");
  return { origin: `http://127.0.0.1:${address.port}`, seen };
}

/** Asks the server behind. */
export function passOn(origin: string, { method, path, body, authorization }: Seen): Promise<Response> {
  return fetch(`${origin}${path}`, {
    method,
    headers: { "content-type": "application/json", ...(authorization && { authorization }) },
    ...(method === "POST" && { body }),
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
