// Runs that continue others: the child binds its parent's bundle and handoff, and may be wrong about either.
import { type Chain, type ChainOptions, writeChain } from "./chain-writer.ts";
import { all, at, changeText, type Edit, edited, isRecord, type Json, put } from "./json-edit.ts";
import { canonicalBytes, canonicalize, fromBase64, toBase64 } from "./primitives.ts";
import { SCENARIOS, SEQ } from "./scenarios.ts";
import { amend, type Step } from "./step.ts";

export interface Continued extends ChainOptions {
  readonly steps?: readonly Step[];
  /** What the child binds, when not the parent's own bundle; a text is bound as it is spelled. */
  readonly bound?: Json;
  /** Changes the child's alert. */
  readonly edit?: Edit;
}

/** A run that continues `parent`. */
export function continued(
  parent: Chain,
  { steps = SCENARIOS.approved, bound = parent.bundle, edit, ...options }: Continued = {},
): Chain {
  const bundle = typeof bound === "string" ? bound : canonicalize(bound);
  const link = { run: String(at(parent.bundle, "run")), handoff: parent.digests.at(-1) ?? "", bundle };
  return writeChain(
    amend(steps, SEQ.alert, { parent: link, edit: all(steps[SEQ.alert]?.edit, edit) }),
    options,
  );
}

/** Changes one character of a base64 text in its middle. */
export function flip(path: string): Edit {
  return changeText(path, (text) => {
    const middle = Math.floor(text.length / 2);
    return `${text.slice(0, middle)}${text[middle] === "A" ? "B" : "A"}${text.slice(middle + 1)}`;
  });
}

/** Alters the bytes of the only bundle among a bundle's artifacts, and leaves them under their old name. */
export function alterParent(bundle: Json, edit: Edit): Json {
  return changeParent(bundle, (text) => {
    const decoded = new TextDecoder().decode(fromBase64(text) ?? undefined);
    return toBase64(canonicalBytes(edited(JSON.parse(decoded), edit)));
  });
}

/** Replaces the base64 of the only bundle among a bundle's artifacts, or removes it. */
export function changeParent(bundle: Json, how: (text: string) => string | null): Json {
  const artifacts = isRecord(bundle) && isRecord(bundle.artifacts) ? bundle.artifacts : {};
  const changed = Object.entries(artifacts).flatMap(([sha256, text]) => {
    const decoded = new TextDecoder().decode(fromBase64(String(text)) ?? undefined);
    const next = decoded.includes("vnd.countersign.bundle") ? how(String(text)) : text;
    return next === null ? [] : [[sha256, next] as const];
  });
  return edited(bundle, put("artifacts", Object.fromEntries(changed)));
}
