// A reviewer's edit while they write it: what they change stands beside each editor, and where the run moves on, what they wrote is kept.
import { part } from "./page-part.ts";

let drawing = 0;

/** Listens for what is written into the editors, and for their fold being opened. */
export function showEdits(): void {
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLTextAreaElement && target.closest(".edit")) later(() => draw(target));
  });
}

/** Draws the diff of each editor that differs already: one that came back with a refusal. */
export function showEditsAgain(): void {
  for (const editor of editors()) if (editor.value !== proposedIn(editor)) void draw(editor);
}

/** Remembers an edit that was begun; the function it gives puts it into the page as it is then. */
export function carryEdit(): () => void {
  const begun = editors().filter((editor) => editor.value !== proposedIn(editor));
  return () => {
    const lost = begun.filter(({ isConnected }) => !isConnected);
    for (const { name, value } of lost) {
      const now = editors().find((editor) => editor.name === name);
      if (now) putBack(now, value);
      else leaveBehind(value);
    }
  };
}

function putBack(editor: HTMLTextAreaElement, value: string): void {
  editor.value = value;
  editor.closest("details")?.toggleAttribute("open", true);
  void draw(editor);
}

/** Nothing is open to edit any more. */
function leaveBehind(value: string): void {
  const note = part("moved-on");
  const kept = document.createElement("textarea");
  kept.readOnly = true;
  kept.rows = 3;
  kept.value = value;
  kept.setAttribute("aria-label", "Your edit");
  note.append(" Your edit was not sent; copy it here:", kept);
  note.hidden = false;
}

function editors(): HTMLTextAreaElement[] {
  return [...document.querySelectorAll<HTMLTextAreaElement>(".edit textarea")];
}

function proposedIn(editor: HTMLTextAreaElement): string {
  return editor.dataset.proposed ?? editor.defaultValue;
}

/** A long text takes a while to compare: not at each letter. */
function later(work: () => void): void {
  clearTimeout(drawing);
  drawing = setTimeout(work, 150);
}

async function draw(editor: HTMLTextAreaElement): Promise<void> {
  const place = editor.parentElement?.querySelector<HTMLElement>(".edit-diff");
  if (!place) return;
  const { drawDiff }: typeof import("./edit-diff.ts") = await import(
    new URL("./edit-diff.js", import.meta.url).href
  );
  const table = drawDiff(proposedIn(editor), editor.value);
  place.hidden = table === null;
  place.replaceChildren(...(table ? [table] : []));
}
