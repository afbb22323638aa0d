// One breakage applied to a specimen, and a sentence that says what was done. Knows nothing of what the verifier will say.
import { type OwnKeys, strayReceipt } from "./forge.ts";
import { claimsOf } from "./peek.ts";
import {
  dropItem,
  editArtifact,
  editEnvelope,
  editStatement,
  flipArtifact,
  itemOf,
  placeOf,
  repeatItem,
  replaceItem,
  type Specimen,
  swapItem,
} from "./specimen.ts";
import type { Breakage } from "./verifier-protocol.ts";

/** What a breaker has at hand besides the chain itself. */
export interface Means {
  readonly keys: OwnKeys;
  /** Another run's chain, when one was given. */
  readonly other: Specimen | null;
}

/** Breaks a specimen. */
export function breakSpecimen(specimen: Specimen, breakage: Breakage, { keys, other }: Means): Specimen {
  switch (breakage.how) {
    case "drop":
      return dropItem(specimen, breakage.key);
    case "swap":
      return swapItem(specimen, breakage.key);
    case "repeat":
      return repeatItem(specimen, breakage.key);
    case "splice": {
      const envelope = itemOf(specimen, breakage.key)?.envelope;
      const foreign = other ? counterpart(other, envelope) : strayReceipt(envelope, keys);
      return replaceItem(specimen, breakage.key, foreign);
    }
    case "statement":
      return editStatement(specimen, breakage.key, breakage.path, breakage.text);
    case "envelope":
      return editEnvelope(specimen, breakage.key, breakage.path, breakage.text);
    case "artifact":
      return editArtifact(specimen, breakage.sha256, breakage.text);
    case "flip":
      return flipArtifact(specimen, breakage.sha256);
  }
}

/** The other run's receipt of the same kind, or its first. */
function counterpart(other: Specimen, envelope: unknown): unknown {
  const { kind } = claimsOf(envelope);
  const same = other.items.find((item) => claimsOf(item.envelope).kind === kind);
  return (same ?? other.items[0])?.envelope;
}

/** Says what a breakage did to the specimen that it was applied to. It goes on with "You". */
export function describeBreakage(specimen: Specimen, breakage: Breakage, other: Specimen | null): string {
  if (breakage.how === "artifact" || breakage.how === "flip") {
    const what = breakage.how === "flip" ? "flipped one bit" : "altered the bytes";
    return `${what} of ${breakage.sha256.slice(0, 10)}…`;
  }
  const place = placeOf(specimen, breakage.key);
  const last = place === specimen.items.length - 1;
  const name = `receipt ${place}, ${claimsOf(itemOf(specimen, breakage.key)?.envelope).kind ?? "unreadable"}`;
  switch (breakage.how) {
    case "drop":
      return `removed ${name}`;
    case "swap":
      return `swapped ${name} with the one ${last ? "before" : "after"} it`;
    case "repeat":
      return `repeated ${name}`;
    case "splice":
      return `swapped in a receipt of ${other?.run ?? "a run made up in this tab"} for ${name}`;
    case "statement":
    case "envelope":
      return `changed ${breakage.path.join(".")} in ${breakage.how === "envelope" ? "the envelope of " : ""}${name}`;
  }
}

/** Breakages that write on the same thing are undone together, such as the letters of one word; null never is. */
export function targetOf(breakage: Breakage): string | null {
  switch (breakage.how) {
    case "statement":
    case "envelope":
      return JSON.stringify([breakage.how, breakage.key, breakage.path]);
    case "artifact":
      return breakage.sha256;
    default:
      return null;
  }
}
