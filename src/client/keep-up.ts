// Keeps a run's page in step with the run: whenever the run has a new head, fetches this very page from this very server and
// takes over what changed. It shows nothing that the server did not render.
import { carryOver, noteChange } from "./half-made-decision.ts";
import { listen } from "./live.ts";
import { mergeServed } from "./merge-served.ts";
import { part } from "./page-part.ts";

/** Starts keeping up. `changed` is called whenever the page has taken something over. */
export function keepUp(changed: () => void): void {
  const run = part("receipts").dataset.run ?? "";
  const address = `/runs/${encodeURIComponent(run)}`;
  let served: Element = cloneOf(part("run"));
  let busy = false;
  let again = false;

  /** One look at a time; what is heard meanwhile leads to one more look. */
  async function look(): Promise<void> {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      const page = await fetchPage(address);
      // What is there instead says why; let the visitor read it.
      if (page === "gone") location.assign(address);
      else if (page) take(page);
    }
    busy = false;
  }

  function take({ page, fresh }: Served): void {
    document.title = page.title;
    const icon = page.querySelector('link[rel="icon"]')?.getAttribute("href");
    if (icon) document.querySelector('link[rel="icon"]')?.setAttribute("href", icon);
    const restore = carryOver();
    mergeServed(part("run"), served, fresh);
    served = cloneOf(fresh);
    restore();
    changed();
  }

  listen(run, {
    heard(head) {
      part("out-of-touch").hidden = true;
      if (head === shownHead()) return;
      noteChange();
      void look();
    },
    lost() {
      const note = part("out-of-touch");
      note.textContent = "Out of touch with the run: this page may be behind. It keeps trying.";
      note.hidden = false;
      // Where sockets are refused but pages are not, this is what keeps the page in step.
      void look();
    },
  });
  // Going back may bring an old copy of the page, with an old time left.
  const [entry] = performance.getEntriesByType("navigation");
  if (entry instanceof PerformanceNavigationTiming && entry.type === "back_forward") void look();
}

function cloneOf(element: Element): Element {
  return document.importNode(element, true);
}

/** The digest of the last receipt that the page shows. */
function shownHead(): string | null {
  return [...part("receipts").querySelectorAll<HTMLElement>(".receipt")].at(-1)?.dataset.digest ?? null;
}

interface Served {
  readonly page: Document;
  readonly fresh: Element;
}

/** The page as it is now; null when the server cannot be reached or is in trouble, "gone" when it has none to show any more. */
async function fetchPage(address: string): Promise<Served | "gone" | null> {
  try {
    const response = await fetch(address, { cache: "no-store" });
    if (response.status >= 500) return null;
    if (!response.ok) return "gone";
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("run");
    return fresh ? { page, fresh } : "gone";
  } catch {
    return null;
  }
}
