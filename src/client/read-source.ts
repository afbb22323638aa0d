// From a file or pasted text to parsed JSON. Input is of unknown origin and may mean harm; what is too much for a command line
// is too much for a tab.
import { MAX_DOCUMENT, readDocument } from "../chain/read-document.ts";
import { type Result, refuse } from "../receipt/index.ts";

/** A file, or the text of one. */
export type Source = Blob | string;

/** Reads JSON from a file or text, within the limits of {@link readDocument}. */
export async function readJson(source: Source): Promise<Result<unknown, "ERR_DOCUMENT">> {
  const blob = typeof source === "string" ? new Blob([source]) : source;
  // Asked before a single byte is read: some files are larger than any memory.
  if (blob.size > MAX_DOCUMENT) {
    return refuse("ERR_DOCUMENT", `expected at most ${inMib(MAX_DOCUMENT)}, got ${inMib(blob.size)}`);
  }
  try {
    return readDocument(new Uint8Array(await blob.arrayBuffer()));
  } catch {
    return refuse("ERR_DOCUMENT", "expected a file that can be read");
  }
}

function inMib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
