// Where the focus goes when what had it is taken off the page. Never scrolls.
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
