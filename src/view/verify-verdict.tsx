// Where the verdict goes, with the checks behind it, what they leave open, and the receipts one by one.

export function VerifyVerdict() {
  return (
    <>
      <p id="announcement" class="unseen" role="status"></p>
      <section id="verdict" class="verdict" aria-labelledby="verdict-title">
        <h2 id="verdict-title">No verdict yet</h2>
        <p id="verdict-words"></p>
        <ul id="failures" class="faults"></ul>
        <p class="jump-to-break">
          <a href="#break">Go and break it</a>
        </p>
      </section>
      <section class="checked" aria-labelledby="checked-title">
        <h2 id="checked-title">What was checked</h2>
        <ul id="checks" class="checks"></ul>
        <h3>What was not</h3>
        <ul id="unchecked" class="unchecked"></ul>
      </section>
      <aside class="receipts" id="receipts" aria-labelledby="receipts-title">
        <h2 id="receipts-title">
          Receipts <span class="aside" id="receipts-count"></span>
        </h2>
        <fieldset class="choose">
          <legend class="aside">Choose one to break.</legend>
          <ol class="strip" id="rows"></ol>
        </fieldset>
      </aside>
    </>
  );
}
