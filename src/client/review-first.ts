// Until the change has been on screen, the primary button leads to it instead of approving. Where this script does not run, the button
// approves at once: it never depends on the script.
import { choiceButton, openDecision } from "./decision-form.ts";

/** A press so soon after the button has become another was aimed at the one before. */
const TOO_SOON_MS = 700;
/** Kept free of the change at the top of the window after a press. */
const MARGIN = 12;

/** Proposals of which the change has been on screen. */
const seen = new Set<string>();
let shownAt = Number.NEGATIVE_INFINITY;
let watching: IntersectionObserver | null = null;
let watched = "";

/** Shows the way to the change if that has not been seen yet, and watches for it. Call it again whenever the page has changed. */
export function reviewFirst(): void {
  const open = openDecision();
  const end = open && document.getElementById(`${open.form.dataset.change}-end`);
  if (!open || !end || !choiceButton("approve")) return;
  showWay(!seen.has(open.proposal));
  if (seen.has(open.proposal) || watched === open.proposal) return;
  watching?.disconnect();
  watched = open.proposal;
  const bar = document.getElementById("decision")?.offsetHeight ?? 0;
  watching = new IntersectionObserver(
    ([entry]) => {
      // Above the window it has been passed.
      if (!entry || (!entry.isIntersecting && entry.boundingClientRect.top > 0)) return;
      watching?.disconnect();
      seen.add(open.proposal);
      shownAt = performance.now();
      showWay(false);
    },
    { rootMargin: `0px 0px -${bar}px 0px` },
  );
  watching.observe(end);
}

function showWay(shown: boolean): void {
  const [link, button] = [wayToChange(), choiceButton("approve")];
  if (!link || !button || link.hidden !== shown) return;
  const hadFocus = document.activeElement === link;
  link.hidden = !shown;
  if (!shown && hadFocus) button.focus({ preventScroll: true });
}

/** The link that stands in the button's place; null where there is none. */
export function wayToChange(): HTMLAnchorElement | null {
  return document.querySelector<HTMLAnchorElement>("#decision .review");
}

/** Listens for presses on both. */
export function guardReview(): void {
  document.addEventListener("click", (event) => {
    const target =
      event.target instanceof Element ? event.target.closest("#decision :is(.review, button)") : null;
    if (target === null) return;
    if (target === choiceButton("approve") && performance.now() - shownAt < TOO_SOON_MS)
      event.preventDefault();
    if (target !== wayToChange()) return;
    event.preventDefault();
    const change = document.getElementById(openDecision()?.form.dataset.change ?? "");
    const top = change?.getBoundingClientRect().top ?? 0;
    const bar = document.getElementById("decision")?.offsetHeight ?? 0;
    // To its beginning first, then a window at a time.
    scrollBy({ top: top > MARGIN + 1 ? top - MARGIN : (innerHeight - bar) * 0.85 });
  });
}
