// The gated call as the reviewer approves it, and the file changes that follow from its arguments alone.
import * as z from "zod";
import { describeIssue, digestField, textField } from "../receipt/fields.ts";
import { accept, type Change, digestOf, type Result, refuse } from "../receipt/index.ts";
import { readCanonicalArtifact } from "./canonical-artifact.ts";
import type { ChainCode } from "./chain-code.ts";

const actionSchema = z.strictObject({
  connector: textField(100, 1),
  method: textField(100, 1),
  args: z.unknown(),
});

const writeFileArgs = z.strictObject({
  path: textField(500, 1),
  content: textField(1_000_000),
  before: digestField.nullable(),
});

/** A call on a connector. `args` is plain JSON data. */
export interface Action {
  readonly connector: string;
  readonly method: string;
  readonly args: unknown;
}

/** Arguments of `repository.write_file`. `before` is the digest of the file as it is, null for a new file. */
export type WriteFileArgs = z.infer<typeof writeFileArgs>;

/** Reads an action from the exact bytes of its artifact: RFC 8785 of `{connector, method, args}`. */
export function readAction(bytes: Uint8Array): Result<Action, ChainCode> {
  return readCanonicalArtifact("action", bytes, actionSchema, "ERR_ACTION");
}

/** Checks the arguments of a `repository.write_file` call. */
export function readWriteFileArgs(args: unknown): Result<WriteFileArgs, ChainCode> {
  const parsed = writeFileArgs.safeParse(args);
  return parsed.success
    ? accept(parsed.data)
    : refuse(
        "ERR_ACTION",
        `repository.write_file takes {path, content, before}: ${describeIssue(parsed.error)}`,
      );
}

/**
 * The changes that an action would make, from its arguments alone.
 * Only `repository.write_file` is known to change files. For any other call nothing can be derived, so nothing may be claimed.
 * @example
 * import { changesOf } from "countersign/chain";
 *
 * const args = { path: "src/checkout.js", content: "export const status = 422;\n", before: null };
 * const changes = changesOf({ connector: "repository", method: "write_file", args });
 * if (changes.ok) console.log(changes.value[0]?.after); // the digest of the content: put this into the preview
 */
export function changesOf(action: Action): Result<readonly Change[], ChainCode> {
  if (action.connector !== "repository" || action.method !== "write_file") return accept([]);
  const args = readWriteFileArgs(action.args);
  if (!args.ok) return args;
  const { path, content, before } = args.value;
  return accept([{ path, before, after: digestOf(new TextEncoder().encode(content)) }]);
}
