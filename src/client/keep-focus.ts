// Where the focus goes: to what a key leads to, or away from what is taken off the page. Never scrolls what is in view.
import { part } from "./page-part.ts";

/**
 * Remembers what has the focus. The function it gives puts it back, if it was lost: to the same link where that is now, or
 * to the content, so that nobody starts again at the top of the window.
 */
export function keepFocus(): () => void {
  const focused = document.activeElement;
  return () => {
    if (!focused || focused.isConnected || document.activeElement !== document.body) return;
    const sameLink = [...document.links].find(
      ({ href }) => focused instanceof HTMLAnchorElement && href === focused.href,
    );
    (sameLink ?? part("content")).focus({ preventScroll: true });
  };
}

/** Gives an element the focus. The page scrolls only if the element is out of the window. */
export function focusInView(element: HTMLElement | null): void {
  if (!element) return;
  element.focus({ preventScroll: true });
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) element.scrollIntoView({ block: "nearest" });
}
