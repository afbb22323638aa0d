// The page where anybody checks a chain in their own browser, and tries to break it. The server sends no chain and no verdict
// with it: only the form of both, which src/client fills in. Without script it says what to do instead.
import { BreakPanel } from "./break-panel.tsx";
import { CodeBox } from "./code-box.tsx";
import { Page } from "./page.tsx";
import { verifyCommand } from "./receipt-strip.tsx";
import { VerifySources } from "./verify-sources.tsx";
import { VerifyTemplates } from "./verify-templates.tsx";
import { VerifyVerdict } from "./verify-verdict.tsx";

interface VerifyPageProps {
  readonly origin: string;
  /** The run that the address names, if it names one. */
  readonly run: string | null;
}

export function VerifyPage({ origin, run }: VerifyPageProps) {
  return (
    <Page title="Check a chain · Countersign" name="verify" script="verify-page">
      <div class="verify">
        <header class="verify-head">
          <h1>Check a chain. Then try to break it.</h1>
          <p class="lead">
            Your browser replays the whole run: every signature, every link, every rule. What you drop here
            stays in this tab.
          </p>
        </header>
        <p id="waiting" class="notice">
          <b>The checker has not started.</b> It needs JavaScript. Without it, use the{" "}
          <a href="#elsewhere">command line</a>; it needs nothing of this page.
        </p>
        <div id="checker" hidden>
          <VerifySources />
          <div id="bench" class="bench" hidden>
            <VerifyVerdict />
            <BreakPanel />
          </div>
          <section id="bar" class="bar" aria-label="What your change did" hidden>
            <div class="bar-text">
              <p id="bar-words"></p>
              <p id="bar-said" class="aside"></p>
            </div>
            <div class="bar-buttons">
              <button type="button" id="undo">
                Undo
              </button>
              <button type="button" id="restart">
                Start again
              </button>
            </div>
          </section>
        </div>
        <section id="elsewhere" class="elsewhere" aria-labelledby="elsewhere-title">
          <h2 id="elsewhere-title">Without this page</h2>
          <p>
            This page’s script comes from this deployment. Whoever distrusts it checks with a copy of the
            source instead, offline if need be:
          </p>
          <CodeBox label="Command that checks a chain" text={commandFor(origin, run)} as="is-command" />
        </section>
      </div>
      <VerifyTemplates />
    </Page>
  );
}

function commandFor(origin: string, run: string | null): string {
  if (run !== null) return verifyCommand(origin, run);
  return "npm run --silent verify -- bundle.json --trust trust.json";
}
