// The keys `a`, `r` and `c` lead to the decision. They move the focus and never decide: that takes Enter, on a button that
// is in view and named.

const CHOICES: Readonly<Record<string, string>> = { a: "approve", r: "reject", c: "request_changes" };

/** Listens for the keys, but not while somebody types or holds another key. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (event.key === "Escape" && target?.id === "reason") return leaveBox(event);
    const choice = CHOICES[event.key.toLowerCase()];
    if (choice === undefined || target?.isContentEditable || target?.matches("input, textarea, select"))
      return;
    const button = buttonOf(choice);
    if (!button) return;
    event.preventDefault();
    // A request for changes needs words first.
    const box = document.getElementById("reason");
    const empty = box instanceof HTMLTextAreaElement && box.value.trim() === "";
    (choice === "request_changes" && empty ? box : button).focus();
  });
}

/** Out of the box, to the choice that words are for. */
function leaveBox(event: KeyboardEvent): void {
  event.preventDefault();
  buttonOf("request_changes")?.focus();
}

function buttonOf(choice: string): HTMLButtonElement | null {
  return document.querySelector<HTMLButtonElement>(`#decision button[value="${choice}"]`);
}
