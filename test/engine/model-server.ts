// An HTTP server on loopback that speaks the OpenAI protocol and plays whole conversations, well or badly. It keeps its own log of what
// it was asked. It knows nothing of the engine. Started once for all files of the project.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

/** What the model does when it is asked. Text is its whole answer; an object is written as JSON. */
export type Saying =
  | { readonly say: string | object; readonly finish?: string; readonly tokens?: number | null }
  | { readonly status: number; readonly say?: string; readonly location?: string }
  | { readonly does: "hang" | "hang half" | "cut off" | "close" | "flood" | "html" | "no choice" | "refuse" };

/** What it was asked: the body, and the key. */
export interface AskedModel {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_tokens: number;
  readonly response_format: unknown;
  readonly authorization: string | null;
}

interface Talk {
  sayings: Saying[];
  asked: AskedModel[];
}

const talks = new Map<string, Talk>();

async function bodyOf(request: IncomingMessage) {
  let text = "";
  for await (const piece of request) text += piece;
  return text === "" ? null : JSON.parse(text);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function completion(
  content: string | null,
  finish: string,
  tokens: number | null | undefined,
  refusal?: string,
) {
  const usage =
    tokens === null
      ? {}
      : {
          usage: { prompt_tokens: tokens ?? 100, completion_tokens: 20, total_tokens: (tokens ?? 100) + 20 },
        };
  const message = { role: "assistant", content, ...(refusal !== undefined && { refusal }) };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "played",
    choices: [{ index: 0, message, finish_reason: finish }],
    ...usage,
  };
}

function play(saying: Saying, request: IncomingMessage, response: ServerResponse) {
  if ("status" in saying) {
    const { status, say = "no", location } = saying;
    if (location !== undefined) response.setHeader("location", location);
    return answer(response, status, { error: { message: say, type: "error" } });
  }
  if ("say" in saying) {
    const { say, finish = "stop", tokens } = saying;
    const content = typeof say === "string" ? say : JSON.stringify(say);
    return answer(response, 200, completion(content, finish, tokens));
  }
  const whole = JSON.stringify(completion('{"do": "stop", "reason": "half"}', "stop", 100));
  const head = { "content-type": "application/json" };
  switch (saying.does) {
    case "hang":
      return;
    case "hang half":
      response.writeHead(200, head);
      response.write(whole.slice(0, 60));
      return;
    case "cut off":
      response.writeHead(200, { ...head, "content-length": String(whole.length) });
      response.write(whole.slice(0, 60), () => request.socket.destroy());
      return;
    case "close":
      request.socket.destroy();
      return;
    case "flood": {
      response.writeHead(200, head);
      const more = (): boolean => response.destroyed || !response.write("x".repeat(64_000)) || more();
      response.on("drain", more);
      more();
      return;
    }
    case "html":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>Welcome to the proxy</html>");
      return;
    case "no choice":
      return answer(response, 200, { ...completion("", "stop", 100), choices: [] });
    case "refuse":
      return answer(response, 200, completion(null, "stop", 100, "I cannot help with that."));
  }
}

const server = createServer(async (request, response) => {
  const [, name = "", what = ""] = (request.url ?? "").split("/");
  const talk = talks.get(name) ?? { sayings: [], asked: [] };
  talks.set(name, talk);
  if (what === "sayings") {
    talk.sayings = await bodyOf(request);
    return answer(response, 200, {});
  }
  if (what === "log") return answer(response, 200, talk.asked);
  if (request.url !== `/${name}/v1/chat/completions`)
    return answer(response, 404, { error: { message: "no such path" } });
  talk.asked.push({ ...(await bodyOf(request)), authorization: request.headers.authorization ?? null });
  const next = talk.sayings.length > 1 ? talk.sayings.shift() : talk.sayings[0];
  return play(next ?? { status: 500 }, request, response);
});

declare module "vitest" {
  export interface ProvidedContext {
    models: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("models", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
