// What one receipt says, in words: a paraphrase of its signed fields and of nothing else. It reports what the signer
// claims; whether that is so, a page cannot say.
import type { Actor, Change, Receipt, Tally } from "../receipt/index.ts";
import { DigestText } from "./digest-text.tsx";
import { Instant } from "./instant.tsx";
import { tallySentence } from "./probe-report.tsx";
import { resultWords } from "./result-words.ts";
import { Name, Path, Title, Words } from "./shown-text.tsx";

export function ReceiptWords({ receipt }: { receipt: Receipt }) {
  switch (receipt.kind) {
    case "alert": {
      const { issuer, source, title, firedAt, startedBy, continues } = receipt.statement.predicate;
      return (
        <>
          <p>
            <Name text={source} /> reported at <Instant at={firedAt} />:
          </p>
          <blockquote class="words">
            <Title text={title} />
          </blockquote>
          <p>
            <Person actor={startedBy} /> started this run, at the deployment that calls itself{" "}
            <Name text={issuer} />.{continues && ` It continues ${continues.run}.`}
          </p>
        </>
      );
    }
    case "evidence": {
      const { items, summary } = receipt.statement.predicate;
      return (
        <>
          <p>The agent made {plural(items.length, "call")} that only read, and sums up:</p>
          <Quoted text={summary} />
        </>
      );
    }
    case "proposal": {
      const { revision, summary, risk, feedback } = receipt.statement.predicate;
      return (
        <>
          <p>
            The agent asks to make exactly one call, and rates it {risk} risk. This is revision {revision}
            {feedback ? ", in answer to a reviewer" : ""}.
          </p>
          <Quoted text={summary} />
        </>
      );
    }
    case "preview": {
      const { changes, expiresAt } = receipt.statement.predicate;
      return (
        <>
          <p>
            The runtime has paused the agent’s script at this call, before it was made. Made, it would change:
          </p>
          <Changes changes={changes} none="no file that follows from its arguments" />
          <p>
            A decision counts until <Instant at={expiresAt} />.
          </p>
        </>
      );
    }
    case "decision": {
      const { decision, reviewer, reason } = receipt.statement.predicate;
      return (
        <>
          <p>
            <Person actor={reviewer} /> {DECIDED[decision]}
          </p>
          <Quoted text={reason} />
        </>
      );
    }
    case "execution": {
      const { status, changes, reason, more, recovered } = receipt.statement.predicate;
      return (
        <>
          <p>{DONE[status]}</p>
          <Quoted text={reason} />
          {status === "executed" && <Changes changes={changes} none="no file" />}
          {more && <p>The same script then stopped at a further call that needs a decision of its own.</p>}
          {recovered && <p>The runtime was interrupted, and tells what its storage showed.</p>}
        </>
      );
    }
    case "outcome": {
      const { reason, before, after } = receipt.statement.predicate;
      return (
        <>
          <p>
            {after
              ? `The runtime measured the checkout after the write: ${resultWords(before, after).title.toLowerCase()}.`
              : NOT_RUN}
          </p>
          <Quoted text={reason} />
          <Measured name="Before" tally={before} />
          {after && <Measured name="After" tally={after} />}
        </>
      );
    }
    case "handoff":
      return (
        <p>
          The run has ended. The agent names a summary for whoever takes over, and the repository as it
          stands.
        </p>
      );
  }
}

const DECIDED = {
  approve: "approved exactly the call below, once.",
  reject: "rejected the call below.",
  request_changes: "did not approve the call below, and asked for changes.",
} as const;

const DONE = {
  executed: "The runtime made the approved call. It changed:",
  failed: "The call was approved, but the runtime did not make it. Nothing was written.",
  withheld: "The runtime withheld the call. Nothing was written.",
} as const;

const NOT_RUN = "Nothing was written. The runtime measured the checkout as the run had found it.";

function Quoted({ text }: { text: string }) {
  if (text === "") return null;
  return (
    <blockquote class="words">
      <Words text={text} />
    </blockquote>
  );
}

function Person({ actor: { id, method } }: { actor: Actor }) {
  return (
    <>
      <b>
        <Name text={id} />
      </b>{" "}
      (<Name text={method} />)
    </>
  );
}

function Changes({ changes, none }: { changes: readonly Change[]; none: string }) {
  if (changes.length === 0) return <p>{none}.</p>;
  return (
    <ul class="changes">
      {changes.map(({ path, before, after }) => (
        <li>
          <Path text={path} />, from {before ? <DigestText digest={before} /> : "nothing"} to{" "}
          <DigestText digest={after} />
        </li>
      ))}
    </ul>
  );
}

function Measured({ name, tally }: { name: string; tally: Tally }) {
  return (
    <p>
      <b>{name}:</b> {tallySentence(tally)}
    </p>
  );
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
