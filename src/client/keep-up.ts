// Keeps a run's page in step with the run: whenever the run has a new head, looks at what the server renders now.
import { carryOver, noteChange } from "./half-made-decision.ts";
import { listen } from "./live.ts";
import { part } from "./page-part.ts";
import { servedPage } from "./served-page.ts";

/** Starts keeping up. `changed` is called whenever the page has taken something over. */
export function keepUp(changed: () => void): void {
  const run = part("receipts").dataset.run ?? "";
  const look = servedPage("run", `/runs/${encodeURIComponent(run)}`, (merge) => {
    const restore = carryOver();
    merge();
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

/** The digest of the last receipt that the page shows. */
function shownHead(): string | null {
  return [...part("receipts").querySelectorAll<HTMLElement>(".receipt")].at(-1)?.dataset.digest ?? null;
}
