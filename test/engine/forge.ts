// A forge on loopback that misbehaves as it is told, and keeps its own log of what it was asked and what it did. It knows nothing of
// the engine. Started once for all files of the project.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

/** What the forge does with one request to merge. `later` merges after that many milliseconds, and then answers. */
export type Merging =
  | "ok"
  | "lost"
  | "dropped"
  | "refused"
  | "error"
  | "error done"
  | "hang"
  | "hang done"
  | "twice"
  | "garbage done"
  | "lie"
  | { readonly later: number };

/** What the forge answers when it is asked for a merge. */
export type Finding = "truth" | "absent" | "error" | "hang" | "garbage";

/** What the forge does, request by request; the last one holds for all that follow. */
export interface Manners {
  readonly merge?: readonly Merging[];
  readonly find?: readonly Finding[];
}

/** What the forge says it was asked and did, by idempotency key. */
export interface ForgeLog {
  readonly asked: readonly string[];
  readonly merged: readonly string[];
  readonly sent: readonly unknown[];
  readonly found: number;
}

interface Repository {
  merge: Merging[];
  find: Finding[];
  asked: string[];
  merged: string[];
  sent: unknown[];
  found: number;
}

const repositories = new Map<string, Repository>();

function repositoryOf(name: string): Repository {
  const known = repositories.get(name) ?? { merge: [], find: [], asked: [], merged: [], sent: [], found: 0 };
  repositories.set(name, known);
  return known;
}

const next = <Item>(list: Item[], otherwise: Item): Item =>
  (list.length > 1 ? list.shift() : list[0]) ?? otherwise;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const piece of request) text += piece;
  return text === "" ? null : JSON.parse(text);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** Merges, once for each key. */
function merge(repository: Repository, key: string): unknown {
  if (!repository.merged.includes(key)) repository.merged.push(key);
  return { merged: true, commit: `commit-${repository.merged.indexOf(key) + 1}` };
}

async function takeMerge(repository: Repository, request: IncomingMessage, response: ServerResponse) {
  const key = String(request.headers["idempotency-key"]);
  repository.sent.push(await bodyOf(request));
  repository.asked.push(key);
  const manner = next(repository.merge, "ok");
  if (typeof manner === "object") {
    await new Promise((resolve) => setTimeout(resolve, manner.later));
    return answer(response, 200, merge(repository, key));
  }
  switch (manner) {
    case "ok":
      return answer(response, 200, merge(repository, key));
    case "lost":
      merge(repository, key);
      request.socket.destroy();
      return;
    case "dropped":
      request.socket.destroy();
      return;
    case "refused":
      return answer(response, 412, { error: "the branch has moved" });
    case "error done":
      merge(repository, key);
      return answer(response, 502, { error: "bad gateway" });
    case "error":
      return answer(response, 502, { error: "bad gateway" });
    case "hang done":
      merge(repository, key);
      return;
    case "hang":
      return;
    case "garbage done":
      merge(repository, key);
      response.end("<html>Welcome</html>");
      return;
    case "lie":
      return answer(response, 200, { merged: true, commit: "commit-0" });
    case "twice": {
      const body = JSON.stringify(merge(repository, key));
      const whole = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
      request.socket.write(whole + whole);
    }
  }
}

/** What it says of a merge, or nothing at all. */
function findMerge(repository: Repository, key: string): readonly [status: number, body: unknown] | null {
  repository.found += 1;
  const at = repository.merged.indexOf(key);
  switch (next(repository.find, "truth")) {
    case "truth":
      return at < 0 ? [404, {}] : [200, { commit: `commit-${at + 1}` }];
    case "absent":
      return [404, {}];
    case "error":
      return [503, {}];
    case "garbage":
      return [200, "<html>"];
    case "hang":
      return null;
  }
}

const forge = createServer(async (request, response) => {
  const [, name = "", what = "", key = ""] = (request.url ?? "").split("/");
  const repository = repositoryOf(name);
  if (what === "manners") {
    const { merge = [], find = [] } = (await bodyOf(request)) as Manners;
    repositories.set(name, { ...repository, merge: [...merge], find: [...find] });
    return answer(response, 200, {});
  }
  if (what === "merge") {
    await takeMerge(repository, request, response);
    return;
  }
  if (what === "merges") {
    const found = findMerge(repository, decodeURIComponent(key));
    if (found) answer(response, ...found);
    return;
  }
  if (what === "head") return answer(response, 200, `commit-${repository.merged.length}`);
  const { asked, merged, sent, found } = repository;
  return answer(response, 200, { asked, merged, sent, found } satisfies ForgeLog);
});

declare module "vitest" {
  export interface ProvidedContext {
    forge: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  await new Promise<void>((resolve) => forge.listen(0, "127.0.0.1", resolve));
  project.provide("forge", `http://127.0.0.1:${(forge.address() as AddressInfo).port}`);
  return () => {
    forge.closeAllConnections();
    forge.close();
  };
}
