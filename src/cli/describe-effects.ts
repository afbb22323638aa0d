// What a call changes, for a terminal: the arguments, and of each effect the contents before and after. All of it from signed bytes:
// the contents before are artifacts, those after are the arguments that the policy's templates name.
import { type Artifacts, type Policy, previewedEffects, type Round } from "../chain/index.ts";
import { type Content, type Effect, readCanonical, sha256Hex, subjectDigest } from "../receipt/index.ts";
import { laidOutJson } from "../view/laid-out-json.ts";
import { contentLines, diffLines } from "./content-lines.ts";
import { contentWords } from "./describe-round.ts";
import { exactName } from "./plain-text.ts";

const LONG = 400;

/** One side of an effect: its text, null where nothing stands; or why it cannot be shown, in words. */
type Side = { readonly text: string | null } | { readonly why: string };

/** The arguments, each on a line of its own. One that is the whole content of an effect is shown there. */
export function argumentLines({ action }: Round, policy: Policy, columns: number): string[] {
  const { args } = action;
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    return contentLines(laidOutJson(args, "", columns), columns);
  }
  const shown = new Map(templatesOf(action, policy).map(({ after }, i) => [after, i + 1]));
  return Object.entries(args).flatMap(([name, value]) => {
    const place = typeof value === "string" ? shown.get(`$${name}`) : undefined;
    return contentLines(
      `${JSON.stringify(name)}: ${place === undefined ? laidOutJson(value, "", columns) : ""}`,
      columns,
    ).map((line) => (place === undefined ? line : `${line}the content after effect ${place}`));
  });
}

/** The effects of the open call, each with a diff. */
export function effectLines(round: Round, policy: Policy, artifacts: Artifacts, columns: number): string[] {
  const effects = previewedEffects(round);
  if (effects.length === 0) return ["  effects: nobody can say what this call changes; read its arguments"];
  return effects.flatMap((effect, i) => [
    `  effect ${i + 1} of ${effects.length}: ${contentWords(effect.before)} → ${contentWords(effect.after)} at ${exactName(effect.resource, LONG)}`,
    ...changeLines(effect, afterOf(round, policy, i), beforeOf(round, i, artifacts), columns),
  ]);
}

function changeLines(
  { before, after }: Effect,
  value: unknown,
  bytes: Uint8Array | undefined,
  columns: number,
): string[] {
  const isJson = value !== undefined && value !== null && typeof value !== "string";
  const was = sideOf(before, bytes, isJson);
  const is: Side =
    after === null || after === "unknown"
      ? sideOf(after, undefined, false)
      : { text: typeof value === "string" ? value : laidOut(value) };
  const notes = [
    ...("why" in was
      ? [`    before: ${was.why}`]
      : was.text === null
        ? ["    before: nothing stands there"]
        : []),
    ...("why" in is ? [`    after: ${is.why}`] : is.text === null ? ["    after: nothing stands there"] : []),
  ];
  return [...notes, ...diffLines("text" in was ? was.text : null, "text" in is ? is.text : null, columns)];
}

function sideOf(content: Content, bytes: Uint8Array | undefined, isJson: boolean): Side {
  if (content === null) return { text: null };
  if (content === "unknown") return { why: "nobody can say" };
  if (!bytes) return { why: "not in the bundle" };
  const json = isJson ? readCanonical(bytes) : null;
  if (json?.ok) return { text: laidOut(json.value) };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { why: `${bytes.length} bytes that are no text, ${sha256Hex(bytes)}` };
  }
}

/** A value laid out is no file: that it ends without a line feed is no news. */
function laidOut(value: unknown): string {
  return `${laidOutJson(value, "", 0)}\n`;
}

function beforeOf({ preview }: Round, i: number, artifacts: Artifacts): Uint8Array | undefined {
  return preview ? artifacts(subjectDigest(preview.statement, `before-${i + 1}`) ?? "") : undefined;
}

/** The argument that an effect puts, where its template names one. */
function afterOf({ action }: Round, policy: Policy, i: number): unknown {
  const after = templatesOf(action, policy)[i]?.after ?? "";
  return Object.getOwnPropertyDescriptor(action.args ?? {}, after.slice(1))?.value;
}

function templatesOf({ connector, method }: Round["action"], { effects }: Policy) {
  return effects.find((entry) => entry.connector === connector && entry.method === method)?.effects ?? [];
}
