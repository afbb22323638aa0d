// What is checked, and under whose keys: two places to hand something in, each by file or by pasting.

export function VerifySources() {
  return (
    <div class="sources-of-check">
      <section class="source is-waiting" id="bundle-zone" aria-labelledby="bundle-title">
        <h2 id="bundle-title">The chain</h2>
        <p id="bundle-named">
          None yet. Every run’s page offers its bundle; <a href="/">fire the alert</a> if you have no run.
        </p>
        <FileDrop id="bundle-file" label="Choose a bundle, or drop it" />
        <details>
          <summary>Paste it instead</summary>
          <PasteBox id="bundle-text" label="Bundle, as JSON" button="Check this text" />
        </details>
        <details>
          <summary>Fetch a run of this deployment</summary>
          <form class="paste" method="get" action="/verify">
            <label for="run-id">Its id</label>
            <input
              type="text"
              id="run-id"
              name="run"
              spellcheck={false}
              autocomplete="off"
              placeholder="run-…"
            />
            <button type="submit">Fetch and check it</button>
          </form>
        </details>
        <Refusal id="bundle-refusal" />
      </section>
      <section class="source" id="trust-zone" aria-labelledby="trust-title">
        <h2 id="trust-title">Whose keys count</h2>
        <p id="trust-named">Fetching this deployment’s trust policy …</p>
        <p id="trust-meaning" class="aside"></p>
        <ul id="trust-keys" class="trust-keys"></ul>
        <details>
          <summary>Use another trust policy</summary>
          <FileDrop id="trust-file" label="Choose a trust policy, or drop it here" />
          <PasteBox id="trust-text" label="Trust policy, as JSON" button="Use this text" />
          <button type="button" id="trust-own">
            Go back to this deployment’s own
          </button>
        </details>
        <Refusal id="trust-refusal" />
      </section>
      <p id="busy" class="busy" hidden>
        <span>Checking …</span>{" "}
        <button type="button" id="stop">
          Stop
        </button>
      </p>
    </div>
  );
}

/** A file input that is also a drop target. The input itself stays operable by keyboard. */
export function FileDrop({ id, label }: { id: string; label: string }) {
  return (
    <label class="drop" for={id}>
      <input type="file" id={id} accept=".json,application/json" />
      <span>{label}</span>
    </label>
  );
}

/** A box for text, and the button that hands it in. */
function PasteBox({ id, label, button }: { id: string; label: string; button: string }) {
  return (
    <div class="paste">
      <label for={id}>{label}</label>
      <textarea id={id} rows={4} spellcheck={false} autocomplete="off"></textarea>
      <button type="button" id={`${id}-take`}>
        {button}
      </button>
    </div>
  );
}

/** Where it is said why something could not be used. */
export function Refusal({ id }: { id: string }) {
  return <div id={id} class="notice is-bad" role="alert" hidden></div>;
}
