// One receipt in a drawer beside the run: the same document as at the receipt's own address, which is where the link leads without script.
// On a phone the tape opens as a sheet, also from the line in the masthead.
import { addCopyButtons } from "./copy-buttons.ts";
import { showLocalTimes } from "./local-times.ts";

/** Listens for presses on receipts and on the way to the tape. */
export function openDrawers(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.defaultPrevented || event.button !== 0 || isHeld(event)) return;
    if (link.getAttribute("href") === "#tape") {
      document.getElementById("tape")?.toggleAttribute("open", true);
    } else if (link.matches(".receipt > a")) {
      event.preventDefault();
      void show(link.href);
    }
  });
}

/** A press that asks for another window or tab is the browser's. */
function isHeld({ ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): boolean {
  return ctrlKey || metaKey || shiftKey || altKey;
}

async function show(address: string): Promise<void> {
  const receipt = await fetchDocument(address);
  if (!receipt) return location.assign(address);
  const drawer = document.createElement("dialog");
  drawer.className = "drawer";
  drawer.setAttribute("aria-label", receipt.querySelector("h1")?.textContent ?? "Receipt");
  const close = document.createElement("button");
  close.className = "close";
  close.textContent = "Close";
  close.addEventListener("click", () => drawer.close());
  drawer.append(close, receipt);
  drawer.addEventListener("close", () => drawer.remove());
  // A press beside the drawer closes it.
  drawer.addEventListener("click", ({ target }) => {
    if (target === drawer) drawer.close();
  });
  document.body.append(drawer);
  showLocalTimes(drawer);
  drawer.showModal();
  addCopyButtons();
}

async function fetchDocument(address: string): Promise<Element | null> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const receipt = page.getElementById("document");
    return receipt && document.importNode(receipt, true);
  } catch {
    return null;
  }
}
