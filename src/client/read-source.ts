// From a file or pasted text to parsed JSON, within stated limits. Input is of unknown origin and may mean harm.
import type { UnverifiedBundle } from "../chain/bundle.ts";
import { readBundle } from "../chain/index.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";

/** A file, or the text of one. */
export type Source = Blob | string;

/** The most that a browser tab takes on. The command line takes more. */
export const MAX_BYTES = 32 * 1024 * 1024;
export const MAX_RECEIPTS = 20_000;
export const MAX_ARTIFACTS = 100_000;

export type SourceCode = "ERR_TOO_LARGE" | "ERR_NOT_TEXT" | "ERR_NOT_JSON" | "ERR_BUNDLE";

/** Reads JSON from a file or text. */
export async function readJson(source: Source): Promise<Result<unknown, SourceCode>> {
  const size = typeof source === "string" ? source.length : source.size;
  if (size > MAX_BYTES) {
    return refuse(
      "ERR_TOO_LARGE",
      `expected at most ${MAX_BYTES >> 20} MiB, got ${(size / 1024 / 1024).toFixed(1)} MiB`,
    );
  }
  const text = typeof source === "string" ? accept(source) : await decode(source);
  if (!text.ok) return text;
  try {
    return accept(JSON.parse(text.value));
  } catch (error) {
    return refuse("ERR_NOT_JSON", `expected JSON: ${error instanceof Error ? error.message : error}`);
  }
}

async function decode(blob: Blob): Promise<Result<string, SourceCode>> {
  try {
    return accept(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(await blob.arrayBuffer()),
    );
  } catch {
    return refuse("ERR_NOT_TEXT", "expected a readable file of UTF-8 text");
  }
}

/** Checks that a value is a bundle in its outer shape, and not more than a tab can take on. */
export function readBoundedBundle(value: unknown): Result<UnverifiedBundle, SourceCode> {
  const bundle = readBundle(value);
  if (!bundle.ok) return bundle;
  const receipts = bundle.value.receipts.length;
  const artifacts = Object.keys(bundle.value.artifacts).length;
  if (receipts > MAX_RECEIPTS || artifacts > MAX_ARTIFACTS) {
    return refuse(
      "ERR_TOO_LARGE",
      `expected at most ${MAX_RECEIPTS} receipts and ${MAX_ARTIFACTS} artifacts, got ${receipts} and ${artifacts}`,
    );
  }
  return bundle;
}
