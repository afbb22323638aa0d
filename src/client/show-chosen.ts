// The chosen receipt, open for editing: every field of its statement and envelope, and the bytes that it names.
import type { Field } from "./json-tree.ts";
import type { JudgedReceipt } from "./judgement.ts";
import { part, type Stamped, stamp } from "./page-part.ts";
import { arrange, signedBy } from "./show-receipts.ts";
import type { Breakage, Chosen, ShownSubject } from "./verifier-protocol.ts";

type Break = (breakage: Breakage) => void;

/** Boxes by what they edit, kept while that is there, so that nobody is interrupted while typing. */
const boxes = { statement: new Map<string, Stamped>(), envelope: new Map<string, Stamped>() };
const subjects = new Map<string, Stamped>();

/** Shows what can be edited of a receipt. `breakIt` is called at every change. */
export function showChosen(chosen: Chosen | null, receipt: JudgedReceipt | undefined, breakIt: Break): void {
  const who = receipt?.role ? `, ${signedBy(receipt)}` : "";
  part("chosen-title").textContent = chosen
    ? `Receipt ${receipt?.seq ?? ""}: ${receipt?.kind ?? "unreadable"}${who}`
    : "There is no receipt left";
  for (const id of ["drop", "swap", "repeat", "splice"]) part(id, HTMLButtonElement).disabled = !chosen;
  showFields("statement", chosen, breakIt);
  showFields("envelope", chosen, breakIt);
  part("no-statement").hidden = chosen === null || chosen.statement.length > 0;
  showSubjects(chosen, breakIt);
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
  arrange(
    part(`${how}-fields`),
    wanted.map(([, { root }]) => root),
  );
}

function makeBox(how: "statement" | "envelope", key: number, { path }: Field, breakIt: Break): Stamped {
  const box = stamp("field");
  box.slot("label").textContent = path.join(".");
  const input = box.slot("input", HTMLTextAreaElement);
  input.addEventListener("input", () => breakIt({ how, key, path, text: input.value }));
  return box;
}

function showSubjects(chosen: Chosen | null, breakIt: Break): void {
  part("subjects-section").hidden = !chosen || chosen.subjects.length === 0;
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
  arrange(
    part("subjects"),
    wanted.map(([, { root }]) => root),
  );
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

/** Never writes over what somebody is typing: an answer may be about the letter before. */
function setValue(input: HTMLTextAreaElement, text: string): void {
  if (input.value !== text && document.activeElement !== input) input.value = text;
}

function keepOnly(known: Map<string, Stamped>, wanted: readonly (readonly [string, Stamped])[]): void {
  known.clear();
  for (const [name, box] of wanted) known.set(name, box);
}
