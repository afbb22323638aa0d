// The link from a run to the one it continues: where the parent's bundle is, whose it says it is, and whether the child
// really starts where that chain ends. Whether either chain verifies is follow.ts's to ask.
import {
  accept,
  type Content,
  canonicalBytes,
  type Digest,
  decodeEnvelope,
  type Effect,
  fromBase64,
  NotCanonicalError,
  type ReceiptOf,
  type Refusal,
  type Result,
  readCanonical,
  readStatement,
  refuse,
  sha256Hex,
  subjectDigest,
} from "../receipt/index.ts";
import { readBundle, type UnverifiedBundle } from "./bundle.ts";
import { type ChainState, effectsMade, previewedEffects, roundsBackward } from "./chain-state.ts";

/** Every way in which a run can fail to be the lawful continuation of another. Stable. */
export type ParentCode =
  | "ERR_PARENT_BUNDLE"
  | "ERR_PARENT_ISSUER"
  | "ERR_PARENT_INVALID"
  | "ERR_PARENT_RUN"
  | "ERR_PARENT_HANDOFF"
  | "ERR_PARENT_RESOURCES"
  | "ERR_REVERTS";

/** What a run's first receipt says of its parent: the run, its handoff, and the SHA-256 of its bundle's bytes. */
export interface ParentLink {
  readonly run: string;
  readonly handoff: Digest;
  readonly sha256: string;
}

/** The link that an alert binds, or null for a run that continues none. */
export function parentLink({ statement }: Pick<ReceiptOf<"alert">, "statement">): ParentLink | null {
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

/**
 * Checks that a child starts where a verified parent ends: its run, its handoff, its resources; and, where it reverts a call of the
 * parent's, that it is that call's exact inverse. Judged as far as the child's chain was placed.
 */
export function checkLink(
  link: ParentLink,
  child: ChainState,
  parent: ChainState,
): Refusal<ParentCode> | null {
  if (link.run !== parent.run) {
    return refuse("ERR_PARENT_RUN", `expected the bundle of ${link.run}, got that of ${parent.run}`).refusal;
  }
  if (link.handoff !== parent.head) {
    return refuse("ERR_PARENT_HANDOFF", `expected the handoff ${link.handoff}, got ${parent.head}`).refusal;
  }
  const stray = strayResource(child, parent);
  if (stray !== null) {
    const message = `${stray} is not as ${link.run} handed it on and this run's receipts changed it`;
    return refuse("ERR_PARENT_RESOURCES", message).refusal;
  }
  return checkReverted(child, parent);
}

/** A resource of which the child says something else than is known. Of what is not known nothing is asked. */
function strayResource(child: ChainState, parent: ChainState): string | null {
  const known = new Map<string, Content>(parent.resources ?? []);
  const isStray = (resource: string, content: Content): boolean => {
    const expected = known.get(resource);
    return expected !== undefined && expected !== "unknown" && content !== "unknown" && content !== expected;
  };
  for (const round of [...roundsBackward(child)].reverse().filter(({ call }) => call.own)) {
    const stray = previewedEffects(round).find(({ resource, before }) => isStray(resource, before));
    if (stray) return stray.resource;
    const made = effectsMade(round);
    if (made === null) continue;
    for (const { resource, after } of previewedEffects(round)) {
      known.set(resource, made === "executed" ? after : "unknown");
    }
  }
  const { resources } = child;
  return (resources && [...known.keys()].find((name) => isStray(name, resources.get(name) ?? null))) ?? null;
}

function checkReverted(child: ChainState, parent: ChainState): Refusal<"ERR_REVERTS"> | null {
  const [first] = [...roundsBackward(child)].reverse();
  const reverts = first?.proposal.statement.predicate.reverts ?? null;
  if (!first || reverts === null) return null;
  const undone = [...roundsBackward(parent)].find(({ execution }) => execution?.digest === reverts);
  if (!undone || effectsMade(undone) !== "executed") {
    return refuse("ERR_REVERTS", `expected an executed execution of ${parent.run}, got ${reverts}`).refusal;
  }
  if (!first.preview || isInverse(previewedEffects(first), previewedEffects(undone))) return null;
  return refuse("ERR_REVERTS", `expected the effects of ${reverts}, the other way round`).refusal;
}

/** True when each of the effects undoes one of the others, and everybody knows what that is: what a revert has to be (§12, rule 95). */
export function isInverse(effects: readonly Effect[], undone: readonly Effect[]): boolean {
  const states = new Map(undone.map((effect) => [effect.resource, effect]));
  return (
    effects.length > 0 &&
    effects.length === undone.length &&
    effects.every(({ resource, before, after }) => {
      const done = states.get(resource);
      return before !== "unknown" && after !== "unknown" && done?.before === after && done.after === before;
    })
  );
}
