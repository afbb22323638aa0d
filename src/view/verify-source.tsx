// What is verified, in one line; and, unfolded, the ways to verify something else: drop, open, paste, fetch, and other keys.
import { shortId } from "./listed-words.ts";

export function VerifySource({ run }: { run: string | null }) {
  return (
    <details class="source" id="source">
      <summary>
        <span id="source-named">
          {run === null ? "Sample run, public demo keys" : `Run ${shortId(run)} of this deployment`}
        </span>{" "}
        <span class="source-other">
          <span class="of-room">Drop, paste or fetch another</span>
          <span class="of-no-room">Another</span>
        </span>
      </summary>
      <div class="source-ways">
        <FileButton id="bundle-file" label="Open a bundle" />
        <form class="source-fetch" method="get" action="/verify">
          <label class="unseen" for="run-id">
            Id of a run of this deployment
          </label>
          <input
            type="text"
            id="run-id"
            name="run"
            placeholder="run-…"
            spellcheck={false}
            autocomplete="off"
            required
          />
          <button type="submit">Fetch</button>
        </form>
        <label class="unseen" for="bundle-text">
          Bundle or trust policy, as JSON
        </label>
        <textarea
          id="bundle-text"
          rows={1}
          placeholder="Paste a bundle or trust policy"
          spellcheck={false}
          autocomplete="off"
        ></textarea>
        <p class="source-trust">
          <span id="trust-named">Keys: none yet.</span>
          <FileButton id="trust-file" label="Use your own trust policy" />
          <button type="button" class="is-link" id="trust-own" hidden>
            Back to the deployment’s own
          </button>
        </p>
        <p class="aside">Or drop a file anywhere on this page.</p>
      </div>
      <p id="refusal" class="notice is-bad" role="alert" hidden></p>
    </details>
  );
}

/** A file input that looks like a button and stays operable by keyboard. */
function FileButton({ id, label }: { id: string; label: string }) {
  return (
    <label class="button file-button" for={id}>
      <input type="file" id={id} accept=".json,application/json" />
      {label}
    </label>
  );
}
