// Sends requests of the API's operations and keeps each with its answer, as an example of the document. It only sends and
// keeps: what is sent, the story says. Operations are read from the deployment's own document, so that it runs in Node as well.
import { setTimeout as sleep } from "node:timers/promises";
import type { Exchange } from "../../src/http/openapi/examples.ts";

/** A request, but for what its operation says already. */
export interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body?: unknown;
  /** Where the answer is served when it is too long to stand in the document. */
  readonly file?: string;
}

export type Send = (path: string, init: RequestInit) => Promise<Response>;

interface Operation {
  readonly method: string;
  readonly path: string;
}

/** Waits for what becomes true by itself. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries === 600) throw new Error("waited in vain");
    await sleep(50);
  }
}

/** The operations of a deployment's document, by their ids. */
async function operationsOf(send: Send): Promise<ReadonlyMap<string, Operation>> {
  const document: { paths: Record<string, Record<string, { operationId: string }>> } = await (
    await send("/openapi.json", {})
  ).json();
  return new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [operationId, { method, path }] as const),
    ),
  );
}

export class Recorder {
  readonly exchanges: Exchange[] = [];
  /** The exact text of each answer that is served as a file. */
  readonly files = new Map<string, string>();
  /** How often a run still worked when it answered. */
  askedAgain = 0;
  readonly #send: Send;
  readonly #operations: ReadonlyMap<string, Operation>;

  private constructor(send: Send, operations: ReadonlyMap<string, Operation>) {
    this.#send = send;
    this.#operations = operations;
  }

  static async of(send: Send): Promise<Recorder> {
    return new Recorder(send, await operationsOf(send));
  }

  /** The ids of every operation. */
  get operations(): readonly string[] {
    return [...this.#operations.keys()];
  }

  /** Sends a request, expects this status, and keeps both sides. */
  async record<Answer>(
    status: number,
    operation: string,
    name: string,
    summary: string,
    { params = {}, query = "", headers = {}, body, file }: Asked = {},
  ): Promise<Answer> {
    const found = this.#operations.get(operation);
    if (!found) throw new Error(`expected an operation ${operation}`);
    const address = `${found.path.replace(/\{(\w+)\}/g, (_, part) => params[part] ?? "")}${query}`;
    const sent = body === undefined ? headers : { "content-type": "application/json", ...headers };
    const response = await this.#send(address, {
      method: found.method.toUpperCase(),
      headers: sent,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== status) {
      throw new Error(`${operation} ${name}: expected ${status}, got ${response.status}: ${text}`);
    }
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const answer = isJson ? await this.#settled(JSON.parse(text)) : text === "" ? null : text;
    if (file !== undefined) this.files.set(file, text);
    this.exchanges.push({
      operation,
      name,
      summary,
      path: address,
      headers: Object.entries(sent).map(([header, value]) => `${header}: ${value}`),
      body: body ?? null,
      status,
      answer: file === undefined ? answer : null,
      file: file ?? null,
    });
    return answer as Answer;
  }

  /** Reads something that is no example. */
  async read<Answer>(path: string): Promise<Answer> {
    return (await this.#send(path, {})).json();
  }

  /** A machine that is busy may answer while the run still works: then the run is asked again, until it waits or has ended. */
  async #settled(answer: { run?: string; due?: string | null; pending?: unknown }): Promise<unknown> {
    let view = answer;
    await until(async () => {
      if (view.pending === undefined || view.due === null || view.due === "decision") return true;
      this.askedAgain += 1;
      view = await this.read(`/api/runs/${view.run}`);
      return false;
    });
    return view;
  }
}
