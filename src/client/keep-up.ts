// Keeps a run's page in step with the run: whenever the run has a new head, looks at what the server renders now.

import { carryOver, noteChange } from "./half-made-decision.ts";
import { listen } from "./live.ts";
import { carryEdit } from "./live-edit.ts";
import { part } from "./page-part.ts";
import { servedPage } from "./served-page.ts";

/** Starts keeping up. `changed` is called whenever the page has taken something over. */
export function keepUp(changed: () => void): void {
  const run = part("receipts").dataset.run ?? "";
  const look = servedPage("run", `/runs/${encodeURIComponent(run)}`, (merge) => {
    const restore = carryOver();
    const restoreEdit = carryEdit();
    const known = new Set(shownReceipts().map(({ dataset }) => dataset.digest));
    const keepHeights = noteHeights();
    const putBack = holdMiddle();
    merge();
    keepHeights();
    putBack();
    for (const row of shownReceipts()) row.classList.toggle("is-new", !known.has(row.dataset.digest));
    restore();
    restoreEdit();
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

/** What stands below the head, and below the folds, stays where it is, also where these have less to say than before. */
function noteHeights(): () => void {
  const parts = () => [".head", ".folds"].map((name) => document.querySelector<HTMLElement>(`#run ${name}`));
  const heights = parts().map((part) => part?.offsetHeight ?? 0);
  return () => {
    for (const [i, part] of parts().entries()) {
      const height = heights[i] ?? 0;
      if (part && part.offsetHeight < height) part.style.minHeight = `${height}px`;
    }
  };
}

/** The parts of the page, one below the other: each is there at most once, whatever the run has come to. */
const PARTS = [".head", ".change", ".script", ".folds"];

/**
 * Notes where the part in the middle of the window stands; the function it gives scrolls by as much as that has moved. Many a part is
 * drawn anew, so the browser's own anchoring does not know it again. Not while the first heading is in sight: what is new stands there.
 */
function holdMiddle(): () => void {
  const column = document.querySelector("#run .column");
  if (!column || (column.querySelector("h1")?.getBoundingClientRect().bottom ?? 1) > 0) return () => {};
  const topOf = (name: string) => column.querySelector(`:scope > ${name}`)?.getBoundingClientRect().top;
  const held = PARTS.findLast((name) => (topOf(name) ?? Number.POSITIVE_INFINITY) <= innerHeight / 2);
  const before = held === undefined ? undefined : topOf(held);
  const { style } = document.documentElement;
  style.overflowAnchor = "none";
  return () => {
    const now = held === undefined ? undefined : topOf(held);
    if (before !== undefined && now !== undefined) scrollHere(scrollY + now - before);
    requestAnimationFrame(() => requestAnimationFrame(() => style.removeProperty("overflow-anchor")));
  };
}

/** Scrolls so far down; where the page has become too short for that, it stays as long as it has to be. */
function scrollHere(top: number): void {
  const { body } = document;
  const lacks = Math.ceil(top + innerHeight) - (document.scrollingElement?.scrollHeight ?? 0);
  const padding = Number.parseFloat(getComputedStyle(body).paddingBottom);
  // Below the footer, which stays where it is too.
  if (lacks > 0) body.style.paddingBottom = `${padding + lacks}px`;
  scrollTo({ top, behavior: "instant" });
}

/** The digest of the last receipt that the page shows. */
function shownHead(): string | null {
  return shownReceipts().at(-1)?.dataset.digest ?? null;
}

function shownReceipts(): HTMLElement[] {
  return [...part("receipts").querySelectorAll<HTMLElement>(".receipt")];
}
