// One receipt at a permanent address, as a document: who signed, what it says, what it binds, and all it takes to check it elsewhere.
// The run page shows the same document in a drawer. The server never says that it was checked.
import type { ListedReceipt } from "../host/run-api.ts";
import type { RunStory } from "../host/run-story.ts";
import { bindings } from "./bindings.ts";
import { CodeBox, JsonBox } from "./code-box.tsx";
import { drawRounds } from "./drawn-round.ts";
import { Instant } from "./instant.tsx";
import { shortId } from "./listed-words.ts";
import { opensslLines } from "./openssl-lines.ts";
import { Page } from "./page.tsx";
import { ROOM_OF_THE_REST, SharedRoom } from "./room.ts";
import { Seal } from "./seal.tsx";
import { Name, plain, Title } from "./shown-text.tsx";
import { tapeLine } from "./tape-words.ts";

interface ReceiptPageProps {
  readonly story: RunStory;
  /** The receipt's place in the chain: one that the story has. */
  readonly seq: number;
  /** Public keys of this deployment: base64url `x` by key id. */
  readonly keys: ReadonlyMap<string, string>;
  /** Where this deployment is, as in `https://host`. */
  readonly origin: string;
}

export function ReceiptPage({ story, seq, keys, origin }: ReceiptPageProps) {
  const receipt = story.receipts[seq];
  if (!receipt) throw new RangeError(`expected a receipt ${seq} in ${story.view.run}`);
  const { run } = story.view;
  const drawn = drawRounds(story, { left: ROOM_OF_THE_REST }, { left: ROOM_OF_THE_REST });
  const { name, words } = tapeLine(receipt, story, drawn);
  const subject = plain(story.alert?.title ?? "A run", "title");
  return (
    <Page
      title={`${name}: ${subject}`}
      description={`Receipt ${seq} of ${story.receipts.length}, signed by ${receipt.role}: ${words}.`}
      name="receipt"
      url={`${origin}/runs/${run}/receipts/${seq}`}
      run={run}
      script="run-page"
      trail={
        <>
          <a href="/">Runs</a> / <a href={`/runs/${run}`}>{shortId(run)}</a> / {seq}
        </>
      }
    >
      <SharedRoom.Provider value={{ left: ROOM_OF_THE_REST }}>
        <p class="back">
          <a href={`/runs/${run}`}>
            <Title text={story.alert?.title ?? "The run"} />
          </a>
        </p>
        <ReceiptDocument receipt={receipt} name={name} words={words} story={story} keys={keys} />
        <nav class="actions" aria-label="Other receipts">
          <Neighbour receipt={story.receipts[seq - 1]} word="Previous" rel="prev" />
          <Neighbour receipt={story.receipts[seq + 1]} word="Next" rel="next" />
        </nav>
      </SharedRoom.Provider>
    </Page>
  );
}

interface DocumentProps extends Pick<ReceiptPageProps, "story" | "keys"> {
  readonly receipt: ListedReceipt;
  readonly name: string;
  readonly words: string;
}

function ReceiptDocument({ receipt, name, words, story, keys }: DocumentProps) {
  const { seq, role, kind, digest, envelope, statement } = receipt;
  const { run, issuedAt, prev } = statement.predicate;
  const [{ keyid, sig }] = envelope.signatures;
  const x = keys.get(keyid);
  const lines = x === undefined ? null : opensslLines(envelope, x);
  const own = `/api/runs/${run}/receipts/${seq}`;
  return (
    <article class={`document by-${role}`} id="document">
      <header>
        <Seal signer={role} />
        <div>
          <h1>{name}</h1>
          <p class="aside">
            Receipt {seq}, {kind}, signed by {role}, <Instant at={issuedAt} />
          </p>
        </div>
      </header>
      <p class="words">
        <bdi>{words}</bdi>
      </p>
      <dl class="digests">
        <dt>Digest</dt>
        <dd>
          <code>{digest}</code>
        </dd>
        <dt>Follows</dt>
        <dd>{prev === null ? "nothing; it is the first" : <code>{prev}</code>}</dd>
        <dt>Key id</dt>
        <dd>
          <code>{keyid}</code>
        </dd>
        <dt>Signature</dt>
        <dd>
          <code>{sig}</code>
        </dd>
      </dl>
      <h2>What it binds</h2>
      <dl class="digests">
        {bindings(receipt, story.receipts).map(({ terms, href, what, digest: of }) => (
          <>
            <dt>
              <Name text={terms.join(", ")} />: <Name text={what} />
            </dt>
            <dd>
              <a href={href}>
                <code>{of}</code>
              </a>
            </dd>
          </>
        ))}
      </dl>
      <h2>Statement</h2>
      <JsonBox label={`Statement of receipt ${seq}`} value={statement} exact={own} />
      <h2>Envelope</h2>
      <JsonBox label={`Envelope of receipt ${seq}`} value={envelope} exact={own} />
      <h2>Its signature, with openssl</h2>
      {lines === null ? (
        <p>This deployment does not list the key that signed this receipt.</p>
      ) : (
        <CodeBox label={`Shell lines for receipt ${seq}`} text={lines} as="is-command" exact={own} />
      )}
    </article>
  );
}

function Neighbour({
  receipt,
  word,
  rel,
}: {
  receipt: ListedReceipt | undefined;
  word: string;
  rel: "prev" | "next";
}) {
  if (!receipt) return null;
  const { run } = receipt.statement.predicate;
  return (
    <a class="button" href={`/runs/${run}/receipts/${receipt.seq}`} rel={rel}>
      {word}: {receipt.kind}
    </a>
  );
}
