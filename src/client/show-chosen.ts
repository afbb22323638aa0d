// The chosen receipt, open for editing under "Advanced": every field of its statement and envelope, and the files it names.
import type { Field } from "./json-tree.ts";
import type { JudgedReceipt } from "./judgement.ts";
import { part, type Stamped, stamp } from "./page-part.ts";
import type { Breakage, Chosen, Sheet, ShownSubject } from "./verifier-protocol.ts";

type Break = (breakage: Breakage) => void;

/** Boxes by what they edit, kept while that is there, so that nobody is interrupted while typing. */
const boxes = { statement: new Map<string, Stamped>(), envelope: new Map<string, Stamped>() };
const subjects = new Map<string, Stamped>();

/** Shows what can be edited. `breakIt` is called at every change. */
export function showAdvanced(sheet: Sheet, breakIt: Break): void {
  const { chosen, changes, judgement } = sheet;
  showChoice(sheet, judgement?.receipts ?? []);
  for (const id of ["drop", "swap", "repeat", "splice"]) part(id, HTMLButtonElement).disabled = !chosen;
  part("changes").replaceChildren(
    ...changes.map((change) => {
      const line = document.createElement("li");
      line.textContent = `You ${change}.`;
      return line;
    }),
  );
  showFields("statement", chosen, breakIt);
  showFields("envelope", chosen, breakIt);
  showSubjects(chosen, breakIt);
  showKeys(sheet);
}

function showChoice({ keys, chosen }: Sheet, receipts: readonly JudgedReceipt[]): void {
  const choose = part("choose", HTMLSelectElement);
  choose.replaceChildren(
    ...receipts.map(({ seq, kind }, i) => new Option(`${seq} ${kind ?? "unreadable"}`, String(keys[i]))),
  );
  choose.value = String(chosen?.key ?? "");
}

function showFields(how: "statement" | "envelope", chosen: Chosen | null, breakIt: Break): void {
  const known = boxes[how];
  const wanted = (chosen?.[how] ?? []).map((field) => {
    const name = `${chosen?.key}:${JSON.stringify(field.path)}`;
    const box = known.get(name) ?? makeBox(how, chosen?.key ?? -1, field, breakIt);
    setValue(box.slot("input", HTMLTextAreaElement), field.text);
    return [name, box] as const;
  });
  keepOnly(known, wanted);
  arrange(part(`${how}-fields`), wanted);
}

function makeBox(how: "statement" | "envelope", key: number, { path }: Field, breakIt: Break): Stamped {
  const box = stamp("field");
  box.slot("label").textContent = path.join(".");
  const input = box.slot("input", HTMLTextAreaElement);
  input.addEventListener("input", () => breakIt({ how, key, path, text: input.value }));
  return box;
}

function showSubjects(chosen: Chosen | null, breakIt: Break): void {
  const wanted = (chosen?.subjects ?? []).map((subject, i) => {
    const name = `${chosen?.key}:${i}:${subject.sha256}`;
    const box = subjects.get(name) ?? makeSubject(subject, breakIt);
    const { size, text } = subject;
    box.slot("size").textContent = size === null ? "missing" : `${size.toLocaleString("en")} bytes`;
    box.slot("label").hidden = text === null;
    box.slot("flip", HTMLButtonElement).disabled = size === null;
    if (text !== null) setValue(box.slot("input", HTMLTextAreaElement), text);
    return [name, box] as const;
  });
  keepOnly(subjects, wanted);
  arrange(part("subjects"), wanted);
}

function makeSubject({ name, sha256 }: ShownSubject, breakIt: Break): Stamped {
  const box = stamp("subject");
  box.slot("name").textContent = name;
  box.slot("digest").textContent = `${sha256.slice(0, 10)}…`;
  box.slot("digest").title = sha256;
  const input = box.slot("input", HTMLTextAreaElement);
  input.addEventListener("input", () => breakIt({ how: "artifact", sha256, text: input.value }));
  box.slot("flip").addEventListener("click", () => breakIt({ how: "flip", sha256 }));
  return box;
}

function showKeys({ trust, believesOwn }: Sheet): void {
  const keys = believesOwn ? [] : (trust?.keys ?? []);
  part("trust-keys").replaceChildren(
    ...keys.map(({ kid, role, limits }) => {
      const { root, slot } = stamp("key");
      slot("seal").replaceChildren(stamp(`seal-${role}`).root);
      slot("role").textContent = role;
      slot("kid").textContent = kid;
      slot("limits").textContent = limits ?? "";
      return root;
    }),
  );
}

/** Never writes over what somebody is typing: an answer may be about the letter before. */
function setValue(input: HTMLTextAreaElement, text: string): void {
  if (input.value !== text && document.activeElement !== input) input.value = text;
}

type Wanted = readonly (readonly [string, Stamped])[];

function keepOnly(known: Map<string, Stamped>, wanted: Wanted): void {
  known.clear();
  for (const [name, box] of wanted) known.set(name, box);
}

/** Puts boxes in order, moving only those that are out of it: a moved element would lose the focus. */
function arrange(parent: Element, wanted: Wanted): void {
  const roots = wanted.map(([, { root }]) => root);
  for (const child of [...parent.children]) if (!roots.some((root) => root === child)) child.remove();
  for (const [i, root] of roots.entries()) {
    const there = parent.children[i];
    if (there !== root) parent.insertBefore(root, there ?? null);
  }
}
