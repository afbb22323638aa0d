// A forge on loopback with as much of GitHub's HTTP API as the example asks for. Each repository is a test's own, and misbehaves as
// the test says. Started once for all files of the project; it knows nothing of what it is tested with.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

/** A repository with one pull request, and what happens to the next request to merge it. */
export interface Repository {
  readonly head: string;
  readonly base: string;
  readonly mergeable: boolean;
  readonly merging:
    | "ok"
    | "moves first"
    | "merges, and the answer is lost"
    | "is lost"
    | "somebody else merges";
}

interface Kept extends Repository {
  head: string;
  merged: { readonly sha: string; readonly message: string } | null;
  asked: number;
}

const repositories = new Map<string, Kept>();

async function bodyOf(request: IncomingMessage) {
  let text = "";
  for await (const piece of request) text += piece;
  return JSON.parse(text);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function takeMerge(kept: Kept, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { sha, commit_message } = await bodyOf(request);
  kept.asked += 1;
  if (kept.merging === "is lost") {
    request.socket.destroy();
    return;
  }
  if (kept.merging === "moves first") kept.head = "2".repeat(40);
  if (kept.merging === "somebody else merges") {
    kept.merged = { sha: "d".repeat(40), message: "by hand" };
    request.socket.destroy();
    return;
  }
  if (sha !== kept.head) return answer(response, 409, { message: "Head branch was modified." });
  if (kept.merged || !kept.mergeable) return answer(response, 405, { message: "It cannot be merged." });
  kept.merged = { sha: "c".repeat(40), message: commit_message };
  if (kept.merging === "ok") answer(response, 200, { sha: kept.merged.sha, merged: true });
  else request.socket.destroy();
}

function pullOf({ head, base, mergeable, merged }: Kept) {
  return {
    title: "Answer 422 without a cart",
    state: merged ? "closed" : "open",
    merged: merged !== null,
    mergeable,
    merge_commit_sha: merged?.sha ?? "f".repeat(40),
    head: { sha: head },
    base: { ref: base },
  };
}

const forge = createServer(async (request, response) => {
  const [, , , name = "", ...rest] = (request.url ?? "").split("/");
  if (request.method === "POST") {
    repositories.set(name, { ...(await bodyOf(request)), merged: null, asked: 0 });
    return answer(response, 201, {});
  }
  const kept = repositories.get(name);
  if (request.headers.authorization !== "Bearer forge-token") return answer(response, 401, {});
  if (!kept) return answer(response, 404, {});
  switch (rest.join("/")) {
    case "":
      return answer(response, 200, kept);
    case "pulls/7":
      return answer(response, 200, pullOf(kept));
    case `branches/${kept.base}`:
      return answer(response, 200, { commit: { sha: kept.merged?.sha ?? "e".repeat(40) } });
    case "pulls/7/files":
      return answer(response, 200, [
        { filename: "src/checkout.js", status: "modified", additions: 3, deletions: 1 },
      ]);
    case "pulls/7/merge":
      return takeMerge(kept, request, response);
    case `commits/${kept.merged?.sha}`:
      return answer(response, 200, { commit: { message: kept.merged?.message } });
    default:
      return answer(response, 404, {});
  }
});

declare module "vitest" {
  export interface ProvidedContext {
    readonly exampleForge: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  await new Promise<void>((resolve) => forge.listen(0, "127.0.0.1", resolve));
  project.provide("exampleForge", `http://127.0.0.1:${(forge.address() as AddressInfo).port}`);
  return () => {
    forge.closeAllConnections();
    forge.close();
  };
}
