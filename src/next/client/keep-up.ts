// Keeps a run's page in step with the run: whenever the run has a new head, looks at what the server renders now.

import { listen } from "../../client/live.ts";
import { part } from "../../client/page-part.ts";
import { servedPage } from "../../client/served-page.ts";
import { carryOver, noteChange } from "./half-made-decision.ts";

/** Starts keeping up. `changed` is called whenever the page has taken something over. */
export function keepUp(changed: () => void): void {
  const run = part("receipts").dataset.run ?? "";
  const look = servedPage("run", `/runs/${encodeURIComponent(run)}`, (merge) => {
    const restore = carryOver();
    const known = new Set(shownReceipts().map(({ dataset }) => dataset.digest));
    const height = head()?.offsetHeight ?? 0;
    merge();
    keepHeight(height);
    for (const row of shownReceipts()) row.classList.toggle("is-new", !known.has(row.dataset.digest));
    restore();
    changed();
  });

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

/** The head of the page, whatever it says by now. */
function head(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#run .head");
}

/** What stands below the head stays where it is, also where the head has less to say than before. */
function keepHeight(height: number): void {
  const now = head();
  if (now && now.offsetHeight < height) now.style.minHeight = `${height}px`;
}

/** The digest of the last receipt that the page shows. */
function shownHead(): string | null {
  return shownReceipts().at(-1)?.dataset.digest ?? null;
}

function shownReceipts(): HTMLElement[] {
  return [...part("receipts").querySelectorAll<HTMLElement>(".receipt")];
}
