// Makes a passkey and shows the entry for the reviewers' file. The browser does it all (src/client/enrol-page.ts): the server is asked nothing and
// stores nothing, for whoever could add a reviewer by asking could decide.
import { LIMITS } from "../receipt/index.ts";
import { Page } from "./page.tsx";
import { type Deciding, signsAs } from "./who-decides.tsx";

/** Longest id of a reviewer, in UTF-16 code units. */
const LONGEST_ID = 200;

export function EnrolPage({ deciding, origin }: { deciding: Deciding; origin: string }) {
  return (
    <Page
      title="Make a passkey"
      description="Make a passkey to sign decisions with, and get its entry for the reviewers’ file."
      name="enrol"
      script="enrol-page"
    >
      <div class="enrol-page">
        <h1>Make a passkey</h1>
        <p>
          With a passkey you sign your own decisions: the signature goes into the receipts, and this server
          cannot make one. The passkey stays on your device. Nothing is stored here.
        </p>
        <noscript>
          <p class="notice">
            Making a passkey needs JavaScript. Without it, list an SSH key and decide in a terminal with{" "}
            <code>countersign-review</code>.
          </p>
        </noscript>
        <p id="trouble" class="notice is-bad" role="alert" hidden></p>
        <form id="enrol" class="enrol">
          <label for="reviewer">Your id, as receipts name you</label>
          <input
            id="reviewer"
            type="text"
            required
            maxlength={LONGEST_ID}
            autocomplete="username"
            spellcheck={false}
            value={deciding.as === "known" ? signsAs(deciding) : ""}
          />
          <label for="role">Your role</label>
          <input id="role" type="text" required maxlength={LIMITS.role} spellcheck={false} value="reviewer" />
          <button id="make" class="is-primary" type="submit">
            Make a passkey
          </button>
        </form>
        <section id="made" aria-labelledby="made-title" hidden>
          <h2 id="made-title" tabindex={-1}>
            Have this entry listed
          </h2>
          <p>
            Send it to whoever keeps the reviewers’ file of this deployment. It holds no secret. They add it
            to the list that <code>countersign({"{ reviewers }"})</code> gets, and deploy. If you are listed
            already, they add only the key to your <code>keys</code>. It counts for decisions at{" "}
            <code>{origin}</code>.
          </p>
          <p>
            <button id="copy" type="button">
              Copy
            </button>{" "}
            <span id="copied" class="aside" role="status"></span>
          </p>
          <pre id="entry"></pre>
        </section>
        <section id="own" aria-labelledby="own-title" hidden>
          <h2 id="own-title">Passkeys that this browser remembers</h2>
          <ul id="own-keys"></ul>
          <p>
            Receipts signed with them are marked as yours, in this browser only.{" "}
            <button id="forget" type="button">
              Forget them
            </button>
          </p>
        </section>
      </div>
    </Page>
  );
}
