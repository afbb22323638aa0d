// The entries of a deployment's log: which receipt settled which round of which run, and by whom; and which ended it. Of the run's
// content an entry tells nothing.
import * as z from "zod";
import { digestField, runField, textField } from "../receipt/fields.ts";
import { canonicalBytes, canonicalize } from "../receipt/index.ts";
import { readCanonical } from "../receipt/read-canonical.ts";

const leafSchema = z.strictObject({
  issuer: textField(300, 1),
  run: runField,
  seq: z.int().min(0),
  kind: z.enum(["decision", "handoff"]),
  reviewer: textField(200, 1).nullable(),
  receipt: digestField,
});

/** One entry: `receipt` is the digest of the receipt at `seq`, `reviewer` who decided; null of a handoff. */
export type LogLeaf = z.infer<typeof leafSchema>;

/** The exact bytes of an entry: its canonical JSON. */
export function leafBytes(leaf: LogLeaf): Uint8Array {
  return canonicalBytes(leaf);
}

/** Reads an entry; null where it is none of ours. */
export function readLeaf(bytes: Uint8Array): LogLeaf | null {
  const value = readCanonical(bytes);
  const parsed = value.ok ? leafSchema.safeParse(value.value) : null;
  return parsed?.success ? parsed.data : null;
}

/** The fewest receipts from a settling decision to what may follow it in one chain: an execution, a proposal and a preview lie between two. */
const STEPS = { decision: 4, handoff: 3 } as const;

/** Why two entries of one run cannot both be of one chain, or null when they can. */
export function clashOf(one: LogLeaf, other: LogLeaf): string | null {
  if (one.issuer !== other.issuer || one.run !== other.run) return null;
  const [first, second] = one.seq <= other.seq ? [one, other] : [other, one];
  const same = canonicalize(first) === canonicalize(second);
  if (same) return null;
  if (first.seq === second.seq) return `receipt ${first.seq} is two receipts`;
  if (first.kind === "handoff") return `receipt ${second.seq} comes after the handoff ${first.seq}`;
  if (second.seq - first.seq >= STEPS[second.kind]) return null;
  return `receipt ${second.seq} comes too soon after the decision ${first.seq} to be of the same chain`;
}
