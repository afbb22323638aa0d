// The switch for the single-letter keys (WCAG 2.1.4), remembered in this browser and the same in all its tabs. While they are
// off nothing on the page claims that they are on.

const NAME = "countersign.keys";
const SHORTCUT = "aria-keyshortcuts";

let on = remembered() !== "off";

/** Whether the keys do anything: only where their switch is to be seen, and on. */
export function keysAreOn(): boolean {
  return on && switchOf()?.checkVisibility() === true;
}

/** Listens to the switch, here and in other tabs. */
export function followSwitch(): void {
  document.addEventListener("change", ({ target }) => {
    if (target !== switchOf()) return;
    on = switchOf()?.checked ?? on;
    remember(on ? "on" : "off");
    showKeys();
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== NAME) return;
    on = newValue !== "off";
    showKeys();
  });
}

/** Shows on the page how it stands; to be called again when the server's parts of the page have changed. */
export function showKeys(): void {
  const box = switchOf();
  if (box) box.checked = on;
  // The hints keep their room, so that no button moves.
  document.documentElement.classList.toggle("keys-off", !on);
  const work = keysAreOn();
  for (const { parentElement: button, textContent: key } of document.querySelectorAll("#decision .key")) {
    if (work) button?.setAttribute(SHORTCUT, key);
    else button?.removeAttribute(SHORTCUT);
  }
}

function switchOf(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("#keys");
}

// A browser may refuse to remember; then the switch holds for as long as the page stands.
function remembered(): string | null {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

function remember(value: string): void {
  try {
    localStorage.setItem(NAME, value);
  } catch {
    // as said above
  }
}
