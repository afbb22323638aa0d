// A chain laid out to be broken: its receipts with a key each to follow them by, and its artifacts. Every operation gives a
// new specimen and leaves the old one as it was, so that undoing is going back.

import { BUNDLE_MEDIA_TYPE, type UnverifiedBundle } from "../chain/index.ts";
import { canonicalBytes, type Digest, fromBase64, toBase64 } from "../receipt/index.ts";
import { isObject, replaceField } from "./json-tree.ts";
import { claimsOf, statementOf } from "./peek.ts";

/** One receipt of a specimen. `key` stays with it wherever it is moved; `digest` is what other receipts call it by. */
export interface Item {
  readonly key: number;
  readonly digest: Digest | null;
  readonly envelope: unknown;
}

export interface Specimen {
  readonly run: string;
  readonly items: readonly Item[];
  readonly artifacts: Readonly<Record<string, string>>;
}

/** Lays a bundle out. */
export function layOut({ run, receipts, artifacts }: UnverifiedBundle): Specimen {
  const items = receipts.map((envelope, key) => ({ key, digest: claimsOf(envelope).digest, envelope }));
  return { run, items, artifacts };
}

/** The specimen as a bundle again. */
export function packUp({ run, items, artifacts }: Specimen): unknown {
  const receipts = items.map(({ envelope }) => envelope);
  return { mediaType: BUNDLE_MEDIA_TYPE, run, receipts, artifacts, anchors: [] };
}

/** Takes a receipt out. */
export function dropItem(specimen: Specimen, key: number): Specimen {
  return { ...specimen, items: specimen.items.filter((item) => item.key !== key) };
}

/** Changes the places of a receipt and the one after it; the last one changes with the one before. */
export function swapItem(specimen: Specimen, key: number): Specimen {
  const at = Math.min(placeOf(specimen, key), specimen.items.length - 2);
  const [one, other] = specimen.items.slice(at);
  return one && other ? { ...specimen, items: specimen.items.toSpliced(at, 2, other, one) } : specimen;
}

/** Puts a receipt in a second time, after itself. */
export function repeatItem(specimen: Specimen, key: number): Specimen {
  const at = placeOf(specimen, key);
  const item = specimen.items[at];
  if (!item) return specimen;
  const again = { ...item, key: specimen.items.reduce((most, { key }) => Math.max(most, key), 0) + 1 };
  return { ...specimen, items: specimen.items.toSpliced(at + 1, 0, again) };
}

/** Puts another envelope in a receipt's place. */
export function replaceItem(specimen: Specimen, key: number, envelope: unknown): Specimen {
  return {
    ...specimen,
    items: specimen.items.map((item) => (item.key === key ? { ...item, envelope } : item)),
  };
}

/** Changes one field of an envelope. */
export function editEnvelope(
  specimen: Specimen,
  key: number,
  path: readonly string[],
  text: string,
): Specimen {
  const envelope = itemOf(specimen, key)?.envelope;
  return replaceItem(specimen, key, replaceField(envelope, path, text));
}

/** Changes one field of a statement, written canonically again, under the signature that it had. */
export function editStatement(
  specimen: Specimen,
  key: number,
  path: readonly string[],
  text: string,
): Specimen {
  const envelope = itemOf(specimen, key)?.envelope;
  const statement = statementOf(envelope);
  if (!statement || !isObject(envelope)) return specimen;
  const payload = toBase64(canonicalBytes(replaceField(statement, path, text)));
  return replaceItem(specimen, key, { ...envelope, payload });
}

/** Replaces the bytes of an artifact, but not its name. */
export function editArtifact(specimen: Specimen, sha256: string, text: string): Specimen {
  return withArtifact(specimen, sha256, new TextEncoder().encode(text));
}

/** Turns over the lowest bit of an artifact's first byte; an empty artifact gets a byte. */
export function flipArtifact(specimen: Specimen, sha256: string): Specimen {
  const bytes = fromBase64(specimen.artifacts[sha256] ?? "") ?? new Uint8Array();
  const [first = 0, ...rest] = bytes;
  return withArtifact(specimen, sha256, Uint8Array.of(first ^ 1, ...rest));
}

/** A receipt's place, counted from 0; -1 when it is not there. */
export function placeOf({ items }: Specimen, key: number): number {
  return items.findIndex((item) => item.key === key);
}

/** A receipt by its key. */
export function itemOf({ items }: Specimen, key: number): Item | undefined {
  return items.find((item) => item.key === key);
}

/** The bytes of an artifact; null when it is not there. */
export function artifactOf({ artifacts }: Specimen, sha256: string): Uint8Array | null {
  return Object.hasOwn(artifacts, sha256) ? fromBase64(artifacts[sha256] ?? "") : null;
}

function withArtifact(specimen: Specimen, sha256: string, bytes: Uint8Array): Specimen {
  if (!Object.hasOwn(specimen.artifacts, sha256)) return specimen;
  return { ...specimen, artifacts: { ...specimen.artifacts, [sha256]: toBase64(bytes) } };
}
