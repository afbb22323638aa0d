// The keys `a`, `r` and `c` lead to the decision. They move the focus and never decide: that takes Enter, on a button that
// is in view and named.
import { focusInView } from "./keep-focus.ts";
import { keysAreOn } from "./key-switch.ts";

const CHOICES: Readonly<Record<string, string>> = { a: "approve", r: "reject", c: "request_changes" };

/** What takes letters for itself. */
const TAKES_LETTERS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
/** What lies over the page and has the keyboard to itself. */
const OVER_THE_PAGE = ":modal, :popover-open";

/** Listens for the keys. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (!isPlain(event)) return;
    const target = event.target instanceof Element ? event.target : null;
    if (event.key === "Escape" && target?.id === "reason") return leaveBox(event);
    const choice = CHOICES[event.key.toLowerCase()];
    const button = choice ? buttonOf(choice) : null;
    if (!button || target?.closest(TAKES_LETTERS)) return;
    if (!keysAreOn() || document.querySelector(OVER_THE_PAGE)) return;
    event.preventDefault();
    // A request for changes needs words first.
    const box = document.getElementById("reason");
    const empty = box instanceof HTMLTextAreaElement && box.value.trim() === "";
    focusInView(button.value === "request_changes" && empty ? box : button);
  });
}

/** A key by itself, that nothing else has taken. */
function isPlain(event: KeyboardEvent): boolean {
  const held = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  return !(held || event.repeat || event.isComposing || event.defaultPrevented);
}

/** Out of the box, to the choice that words are for. On the last revision there are no changes to request. */
function leaveBox(event: KeyboardEvent): void {
  event.preventDefault();
  focusInView(buttonOf("request_changes") ?? buttonOf("reject"));
}

function buttonOf(choice: string): HTMLButtonElement | null {
  return document.querySelector<HTMLButtonElement>(`#decision button[value="${choice}"]`);
}
