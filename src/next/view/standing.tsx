// What a page carries that stands open and keeps itself up (src/next/client/desk-page.ts).

export interface Standing {
  /** The instant at which the page was made: ages and times left are counted from it. */
  readonly now: string;
  /** The entity tag of what it shows, to ask with whether anything has changed. */
  readonly tag: string;
}

/** Filled by the page's script when the server cannot be reached. */
export function OutOfTouch() {
  return <p id="out-of-touch" class="notice" role="status" hidden></p>;
}
