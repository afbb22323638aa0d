// The box for words opens with Reject or Request changes: the first press opens it, the second sends. Who opened it before with "Add a note"
// sends at once. Opening covers a part of the page; it never moves any.
import { choiceButton, openDecision } from "./decision-form.ts";

const LABELS: Readonly<Record<string, string>> = {
  reject: "Why? It may stay empty.",
  request_changes: "What to change? The agent works from your words.",
};

/** Listens for presses on the choices, on the suggestions and on Cancel. */
export function openReasonBox(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("button") : null;
    if (!target || event.defaultPrevented || !target.closest("#decision")) return;
    if (target.matches(".cancel")) return closeReasonBox(true);
    if (target.matches(".suggestion")) return suggest(target.dataset.words ?? "");
    const open = openDecision();
    if (!(target.value in LABELS) || !open || open.note.open) return;
    event.preventDefault();
    choose(target.value);
  });
}

function choose(choice: string): void {
  const open = openDecision();
  if (!open) return;
  open.form.dataset.choice = choice;
  open.note.open = true;
  say(LABELS[choice] ?? "");
  cancelButton(open.form, false);
  open.box.focus({ preventScroll: true });
}

/** Puts the words of a suggestion into the box, below what stands there. */
function suggest(words: string): void {
  const open = openDecision();
  if (!open) return;
  const written = open.box.value.trimEnd();
  open.box.value = written === "" ? words : `${written}\n${words}`;
  if (!open.form.dataset.choice && choiceButton("request_changes")) choose("request_changes");
  open.box.focus({ preventScroll: true });
}

/** Back to all choices. What was written stays in the box. */
export function closeReasonBox(restoresFocus: boolean): void {
  const open = openDecision();
  const choice = open?.form.dataset.choice;
  if (!open || choice === undefined) return;
  delete open.form.dataset.choice;
  open.note.open = open.box.value.trim() !== "";
  say("Why, or what to change");
  cancelButton(open.form, true);
  if (restoresFocus) choiceButton(choice)?.focus({ preventScroll: true });
}

function say(words: string): void {
  const label = document.querySelector('label[for="reason"]');
  if (label?.firstChild) label.firstChild.nodeValue = words;
}

function cancelButton(form: HTMLFormElement, hidden: boolean): void {
  const button = form.querySelector<HTMLButtonElement>(".cancel");
  if (button) button.hidden = hidden;
}
