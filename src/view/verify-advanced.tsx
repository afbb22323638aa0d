// For whoever wants to change one byte by hand: every field of a receipt and its envelope, the files it names, the trusted keys.

export function VerifyAdvanced() {
  return (
    <details class="fold" id="advanced">
      <summary>
        <b>Advanced</b> <span class="aside">raw fields, envelopes, files, keys</span>
      </summary>
      <div class="advanced">
        <p class="choose">
          <label for="choose">Receipt</label> <select id="choose"></select>
        </p>
        <p class="actions">
          <button type="button" id="drop">
            Remove
          </button>
          <button type="button" id="swap">
            Swap with its neighbour
          </button>
          <button type="button" id="repeat">
            Repeat
          </button>
          <button type="button" id="splice">
            Swap in another run’s receipt
          </button>
          <button type="button" id="undo" disabled>
            Undo
          </button>
        </p>
        <ol id="changes" class="changes"></ol>
        <h3>Statement</h3>
        <div id="statement-fields" class="fields"></div>
        <h3>Envelope</h3>
        <div id="envelope-fields" class="fields"></div>
        <h3>Attached files</h3>
        <div id="subjects"></div>
        <h3>Trusted keys</h3>
        <ul id="trust-keys" class="trust-keys"></ul>
      </div>
    </details>
  );
}
