// The side column: every receipt, top to bottom, with its signer's seal. Opening one shows all that is needed to check it
// elsewhere. The server never says that anything was checked; it leaves a place for the reader's own browser to say so.
import { type Receipt, SIGNER_OF } from "../receipt/index.ts";
import { BrowserCheck } from "./browser-check.tsx";
import { CodeBox, JsonBox } from "./code-box.tsx";
import { DigestText } from "./digest-text.tsx";
import { Instant } from "./instant.tsx";
import { opensslLines } from "./openssl-lines.ts";
import { Seal } from "./seal.tsx";

interface ReceiptStripProps {
  readonly run: string;
  readonly receipts: readonly Receipt[];
  /** Public keys of this deployment: base64url `x` by key id. */
  readonly keys: ReadonlyMap<string, string>;
  /** Where this deployment is, as in `https://host`. */
  readonly origin: string;
  /** Where it publishes the trust policy of this run, as a path. */
  readonly trust: string;
}

export function ReceiptStrip({ run, receipts, keys, origin, trust }: ReceiptStripProps) {
  return (
    <aside class="receipts" id="receipts" data-run={run} data-trust={trust} aria-labelledby="receipts-title">
      <h2 id="receipts-title">
        Receipts <span class="aside">{receipts.length}, times in UTC</span>
      </h2>
      <BrowserCheck />
      <ol class="strip" start={0}>
        {receipts.map((receipt) => (
          <ReceiptEntry receipt={receipt} x={keys.get(receipt.keyid) ?? null} />
        ))}
        {receipts.length === 0 && <li class="aside">None has been signed yet.</li>}
      </ol>
      <section class="check" aria-labelledby="check-title">
        <h2 id="check-title">Check it yourself</h2>
        <p>
          <a href={`/verify?run=${run}`}>See every check, and try to break the chain</a> in your browser. Or,
          from a copy of the source, without this page:
        </p>
        <CodeBox
          label="Command that checks the chain"
          text={verifyCommand(origin, run, trust)}
          as="is-command"
        />
        <ul class="sources">
          <li>
            <a href={`/api/runs/${run}/bundle`}>Bundle</a>
            <span class="aside">all receipts, and the bytes they name</span>
          </li>
          <li>
            <a href={trust}>Trust policy</a>
            <span class="aside">the keys; better from somebody you trust</span>
          </li>
        </ul>
      </section>
    </aside>
  );
}

/** Where a deployment publishes the trust policy of its present name. */
export const TRUST_PATH = "/.well-known/countersign.json";

/** The command line that checks a run's whole chain. `trust` is where its trust policy is published, as a path. */
export function verifyCommand(origin: string, run: string, trust = TRUST_PATH): string {
  // A query has characters in it that a shell would take for its own.
  const policy = trust === TRUST_PATH ? `${origin}${trust}` : `'${origin}${trust}'`;
  return `npm run --silent verify -- \\\n  ${origin}/api/runs/${run}/bundle \\\n  --trust ${policy}`;
}

function ReceiptEntry({ receipt, x }: { receipt: Receipt; x: string | null }) {
  const { kind, statement, digest, envelope, keyid } = receipt;
  const { seq, issuedAt, prev } = statement.predicate;
  const role = SIGNER_OF[kind];
  const lines = x === null ? null : opensslLines(envelope, x);
  const own = `/api/runs/${statement.predicate.run}/receipts/${seq}`;
  return (
    <li class={`receipt by-${role}`} id={`receipt-${seq}`} data-digest={digest}>
      <details>
        <summary>
          <Seal signer={role} />
          <span class="receipt-line">
            <span class="receipt-kind">{kind}</span>
            <DigestText digest={digest} />
          </span>
          <span class="receipt-line aside">
            <span>
              {seq} · signed by {role}
            </span>
            <Instant at={issuedAt} as="bare" />
          </span>
          <span class="receipt-mark"></span>
        </summary>
        <div class="inspector">
          <dl class="digests">
            <dt>Digest</dt>
            <dd>
              <code>{digest}</code>
            </dd>
            <dt>Signed at</dt>
            <dd>
              <Instant at={issuedAt} />
            </dd>
            <dt>Key id</dt>
            <dd>
              <code>{keyid}</code>
            </dd>
            <dt>Signature</dt>
            <dd>
              <code>{envelope.signatures[0].sig}</code>
            </dd>
            <dt>Follows</dt>
            <dd class="follows">
              {prev === null ? (
                "nothing; it is the first"
              ) : (
                <a href={`#receipt-${seq - 1}`}>receipt {seq - 1}</a>
              )}
            </dd>
          </dl>
          <p class="own-page">
            <a href={`/runs/${statement.predicate.run}/receipts/${seq}`}>This receipt on a page of its own</a>
          </p>
          <h3>Statement</h3>
          <JsonBox label={`Statement of receipt ${seq}`} value={statement} exact={own} />
          <h3>Envelope</h3>
          <JsonBox label={`Envelope of receipt ${seq}`} value={envelope} exact={own} />
          <h3>Its signature, with openssl</h3>
          {lines === null ? (
            <p>This deployment does not list the key that signed this receipt.</p>
          ) : (
            <CodeBox label={`Shell lines for receipt ${seq}`} text={lines} as="is-command" exact={own} />
          )}
        </div>
      </details>
    </li>
  );
}
