// A run's lineage on its page: what it continues, as its own chain binds it, and what continues it, as notes that nobody
// signed. The form at the end starts a run that goes on from here.
import type { RunStatus } from "../chain/index.ts";
import { type ReceiptOf, subjectDigest } from "../receipt/index.ts";
import { Chapter } from "./chapter.tsx";
import { DigestText } from "./digest-text.tsx";
import { Instant } from "./instant.tsx";
import { Name } from "./shown-text.tsx";

/** The runs before and after this one. */
export interface Lineage {
  readonly ancestors: readonly { readonly run: string; readonly issuer: string; readonly handoff: string }[];
  readonly continuedBy: readonly { readonly run: string; readonly notedAt: string }[];
}

interface ContinueProps {
  readonly run: string;
  readonly lineage: Lineage;
  /** Whether whoever reads the page may start a run. */
  readonly mayStart: boolean;
  readonly status: RunStatus;
  /** Whether the last measurement was clean. */
  readonly isResolved: boolean;
}

interface ContinuesProps {
  readonly alert: ReceiptOf<"alert">;
  readonly lineage: Lineage;
}

/** What this run continues; nothing for a run that starts afresh. */
export function ContinuesSection({ alert, lineage: { ancestors } }: ContinuesProps) {
  const { run, issuer: own } = alert.statement.predicate;
  const [parent, ...before] = ancestors;
  if (!parent) return null;
  const bundle = subjectDigest(alert.statement, "parent") ?? "";
  return (
    <Chapter id="continues" title="It continues another run" receipts={[alert]}>
      <p>
        From <RunName run={parent.run} issuer={parent.issuer} own={own} />: its repository, and what was tried
        there. This deployment says that it checked that whole chain first.
      </p>
      {before.length > 0 && (
        <p>
          Before that:{" "}
          {before.map(({ run, issuer }, i) => (
            <>
              {i > 0 && ", "}
              <RunName run={run} issuer={issuer} own={own} />
            </>
          ))}
          .
        </p>
      )}
      <p class="aside">
        Receipt 0 names the handoff <DigestText digest={parent.handoff} /> and binds{" "}
        <a href={`/api/runs/${run}/artifacts/${bundle}`}>that run’s bundle</a>. The command that checks this
        chain checks the other as well, and the link between them, with <code>--follow</code>.
      </p>
    </Chapter>
  );
}

/** A run by its name; a link if it is one of this deployment. */
function RunName({ run, issuer, own }: { run: string; issuer: string; own: string }) {
  if (issuer === own)
    return (
      <a href={`/runs/${run}`}>
        <code>{run}</code>
      </a>
    );
  return (
    <>
      <code>{run}</code> of <Name text={issuer} />
    </>
  );
}

/** What continues a finished run, and the button that does. */
export function ContinueSection({
  run,
  lineage: { continuedBy },
  mayStart,
  status,
  isResolved,
}: ContinueProps) {
  return (
    <Chapter id="continue" title="Go on from here" receipts={[]}>
      <p>
        A new run starts from this handoff: its repository, what was tried, and what a reviewer said. It
        begins only if this whole chain checks out, and binds it into its own first receipt.{" "}
        {isResolved && "No request fails any more here, so it would find nothing to do."}
        {status === "rejected" &&
          "It does not propose again what was rejected: without a reason that says which way to go, it proposes nothing."}
      </p>
      {mayStart ? (
        <form method="post" action={`/runs/${run}/continue`}>
          <button type="submit">Continue in a new run</button>
        </form>
      ) : (
        <p class="onward">
          <a href={`/sign-in?next=/runs/${run}`}>Sign in to continue in a new run</a>
        </p>
      )}
      {continuedBy.length > 0 && (
        <>
          <p>Runs that say they continue this one:</p>
          <ul class="files">
            {continuedBy.map(({ run: child, notedAt }) => (
              <li>
                <a href={`/runs/${child}`}>
                  <code>{child}</code>
                </a>{" "}
                <Instant at={notedAt} />
              </li>
            ))}
          </ul>
          <p class="aside">
            These notes are unsigned, for this chain ended before them. Each of those runs’ own first receipt
            says whether it is so.
          </p>
        </>
      )}
    </Chapter>
  );
}
