// The bundle: a run's receipts and every artifact they name, in one JSON document that can be checked offline.
import * as z from "zod";
import { countField, describeIssue, runField } from "../receipt/fields.ts";
import {
  accept,
  type Envelope,
  fromBase64,
  type Receipt,
  type Result,
  refuse,
  sha256Hex,
  subjectDigest,
  toBase64,
} from "../receipt/index.ts";
import { type Artifacts, hexOf } from "./artifacts.ts";
import { readManifest } from "./resource-manifest.ts";

/** The media type of a bundle, and its version. */
export const BUNDLE_MEDIA_TYPE = "application/vnd.countersign.bundle+json;version=2";

/** Most receipts, and most artifacts, in a bundle: each of them costs a check and a line of the report. */
export const MAX_ENTRIES = 100_000;

/** Longest proof, in UTF-16 code units. */
export const MAX_ANCHOR = 100_000;

/** The proof that a log has the receipt at `seq`: tlog-proof text. */
export interface Anchor {
  readonly seq: number;
  readonly proof: string;
}

/**
 * A bundle. `artifacts` maps 64 hex digits of SHA-256 to standard, padded base64. `anchors` stand outside the chain: they may come later,
 * and a bundle without them is of the same run.
 */
export interface Bundle {
  readonly mediaType: typeof BUNDLE_MEDIA_TYPE;
  readonly run: string;
  readonly receipts: readonly Envelope[];
  readonly artifacts: Readonly<Record<string, string>>;
  readonly anchors: readonly Anchor[];
}

const bundleSchema = z.strictObject({
  mediaType: z.literal(BUNDLE_MEDIA_TYPE),
  run: runField,
  receipts: z.array(z.unknown()).max(MAX_ENTRIES),
  // Not z.record, which drops a member named __proto__ and so would let one through unseen.
  artifacts: z.custom<Readonly<Record<string, string>>>(
    isRecordOfTexts,
    `expected at most ${MAX_ENTRIES} artifacts, as texts by name`,
  ),
  anchors: z.array(z.strictObject({ seq: countField, proof: z.string().max(MAX_ANCHOR) })).max(MAX_ENTRIES),
});

function isRecordOfTexts(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const texts = Object.values(value);
  return texts.length <= MAX_ENTRIES && texts.every((text) => typeof text === "string");
}

/** A bundle whose outer shape holds; its envelopes and artifacts are still of unknown origin. */
export type UnverifiedBundle = z.infer<typeof bundleSchema>;

/** Checks the outer shape and version of a bundle. Success says nothing of its receipts and artifacts. */
export function readBundle(input: unknown): Result<UnverifiedBundle, "ERR_BUNDLE"> {
  const parsed = bundleSchema.safeParse(input);
  return parsed.success
    ? accept(parsed.data)
    : refuse("ERR_BUNDLE", `not a ${BUNDLE_MEDIA_TYPE}: ${describeIssue(parsed.error)}`);
}

/** Artifacts by the 64 hex digits of their SHA-256, and the names of those whose bytes do not hash to them. */
export interface DecodedArtifacts {
  readonly sound: ReadonlyMap<string, Uint8Array>;
  readonly altered: readonly string[];
}

/** Decodes a bundle's artifacts, keeping those whose bytes hash to their name and naming those that do not. */
export function decodeArtifacts(encoded: Readonly<Record<string, string>>): DecodedArtifacts {
  const sound = new Map<string, Uint8Array>();
  const altered: string[] = [];
  for (const [sha256, text] of Object.entries(encoded)) {
    const bytes = fromBase64(text);
    if (bytes && sha256Hex(bytes) === sha256) sound.set(sha256, bytes);
    else altered.push(sha256);
  }
  return { sound, altered };
}

/** The hex digests of every artifact that receipts name: their subjects, and the contents of a handoff's resources. */
export function namedArtifacts(receipts: readonly Receipt[], artifacts: Artifacts): Set<string> {
  const named = new Set<string>();
  // A set: a bundle may hold one handoff many times over, and its manifest may be large.
  const manifests = new Set<string>();
  for (const { kind, statement } of receipts) {
    for (const { digest } of statement.subject) named.add(digest.sha256);
    if (kind === "handoff") manifests.add(subjectDigest(statement, "resources") ?? "");
  }
  for (const sha256 of manifests) {
    const manifest = readManifest(artifacts(sha256) ?? new Uint8Array());
    if (manifest.ok) for (const digest of manifest.value.values()) named.add(hexOf(digest));
  }
  return named;
}

/**
 * Packs receipts and the artifacts they name. An artifact that cannot be found is left out, and the verifier will say so.
 * @param artifacts looks bytes up by the hex of their SHA-256.
 * @example
 * import { createBundle } from "countersign/chain";
 * import type { Receipt } from "countersign/receipt";
 *
 * const receipts: Receipt[] = []; // what `signNext` gave, in order
 * const kept = new Map<string, Uint8Array>(); // the bytes of their subjects, by sha256Hex
 * const bundle = createBundle("run-1", receipts, (sha256) => kept.get(sha256));
 * JSON.stringify(bundle); // what countersign-verify reads
 */
export function createBundle(
  run: string,
  receipts: readonly Receipt[],
  artifacts: Artifacts,
  anchors: readonly Anchor[] = [],
): Bundle {
  const packed: Record<string, string> = {};
  for (const sha256 of [...namedArtifacts(receipts, artifacts)].sort()) {
    const bytes = artifacts(sha256);
    if (bytes) packed[sha256] = toBase64(bytes);
  }
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    run,
    receipts: receipts.map(({ envelope }) => envelope),
    artifacts: packed,
    anchors,
  };
}
