// What the visitor's own browser makes of the receipts. The server can only leave room for it: until the page's script has
// checked, this says that nothing has been, and only src/client/verify-run.ts may say otherwise.

/** Stands beside the receipts. */
export function BrowserCheck() {
  return (
    <p id="browser-check" class="browser-check is-unchecked" aria-live="polite">
      Not checked by your browser yet. That needs JavaScript; the command below does not.
    </p>
  );
}

/** The same in a few words at the head of the page, where the receipts stand below the whole story: on a phone. */
export function CheckInBrief() {
  return <p id="check-brief" class="check-brief"></p>;
}

/** Stands at the head of the page, and stays hidden unless this browser finds the receipts false. */
export function CheckAlert() {
  return <div id="check-alert" class="check-alert" role="alert" hidden></div>;
}
