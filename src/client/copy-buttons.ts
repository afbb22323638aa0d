// Copy buttons for what is meant to be taken elsewhere: statements, envelopes, shell lines. Copies what the box shows, so a
// box that spells out hidden characters gets none.

/** Gives every such box a button, once. */
export function addCopyButtons(): void {
  if (!navigator.clipboard) return;
  for (const box of document.querySelectorAll<HTMLElement>(".receipts .code-box")) {
    if (box.previousElementSibling?.matches(".copy") || box.querySelector(".hidden-character")) continue;
    box.before(copyButton(box));
  }
}

function copyButton(box: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  // The name begins with what the button shows, so that it can be called by that.
  const say = (words: string) => {
    button.textContent = words;
    button.setAttribute("aria-label", `${words}: ${box.getAttribute("aria-label")}`);
  };
  say("Copy");
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(box.textContent.trim()).then(
      () => true,
      () => false,
    );
    say(copied ? "Copied" : "Not copied: select the text instead");
  });
  return button;
}
