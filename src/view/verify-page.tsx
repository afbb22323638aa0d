// The page where anybody verifies a run in their own browser, and tries to cheat. The server sends no verdict with it: only the
// form of one, which src/client fills in. Without script it says what to do instead.
import { CodeBox } from "./code-box.tsx";
import { shortId } from "./listed-words.ts";
import { Page } from "./page.tsx";
import { SampleLines } from "./proof.tsx";
import { VerifyAdvanced } from "./verify-advanced.tsx";
import { VerifySource } from "./verify-source.tsx";
import { VerifyTemplates } from "./verify-templates.tsx";

export interface VerifyPageProps {
  readonly origin: string;
  /** The run that the address names, if it names one; null opens the sample. */
  readonly run: string | null;
}

export function VerifyPage({ origin, run }: VerifyPageProps) {
  return (
    <Page
      title={run === null ? "Verify a run" : `Verify run ${shortId(run)}`}
      description="Verify a run’s receipts in your own browser. Then try to forge one, and see what catches it."
      url={`${origin}/verify${run === null ? "" : `?run=${run}`}`}
      name="verify"
      script="verify-page"
    >
      <div class="verify">
        <header class="verify-head">
          <h1>Verify a run. Then try to cheat.</h1>
          <p class="aside">All in this browser. Nothing is uploaded.</p>
        </header>
        <noscript>
          <p class="notice">
            <b>Nothing has been verified.</b> This page needs JavaScript.{" "}
            <a href="#elsewhere">The command line</a> needs nothing of this page.
          </p>
        </noscript>
        <VerifySource run={run} />
        <section id="verdict" class="verdict is-waiting" aria-labelledby="verdict-title">
          <h2>
            <span id="verdict-title">Not verified yet</span> <span id="verdict-result"></span>
          </h2>
          <p id="verdict-how">Your browser does it, once the page’s script has loaded.</p>
          <ul id="failures" class="failures"></ul>
        </section>
        <p id="announcement" class="unseen" role="status"></p>
        <Cheats />
        <aside class="proof verify-proof" aria-labelledby="receipts-title">
          <h2 id="receipts-title">
            Receipts <span class="aside" id="receipts-count"></span>
          </h2>
          <ol class="proof-lines" id="rows">
            {run === null && <SampleLines />}
          </ol>
        </aside>
        <section class="unchecked" aria-labelledby="unchecked-title">
          <h2 id="unchecked-title">Not checked</h2>
          <ul id="unchecked">
            <li>Anything at all, until your browser has verified it.</li>
          </ul>
          <details class="fold" id="checked">
            <summary>
              <b>Checked</b> <span class="aside" id="checked-count"></span>
            </summary>
            <ul id="checks" class="checked-list"></ul>
          </details>
          <VerifyAdvanced />
          <Elsewhere origin={origin} run={run} />
        </section>
      </div>
      <VerifyTemplates />
    </Page>
  );
}

const CHEATS = [
  { how: "reject", title: "Turn approve into reject", words: "Rewrite what the human decided." },
  { how: "change", title: "Swap the change", words: "Let the approved call do something else." },
  { how: "drop", title: "Drop the decision", words: "As if nobody had been asked." },
  { how: "other", title: "Use another run’s approval", words: "A genuine one, in the wrong place." },
  { how: "keys", title: "Sign it all anew", words: "Every receipt, with your own keys." },
] as const;

function Cheats() {
  return (
    <section class="cheat" aria-labelledby="cheat-title">
      <div class="cheat-head">
        <h2 id="cheat-title">Try to cheat</h2>
        <span class="aside" id="caught-count"></span>
        <button type="button" class="is-link" id="restart" disabled>
          Put it back
        </button>
      </div>
      <ol class="cheats">
        {CHEATS.map(({ how, title, words }) => (
          <li>
            <button
              type="button"
              class="cheat-button"
              id={`cheat-${how}`}
              data-cheat={how}
              aria-pressed="false"
              disabled
            >
              <b>{title}</b>
              <span class="cheat-caught" id={`caught-${how}`}></span>
              <span class="aside">{words}</span>
            </button>
          </li>
        ))}
      </ol>
      <label class="believe" id="believe-box" hidden>
        <input type="checkbox" id="believe" />{" "}
        <span>Suppose the server itself was taken over, and these are its keys</span>
      </label>
    </section>
  );
}

/** For whoever distrusts this page's own script. */
function Elsewhere({ origin, run }: VerifyPageProps) {
  const bundle = run === null ? "bundle.json" : `${origin}/api/runs/${run}/bundle`;
  return (
    <details class="fold" id="elsewhere">
      <summary>
        <b>Without this page</b> <span class="aside">on the command line, offline</span>
      </summary>
      <p>
        This page’s script comes from this deployment. If you distrust it, verify with your own copy of the
        source:
      </p>
      <CodeBox
        label="Command that verifies a run"
        text={`npm run --silent verify -- \\\n  ${bundle} \\\n  --trust trust.json`}
        as="is-command"
      />
    </details>
  );
}
