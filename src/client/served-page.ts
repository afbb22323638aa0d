// A page of ours that stands open, brought up to what this very server renders at its address now: the title, the icon and
// one part of it. It shows nothing that the server did not render.
import { mergeServed } from "./merge-served.ts";
import { part } from "./page-part.ts";

/** A server that has gone without a word is given up after so long. */
const ANSWER_WITHIN_MS = 20_000;

/**
 * Gives the way to look again; it says whether the server answered. One look at a time: what is asked meanwhile leads to one
 * more. `takeOver` is called, when there is something to take over, with what does it.
 */
export function servedPage(
  id: string,
  address: string,
  takeOver: (merge: () => void) => void,
): () => Promise<boolean> {
  let served: Element = document.importNode(part(id), true);
  let looking: Promise<boolean> | null = null;
  let again = false;

  async function lookUntilQuiet(): Promise<boolean> {
    let found: Found;
    do {
      again = false;
      found = await fetchPage(address, id, served.getAttribute("data-tag"));
      // What is there instead says why; let the visitor read it.
      if (found === "gone") location.assign(address);
      else if (typeof found === "object") take(found);
    } while (again);
    looking = null;
    return found !== "away";
  }

  function take({ page, fresh }: Served): void {
    document.title = page.title;
    const icon = page.querySelector('link[rel="icon"]')?.getAttribute("href");
    if (icon) document.querySelector('link[rel="icon"]')?.setAttribute("href", icon);
    takeOver(() => mergeServed(part(id), served, fresh));
    served = document.importNode(fresh, true);
  }

  return () => {
    again = true;
    looking ??= lookUntilQuiet();
    return looking;
  };
}

interface Served {
  readonly page: Document;
  readonly fresh: Element;
}

/** "away": the server cannot be reached or is in trouble. "gone": it has no such page to show any more. */
type Found = Served | "unchanged" | "gone" | "away";

async function fetchPage(address: string, id: string, tag: string | null): Promise<Found> {
  try {
    const response = await fetch(address, {
      cache: "no-store",
      headers: tag === null ? {} : { "if-none-match": tag },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (response.status === 304) return "unchanged";
    if (response.status >= 500) return "away";
    if (!response.ok) return "gone";
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById(id);
    return fresh ? { page, fresh } : "gone";
  } catch {
    return "away";
  }
}
