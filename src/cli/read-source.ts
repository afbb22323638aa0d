// Reads a JSON document from a file, standard input or an http(s) URL, bounded in size and time.
// What it says of failures is for a terminal.
import { createReadStream } from "node:fs";
import { MAX_DOCUMENT, readDocument } from "../chain/index.ts";
import { type Result, refuse } from "../receipt/index.ts";
import { type BearerToken, isPrivate, TOKEN_VARIABLE } from "./bearer-token.ts";

/** Longest wait for a URL, from the first byte asked to the last byte read. */
export const FETCH_TIMEOUT_MS = 30_000;

/** True for what is fetched rather than opened. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

/**
 * Reads and parses the JSON at a path or URL; `-` is standard input.
 * @param token goes to URLs of its origin as `Authorization: Bearer`, and to nobody else: fetch drops it where a redirect leaves that
 *   origin, and does not take it up again.
 */
export async function readSource(
  source: string,
  {
    timeoutMs = FETCH_TIMEOUT_MS,
    token = null,
  }: { timeoutMs?: number | undefined; token?: BearerToken | null | undefined } = {},
): Promise<Result<unknown, "ERR_DOCUMENT">> {
  try {
    const document = readDocument(await collect(await openSource(source, timeoutMs, token)));
    return document.ok
      ? document
      : refuse("ERR_DOCUMENT", `cannot use ${source}: ${document.refusal.message}`);
  } catch (error) {
    return refuse("ERR_DOCUMENT", `cannot read ${source}: ${describeFailure(error, timeoutMs)}`);
  }
}

/** The bytes at an http(s) URL, bounded like a document. @throws with words for a terminal. */
export async function readBytes(url: string): Promise<Uint8Array> {
  try {
    return await collect(await openSource(url, FETCH_TIMEOUT_MS, null));
  } catch (error) {
    throw new Error(`cannot read ${url}: ${describeFailure(error, FETCH_TIMEOUT_MS)}`);
  }
}

async function openSource(
  source: string,
  timeoutMs: number,
  token: BearerToken | null,
): Promise<AsyncIterable<Uint8Array>> {
  if (source === "-") return process.stdin;
  if (!isUrl(source)) return createReadStream(source);
  const url = new URL(source);
  const isGiven = token?.origin === url.origin;
  const headers: Record<string, string> = isGiven ? { authorization: `Bearer ${token.token}` } : {};
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) {
    await response.body?.cancel();
    const hint = response.status === 401 ? `; ${tokenHint(url, isGiven)}` : "";
    throw new Error(`expected an answer of 200, got ${response.status}${hint}`);
  }
  if (!response.body) throw new Error("expected a document, got an empty answer");
  return response.body;
}

/** What to do about an answer of 401. */
export function tokenHint(url: URL, isGiven: boolean): string {
  if (isGiven) return `the token in ${TOKEN_VARIABLE} may not read it`;
  if (!isPrivate(url)) return "a token is sent only by https, or to localhost";
  return `a token that may read it is given as ${TOKEN_VARIABLE}=${url.origin}=<token>`;
}

/** Everything a stream holds, or an error as soon as it is too much: a device or a server may never end. */
async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_DOCUMENT) throw new Error(`expected at most ${MAX_DOCUMENT} bytes, got more`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Why something could not be fetched or opened, in words. */
export function describeFailure(error: unknown, timeoutMs = FETCH_TIMEOUT_MS): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `expected the whole of it within ${timeoutMs / 1000} s`;
  // fetch says only that it failed; the cause says why, some causes by their code alone.
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || String(Reflect.get(cause, "code") ?? error.message);
}
