// The link from a run to the one it continues: where the parent's bundle is, whose it says it is, and whether the child
// really starts where that chain ends. Whether either chain verifies is follow.ts's to ask.
import {
  accept,
  canonicalBytes,
  type Digest,
  decodeEnvelope,
  fromBase64,
  NotCanonicalError,
  type Receipt,
  type ReceiptOf,
  type Refusal,
  type Result,
  readCanonical,
  readStatement,
  refuse,
  sha256Hex,
  subjectDigest,
} from "../receipt/index.ts";
import type { Artifacts } from "./artifacts.ts";
import { readBundle, type UnverifiedBundle } from "./bundle.ts";
import { readManifest } from "./repository-manifest.ts";

/** Every way in which a run can fail to be the lawful continuation of another. Stable. */
export type ParentCode =
  | "ERR_PARENT_BUNDLE"
  | "ERR_PARENT_ISSUER"
  | "ERR_PARENT_INVALID"
  | "ERR_PARENT_RUN"
  | "ERR_PARENT_HANDOFF"
  | "ERR_PARENT_REPOSITORY";

/** What a run's first receipt says of its parent: the run, its handoff, and the SHA-256 of its bundle's bytes. */
export interface ParentLink {
  readonly run: string;
  readonly handoff: Digest;
  readonly sha256: string;
}

/** The link that an alert binds, or null for a run that continues none. */
export function parentLink({ statement }: ReceiptOf<"alert">): ParentLink | null {
  const { continues } = statement.predicate;
  return continues && { ...continues, sha256: subjectDigest(statement, "parent") ?? "" };
}

/** A parent's bundle as it was found. `refusal` says that these are not the bytes the child names. */
export interface FoundParent {
  readonly bundle: UnverifiedBundle;
  readonly refusal: Refusal<"ERR_PARENT_BUNDLE"> | null;
}

/** A bundle that the caller holds as a parent, in canonical JSON; without bytes where it has none. */
export interface HeldParent {
  readonly run: string;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Parents that a caller holds. Each is taken once at most: one that is its own parent, by the name that it gives itself, would
 * have no end.
 */
export class HeldParents {
  #left: readonly (HeldParent & { readonly sha256: string | undefined })[];

  /** @param parents bundles of unknown content, each with the run that it says it is of. */
  constructor(parents: readonly { readonly run: string; readonly bundle: unknown }[]) {
    this.#left = parents.map(({ run, bundle }) => {
      const bytes = spell(bundle);
      return { run, bytes, sha256: bytes && sha256Hex(bytes) };
    });
  }

  /** Takes the parent whose bytes the child names, or else the last one of its name; undefined when there is none. */
  take(link: ParentLink): HeldParent | undefined {
    const taken =
      this.#left.find(({ sha256 }) => sha256 === link.sha256) ??
      this.#left.findLast(({ run }) => run === link.run);
    // Whoever hands over the same bundle twice holds one.
    this.#left = this.#left.filter(
      (held) => held !== taken && (held.sha256 === undefined || held.sha256 !== taken?.sha256),
    );
    return taken;
  }
}

/**
 * Finds the parent's bundle: the one that the caller holds, or else the child's artifact. Altered bytes are read all the same,
 * so that a verifier can tell which receipt was altered.
 * @param packed the child's artifacts as they stand in its bundle.
 */
export function findParent(
  { run, sha256 }: ParentLink,
  packed: Readonly<Record<string, string>>,
  held: HeldParent | undefined,
): Result<FoundParent, "ERR_PARENT_BUNDLE"> {
  const bytes = held ? held.bytes : unpack(packed, sha256);
  if (!bytes) return refuse("ERR_PARENT_BUNDLE", `the bundle of the parent ${run} is not at hand`);
  const bundle = readParentBundle(bytes);
  if (!bundle.ok) return bundle;
  const message = `the bundle of the parent ${run} is not the one that the first receipt names (${sha256})`;
  const refusal = sha256Hex(bytes) === sha256 ? null : refuse("ERR_PARENT_BUNDLE", message).refusal;
  return accept({ bundle: bundle.value, refusal });
}

