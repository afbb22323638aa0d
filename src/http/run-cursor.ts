// Where a page of the list of runs ends, as an opaque word. It names an entry, not a number of entries, so pages neither
// repeat nor skip anything when runs are added meanwhile.
import { z } from "zod";
import type { Place } from "../host/index.ts";
import { instantField } from "../receipt/fields.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";
import type { EdgeCode } from "./problem.ts";
import { RUN_NAME } from "./run-stub.ts";

const place = z.tuple([instantField, z.string().regex(RUN_NAME)]);

export function writeCursor({ createdAt, run }: Place): string {
  return Buffer.from(`${createdAt} ${run}`).toString("base64url");
}

/** Reads a cursor back, and takes none but those that {@link writeCursor} writes. */
export function readCursor(cursor: string): Result<Place, EdgeCode> {
  const parts = place.safeParse(Buffer.from(cursor, "base64url").toString().split(" "));
  if (parts.success) {
    const [createdAt, run] = parts.data;
    if (writeCursor({ createdAt, run }) === cursor) return accept({ createdAt, run });
  }
  return refuse("ERR_QUERY", "cursor: expected one from links.next of an earlier page");
}
