// Reads JSON from a file or an http(s) URL, bounded in size and time. What it says of failures is for a terminal.
import { open } from "node:fs/promises";
import { accept, type Result, refuse } from "../receipt/index.ts";

/** Largest document read, in bytes. */
export const MAX_DOCUMENT = 256 * 1024 * 1024;
/** Longest wait for a URL, in milliseconds. */
const FETCH_TIMEOUT_MS = 30_000;

/** Reads and parses the JSON at a path or URL. */
export async function readSource(source: string): Promise<Result<unknown, "ERR_SOURCE">> {
  try {
    const bytes = /^https?:\/\//i.test(source) ? await readUrl(source) : await readFile(source);
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return accept(JSON.parse(text));
  } catch (error) {
    return refuse("ERR_SOURCE", `cannot use ${source}: ${describe(error)}`);
  }
}

async function readFile(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > MAX_DOCUMENT) throw new Error(`expected at most ${MAX_DOCUMENT} bytes, got ${size}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function readUrl(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_DOCUMENT) throw new Error(`expected at most ${MAX_DOCUMENT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function describe(error: unknown): string {
  if (error instanceof SyntaxError) return "it is not JSON";
  if (error instanceof TypeError && error.cause instanceof Error) return error.cause.message;
  return error instanceof Error ? error.message : String(error);
}
