// Copy buttons for what is meant to be taken elsewhere: statements, envelopes, shell lines. Copies what the box shows, so a
// box that spells out hidden characters, or leaves something out, gets none.

/** Gives every such box a button, once. */
export function addCopyButtons(): void {
  if (!navigator.clipboard) return;
  for (const box of document.querySelectorAll<HTMLElement>(".document .code-box")) {
    if (box.previousElementSibling?.matches(".copy") || box.querySelector("u, .left-out")) continue;
    box.before(...copyButton(box));
  }
}

/** The button, and a place where those who are read to hear what came of it: a name that changes is not always told. */
function copyButton(box: HTMLElement): [heard: HTMLElement, button: HTMLButtonElement] {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  // The name begins with what the button shows, so that it can be called by that.
  const say = (words: string) => {
    button.textContent = words;
    button.setAttribute("aria-label", `${words}: ${box.getAttribute("aria-label")}`);
  };
  say("Copy");
  const heard = document.createElement("span");
  heard.className = "unseen";
  heard.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(box.textContent.trim()).then(
      () => true,
      () => false,
    );
    const words = copied ? "Copied" : "Not copied: select the text instead";
    say(words);
    heard.textContent = words;
  });
  return [heard, button];
}