function unpack(packed: Readonly<Record<string, string>>, sha256: string): Uint8Array | undefined {
  const text = Object.hasOwn(packed, sha256) ? packed[sha256] : undefined;
  return text === undefined ? undefined : (fromBase64(text) ?? undefined);
}

function spell(bundle: unknown): Uint8Array | undefined {
  try {
    return canonicalBytes(bundle);
  } catch (error) {
    if (error instanceof NotCanonicalError) return undefined;
    throw error;
  }
}

/** Reads the bytes of a subject `parent`: a bundle in canonical JSON. Says nothing of what the bundle is worth. */
export function readParentBundle(bytes: Uint8Array): Result<UnverifiedBundle, "ERR_PARENT_BUNDLE"> {
  const value = readCanonical(bytes);
  if (!value.ok) return refuse("ERR_PARENT_BUNDLE", `the parent's bundle: ${value.refusal.message}`);
  const bundle = readBundle(value.value);
  return bundle.ok ? bundle : refuse("ERR_PARENT_BUNDLE", `the parent is ${bundle.refusal.message}`);
}

/** Whose chain a bundle says it is. Only good for choosing the trust policy that then has to bear it out. */
export function claimedIssuer({ receipts }: UnverifiedBundle): string | null {
  const envelope = decodeEnvelope(receipts[0]);
  const first = envelope.ok ? readStatement(envelope.value.payload) : envelope;
  return first.ok && first.value.kind === "alert" ? first.value.statement.predicate.issuer : null;
}

/** A chain, and the artifacts at hand for it. */
export interface ReadChain {
  readonly receipts: readonly Receipt[];
  readonly artifacts: Artifacts;
}

/**
 * Checks that a child starts where a verified parent ends: its run, its handoff, and its repository.
 * The repository is judged as far as the child's chain shows it: each file before its first change, and all files at the end.
 */
export function checkLink(
  link: ParentLink,
  child: ReadChain,
  parent: ReadChain & { readonly run: string; readonly head: Digest | null },
): Refusal<ParentCode> | null {
  if (link.run !== parent.run) {
    return refuse("ERR_PARENT_RUN", `expected the bundle of ${link.run}, got that of ${parent.run}`).refusal;
  }
  if (link.handoff !== parent.head) {
    return refuse("ERR_PARENT_HANDOFF", `expected the handoff ${link.handoff}, got ${parent.head}`).refusal;
  }
  const files = new Map(handedOnFiles(parent));
  for (const receipt of child.receipts) {
    const wrong = strayFile(receipt, files, child.artifacts);
    if (wrong === null) continue;
    const { seq } = receipt.statement.predicate;
    const message = `receipt ${seq}: ${wrong} is not as ${link.run} handed it on and this run's receipts changed it`;
    return refuse("ERR_PARENT_REPOSITORY", message).refusal;
  }
  return null;
}

/** The files that a finished chain hands on: digest by path. */
export function handedOnFiles({ receipts, artifacts }: ReadChain): ReadonlyMap<string, Digest> {
  const handoff = receipts.find(({ kind }) => kind === "handoff");
  const sha256 = handoff && subjectDigest(handoff.statement, "repository");
  const manifest = readManifest(artifacts(sha256 ?? "") ?? new Uint8Array());
  return manifest.ok ? manifest.value : new Map();
}

/** A path of which a receipt says something else than is known; writes are followed in `files`. */
function strayFile(receipt: Receipt, files: Map<string, Digest>, artifacts: Artifacts): string | null {
  switch (receipt.kind) {
    case "preview": {
      const { changes } = receipt.statement.predicate;
      return changes.find(({ path, before }) => (files.get(path) ?? null) !== before)?.path ?? null;
    }
    case "execution":
      for (const { path, after } of receipt.statement.predicate.changes) files.set(path, after);
      return null;
    case "handoff": {
      const end = handedOnFiles({ receipts: [receipt], artifacts });
      const paths = new Set([...files.keys(), ...end.keys()]);
      return [...paths].find((path) => files.get(path) !== end.get(path)) ?? null;
    }
    default:
      return null;
  }
}
