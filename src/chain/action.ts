// The gated call as the reviewer approves it: a connector, a method, and arguments that are plain JSON.
import * as z from "zod";
import { textField } from "../receipt/fields.ts";
import type { Result } from "../receipt/index.ts";
import { readCanonicalArtifact } from "./canonical-artifact.ts";

const actionSchema = z.strictObject({
  connector: textField(100, 1),
  method: textField(100, 1),
  args: z.unknown(),
});

/** A call on a connector. `args` is plain JSON data. */
export interface Action {
  readonly connector: string;
  readonly method: string;
  readonly args: unknown;
}

/** Reads an action from the exact bytes of its artifact: RFC 8785 of `{connector, method, args}` (§5). */
export function readAction(bytes: Uint8Array): Result<Action, "ERR_ACTION"> {
  return readCanonicalArtifact("action", bytes, actionSchema, "ERR_ACTION");
}
