// The first page: what this is, the one button, what happens then, and how to check it without believing anybody.
import { CodeBox } from "./code-box.tsx";
import { Page } from "./page.tsx";
import { verifyCommand } from "./receipt-strip.tsx";
import { Seal } from "./seal.tsx";

export function DeskPage({ origin }: { origin: string }) {
  return (
    <Page title="Countersign" name="desk">
      <div class="desk">
        <h1>An agent stops before it changes production. You decide on exactly what will run.</h1>
        <p class="lead">Every step leaves a signed receipt that anyone can check later, offline.</p>
        <form method="post" action="/runs">
          <button class="primary" type="submit">
            Fire the checkout alert
          </button>
        </form>
        <section aria-labelledby="next-title">
          <h2 id="next-title">What happens next</h2>
          <ol class="steps">
            <li>
              <Seal signer="agent" />
              <h3>The agent investigates</h3>
              <p>
                It measures a checkout that has a real bug, reads runbooks and source, and writes a patch.
              </p>
            </li>
            <li>
              <Seal signer="human" />
              <h3>You decide</h3>
              <p>
                The one call that writes waits for you: approve it, reject it, or ask for changes. Anybody
                may, in this open demo.
              </p>
            </li>
            <li>
              <Seal signer="runtime" />
              <h3>The runtime carries it out</h3>
              <p>
                Only the approved call runs. Then the same checkout is measured again, whatever the agent
                claims.
              </p>
            </li>
          </ol>
        </section>
        <section id="check" aria-labelledby="check-title">
          <h2 id="check-title">How to check a run</h2>
          <p>
            From a copy of the source, with the run’s id in place of <code>RUN</code>. It needs the run’s
            bundle and a trust policy, and nothing else of this deployment.
          </p>
          <CodeBox label="Command that checks a run" text={verifyCommand(origin, "RUN")} as="is-command" />
          <p>
            Each run’s page also gives, for every receipt, two shell lines that check its signature with
            openssl alone.
          </p>
          <p>
            The keys come from <a href="/.well-known/countersign.json">/.well-known/countersign.json</a>. A
            deployment can only vouch for itself there; keep your own copy.
          </p>
        </section>
      </div>
    </Page>
  );
}
