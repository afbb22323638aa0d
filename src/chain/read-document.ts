// A JSON document of unknown origin: a bundle or a trust policy, as bytes from a file, a drop or a URL.
// Whatever it holds, reading it ends in bounded time and memory. Fetches nothing and says nothing of what the JSON means.
import { accept, type Result, refuse } from "../receipt/index.ts";
import { findRepeatedName } from "./repeated-name.ts";

/** Largest document read, in bytes: some 45,000 receipts. */
export const MAX_DOCUMENT = 64 * 1024 * 1024;

/** Most JSON values in a document. Parsed, an empty array takes thirty times the room of its text. */
export const MAX_VALUES = 2_000_000;

/**
 * Reads a document: at most {@link MAX_DOCUMENT} bytes of UTF-8, JSON of at most {@link MAX_VALUES} values, in which no object has a
 * name twice. A byte order mark at the start is skipped. Success says nothing of its content: give it to `verify`, which checks
 * everything.
 * @example
 * import { readFile } from "node:fs/promises";
 * import { readDocument, verify } from "countersign/chain";
 *
 * const bundle = readDocument(await readFile("bundle.json"));
 * const trust = readDocument(await readFile("trust.json"));
 * if (!bundle.ok || !trust.ok) throw new Error("expected two JSON documents");
 * const { verdict } = await verify(bundle.value, trust.value);
 */
export function readDocument(bytes: Uint8Array): Result<unknown, "ERR_DOCUMENT"> {
  if (bytes.length > MAX_DOCUMENT) {
    return refuse("ERR_DOCUMENT", `expected at most ${MAX_DOCUMENT} bytes, got ${bytes.length}`);
  }
  // Every value but the first stands behind one of these. In a bundle and a trust policy they stand nowhere else in number.
  let values = 1;
  for (const byte of bytes) if (byte === COMMA || byte === BRACKET || byte === BRACE) values += 1;
  if (values > MAX_VALUES) {
    return refuse("ERR_DOCUMENT", `expected at most ${MAX_VALUES} JSON values, got ${values} or so`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return refuse("ERR_DOCUMENT", "expected JSON in UTF-8, got other bytes");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("ERR_DOCUMENT", `expected JSON, got ${describe(text)}`);
  }
  const repeated = findRepeatedName(text);
  if (!repeated) return accept(value);
  const name = JSON.stringify(repeated.name.slice(0, 80));
  const message = `expected each name once in an object, got ${name} again at character ${repeated.at}`;
  return refuse("ERR_DOCUMENT", message);
}

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

function describe(text: string): string {
  if (text.trim() === "") return "an empty document";
  return /^\s*</.test(text) ? "what looks like a web page" : "other text";
}
