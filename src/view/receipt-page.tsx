// One receipt at a permanent address, as a document: who signed, what it says, what it binds, and all it takes to check it
// elsewhere. The server never says that it was checked.
import { type Receipt, SIGNER_OF } from "../receipt/index.ts";
import { bindings } from "./bindings.ts";
import { CodeBox, JsonBox } from "./code-box.tsx";
import { Instant } from "./instant.tsx";
import { opensslLines } from "./openssl-lines.ts";
import { Page } from "./page.tsx";
import { ReceiptWords } from "./receipt-words.tsx";
import { Seal } from "./seal.tsx";
import { Name, plain, Title } from "./shown-text.tsx";
import type { Story } from "./story.ts";

interface ReceiptPageProps {
  readonly story: Story;
  readonly receipt: Receipt;
  /** Public keys of this deployment: base64url `x` by key id. */
  readonly keys: ReadonlyMap<string, string>;
}

export function ReceiptPage({ story, receipt, keys }: ReceiptPageProps) {
  const { run, receipts } = story;
  const { kind, statement, digest, envelope, keyid } = receipt;
  const { seq, issuedAt } = statement.predicate;
  const role = SIGNER_OF[kind];
  const x = keys.get(keyid);
  const lines = x === undefined ? null : opensslLines(envelope, x);
  const subject = story.alert?.receipt.statement.predicate.title ?? "A run";
  return (
    <Page
      title={`Receipt ${seq}, ${kind}: ${plain(subject, "title")} · Countersign`}
      name="receipt"
      run={run}
    >
      <nav class="trail" aria-label="Where this receipt belongs">
        <a href={`/runs/${run}#receipt-${seq}`}>
          <Title text={subject} />
        </a>{" "}
        <span class="aside">
          run <code>{run}</code>
        </span>
      </nav>
      <article class={`document by-${role}`}>
        <header>
          <Seal signer={role} />
          <div>
            <h1>
              Receipt {seq}: {kind}
            </h1>
            <p class="aside">
              signed by {role} at <Instant at={issuedAt} />
            </p>
          </div>
        </header>
        <section aria-labelledby="says">
          <h2 id="says">What it says</h2>
          <ReceiptWords receipt={receipt} />
        </section>
        <section aria-labelledby="binds">
          <h2 id="binds">What it binds</h2>
          <dl class="bindings">
            {bindings(receipt, receipts).map(({ terms, href, what, digest: of }) => (
              <Binding term={terms.join(", ")}>
                <a href={href}>
                  <Name text={what} />
                </a>
                <code>{of}</code>
              </Binding>
            ))}
          </dl>
        </section>
        <section aria-labelledby="itself">
          <h2 id="itself">The receipt itself</h2>
          <dl class="bindings">
            <Binding term="digest">
              <code>{digest}</code>
            </Binding>
            <Binding term="key id">
              <code>{keyid}</code>
            </Binding>
            <Binding term="signature">
              <code>{envelope.signatures[0].sig}</code>
            </Binding>
          </dl>
          <p class="downloads">
            <a href={`/api/runs/${run}/receipts/${seq}`} download>
              Download this receipt
            </a>
            <a href={`/api/runs/${run}/bundle`} download>
              Download the whole chain
            </a>
          </p>
        </section>
      </article>
      <nav class="neighbours" aria-label="Receipts beside this one">
        <Neighbour run={run} receipt={receipts[seq - 1]} word="Before" rel="prev" />
        <Neighbour run={run} receipt={receipts[seq + 1]} word="After" rel="next" />
      </nav>
      <section class="raw" aria-labelledby="raw">
        <h2 id="raw">To check it elsewhere</h2>
        <p>
          This page is the server’s word.{" "}
          <a href={`/verify?run=${run}`}>Your browser can replay the whole run</a> instead. These lines check
          the signature with openssl alone; then compare the digest, the statement and the key with what you
          hold.
        </p>
        {lines === null ? (
          <p>This deployment does not list the key that signed this receipt.</p>
        ) : (
          <CodeBox label="Shell lines that check the signature" text={lines} as="is-command" />
        )}
        <h3>The statement, laid out to be read</h3>
        <JsonBox label="The statement" value={statement} exact={`/api/runs/${run}/receipts/${seq}`} />
        <h3>The envelope, with the signed bytes as its payload</h3>
        <JsonBox label="The envelope" value={envelope} exact={`/api/runs/${run}/receipts/${seq}`} />
      </section>
    </Page>
  );
}

function Binding({ term, children }: { term: string; children?: unknown }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface NeighbourProps {
  readonly run: string;
  readonly receipt: Receipt | undefined;
  readonly word: string;
  readonly rel: "prev" | "next";
}

function Neighbour({ run, receipt, word, rel }: NeighbourProps) {
  if (!receipt) return <span></span>;
  const { seq } = receipt.statement.predicate;
  return (
    <a href={`/runs/${run}/receipts/${seq}`} rel={rel}>
      {word}: receipt {seq}, {receipt.kind}
    </a>
  );
}
