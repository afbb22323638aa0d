// The receipts as a tape: each line says what that receipt says. On a phone it is one line that opens as a sheet. The server never says that
// anything was verified: it leaves the places for the reader's own browser to say so.
import type { ListedReceipt } from "../host/run-api.ts";
import type { RunStory } from "../host/run-story.ts";
import type { DrawnRound } from "./drawn-round.ts";
import { lapse } from "./duration.ts";
import { Instant } from "./instant.tsx";
import { shortId } from "./listed-words.ts";
import { Seal } from "./seal.tsx";
import { tapeLine } from "./tape-words.ts";

interface TapeProps {
  readonly story: RunStory;
  readonly drawn: readonly DrawnRound[];
}

export function Tape({ story, drawn }: TapeProps) {
  const { run, links } = story.view;
  const { receipts } = story;
  return (
    <aside class="tape" aria-labelledby="tape-title">
      <details class="sheet" id="tape">
        <summary>
          <span class="seals" aria-hidden="true">
            {receipts.slice(0, 12).map(({ role }) => (
              <Seal signer={role} />
            ))}
            {receipts.length > 12 && "…"}
          </span>
          <span id="tape-brief">
            {receipts.length} {receipts.length === 1 ? "receipt" : "receipts"}
          </span>
        </summary>
        <div class="paper">
          <h2 id="tape-title">
            Receipts <span>{shortId(run)}</span>
          </h2>
          <ol id="receipts" data-run={run} data-trust={links.trust} start={0}>
            {receipts.map((receipt, i) => (
              <Line receipt={receipt} before={receipts[i - 1]} story={story} drawn={drawn} />
            ))}
          </ol>
          {receipts.length === 0 && <p class="aside">None has been signed yet.</p>}
          <Total receipts={receipts} />
          <p id="browser-check" class="browser-check" aria-live="polite">
            Not verified by your browser yet. That needs JavaScript; the command line does not.
          </p>
          <p class="actions">
            <a class="button" href={`/verify?run=${run}&try=forge`}>
              Try to forge one
            </a>
            <a href={links.bundle} download={`${run}.json`}>
              Bundle
            </a>
          </p>
        </div>
      </details>
    </aside>
  );
}

function Total({ receipts }: { receipts: readonly ListedReceipt[] }) {
  const [first, last] = [receipts[0], receipts.at(-1)];
  if (!first || !last || first === last) return null;
  return (
    <p class="total">
      <span>{receipts.length} signed</span>
      <span>{lapse(first.statement.predicate.issuedAt, last.statement.predicate.issuedAt)}</span>
    </p>
  );
}

interface LineProps extends TapeProps {
  readonly receipt: ListedReceipt;
  readonly before: ListedReceipt | undefined;
}

function Line({ receipt, before, story, drawn }: LineProps) {
  const { seq, role, digest, statement } = receipt;
  const { run, issuedAt } = statement.predicate;
  const { name, words } = tapeLine(receipt, story, drawn);
  return (
    <li class={`receipt by-${role}`} id={`receipt-${seq}`} data-digest={digest}>
      <a href={`/runs/${run}/receipts/${seq}`}>
        <Seal signer={role} />
        <b>
          {name}
          <span class="unseen">, signed by {role}</span>
        </b>
        <span class="when">
          {before ? (
            `+${lapse(before.statement.predicate.issuedAt, issuedAt)}`
          ) : (
            <Instant at={issuedAt} as="bare" />
          )}
        </span>
        <span class="what">
          <bdi>{words}</bdi>
        </span>
        <span class="receipt-mark"></span>
      </a>
    </li>
  );
}
