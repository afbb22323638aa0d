// The controls that break a chain. Each does one thing that an attacker would do, to the receipt that is chosen or to all.
import { FileDrop, Refusal } from "./verify-sources.tsx";

export function BreakPanel() {
  return (
    <section id="break" class="break" aria-labelledby="break-title">
      <h2 id="break-title" tabindex={-1}>
        Break it
      </h2>
      <p>
        Choose a receipt, change anything, and see which check notices. It happens in this tab only: the run
        itself is not touched.
      </p>
      <section class="break-one" aria-labelledby="chosen-title">
        <h3 id="chosen-title">No receipt chosen</h3>
        <div class="break-buttons">
          <button type="button" id="drop">
            Drop it
          </button>
          <button type="button" id="swap">
            Swap with the next
          </button>
          <button type="button" id="repeat">
            Repeat it
          </button>
          <button type="button" id="splice">
            Put another run’s in its place
          </button>
        </div>
        <OtherRun />
        <fieldset class="fields">
          <legend>What it says</legend>
          <p class="aside">Every field of the signed statement. Change one letter.</p>
          <div id="statement-fields"></div>
          <p id="no-statement" class="aside" hidden>
            Its statement cannot be read any more.
          </p>
        </fieldset>
        <details>
          <summary>Its envelope</summary>
          <div id="envelope-fields" class="fields"></div>
        </details>
        <section id="subjects-section" aria-labelledby="subjects-title">
          <h4 id="subjects-title">The bytes that it names</h4>
          <div id="subjects" class="subjects"></div>
        </section>
      </section>
      <ResignAll />
      <section aria-labelledby="changes-title" id="changes-section" hidden>
        <h3 id="changes-title">What you did</h3>
        <ol id="changes" class="changes"></ol>
      </section>
    </section>
  );
}

function OtherRun() {
  return (
    <details id="other-zone">
      <summary id="other-named">The other run is made up in this tab</summary>
      <p class="aside">
        A genuine receipt is the harder test: its signature holds. Give another run’s bundle, or its id if it
        is a run of this deployment.
      </p>
      <FileDrop id="other-file" label="Choose another run’s bundle, or drop it here" />
      <div class="paste">
        <label for="other-run">Id of another run</label>
        <input type="text" id="other-run" spellcheck={false} autocomplete="off" placeholder="run-…" />
        <button type="button" id="other-fetch">
          Fetch it
        </button>
      </div>
      <Refusal id="other-refusal" />
    </details>
  );
}

function ResignAll() {
  return (
    <section class="resign" aria-labelledby="resign-title">
      <h3 id="resign-title">Sign all of it again</h3>
      <p>
        Anybody can make keys. This makes three in this tab, signs every receipt with them, and makes all
        digests and links agree, as a careful forger would.
      </p>
      <button type="button" id="resign">
        Sign everything again
      </button>
      <div id="believe" hidden>
        <fieldset class="believe">
          <legend>Whose keys do you believe?</legend>
          <label>
            <input type="radio" name="believe" id="believe-pinned" checked /> The pinned ones
          </label>
          <label>
            <input type="radio" name="believe" id="believe-own" /> The ones that came with this chain
          </label>
        </fieldset>
        <p id="believe-words" class="words" aria-live="polite"></p>
      </div>
    </section>
  );
}
