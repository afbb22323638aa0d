// The keys `a`, `r` and `c` lead to the decision. They move the focus and never decide: that takes Enter, on a button that is in view and named.

import { choiceButton, openDecision } from "./decision-form.ts";
import { focusInView } from "./keep-focus.ts";
import { keysAreOn } from "./key-switch.ts";
import { closeReasonBox } from "./reason-box.ts";
import { wayToChange } from "./review-first.ts";

const CHOICES: Readonly<Record<string, string>> = { a: "approve", r: "reject", c: "request_changes" };

/** What takes letters for itself. */
const TAKES_LETTERS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
/** What lies over the page and has the keyboard to itself. */
const OVER_THE_PAGE = ":modal, :popover-open";

/** Listens for the keys. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (!isPlain(event)) return;
    const target = event.target instanceof Element ? event.target : null;
    if (event.key === "Escape" && target?.closest("#decision")) return leaveBox(event);
    const choice = CHOICES[event.key.toLowerCase()];
    const button = choice ? choiceButton(choice) : null;
    if (!button || target?.closest(TAKES_LETTERS)) return;
    if (!keysAreOn() || document.querySelector(OVER_THE_PAGE)) return;
    event.preventDefault();
    const way = wayToChange();
    focusInView(choice === "approve" && way && !way.hidden ? way : button);
  });
}

/** A key by itself, that nothing else has taken. */
function isPlain(event: KeyboardEvent): boolean {
  const held = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  return !(held || event.repeat || event.isComposing || event.defaultPrevented);
}

/** Out of the box: to the choice that the words are for, or back to all of them where there are none. */
function leaveBox(event: KeyboardEvent): void {
  const open = openDecision();
  const choice = open?.form.dataset.choice;
  if (!open || choice === undefined) return;
  event.preventDefault();
  if (open.box.value.trim() === "") closeReasonBox(true);
  else focusInView(choiceButton(choice));
}
