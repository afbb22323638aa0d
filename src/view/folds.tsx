// The story of how it came to this, folded to one line a chapter: earlier rounds, what was looked at, the alert, the exact call, lineage.
import type { Json } from "../domain/index.ts";
import type { RunStory, ToldCall } from "../host/run-story.ts";
import { ArtifactBox, JsonBox } from "./code-box.tsx";
import { DiffCard } from "./diff-card.tsx";
import { artifactPath, DigestText } from "./digest-text.tsx";
import type { DrawnRound } from "./drawn-round.ts";
import { ChangeWords } from "./facts.tsx";
import { Instant } from "./instant.tsx";
import { laidOutJson } from "./laid-out-json.ts";
import { DecidedBy } from "./result-card.tsx";
import { Name, Path, plain, Resource, Title, Words } from "./shown-text.tsx";
import { settlingOf } from "./status-words.ts";

/** A round that is over, on one line; what it asked, and what a human said to it. */
export function EarlierRound({ run, drawn }: { run: string; drawn: DrawnRound }) {
  const { proposal, action, execution } = drawn.round;
  const settled = settlingOf(drawn.round);
  const exact = artifactPath(run, action.digest.slice(7));
  const end = settled
    ? { approve: "approved", reject: "rejected", request_changes: "sent back" }[settled.decision]
    : "not decided";
  return (
    <details class="fold" id={`round-${proposal.digest.slice(7, 19)}`}>
      <summary>
        Revision {proposal.revision}: <Title text={proposal.title} />
        <span class="aside">
          {end}
          {settled && (
            <>
              {" "}
              by <Name text={settled.reviewer.id} />
            </>
          )}
        </span>
      </summary>
      <div>
        {settled && (
          <p>
            {settled.decision === "approve"
              ? "Approved"
              : settled.decision === "reject"
                ? "Rejected"
                : "Sent back"}{" "}
            <DecidedBy decision={settled} />
          </p>
        )}
        <p class="words">
          <Words text={proposal.summary} />
        </p>
        {drawn.cards.length === 0 ? (
          <p>
            <ChangeWords drawn={drawn} />
          </p>
        ) : (
          drawn.cards.map((card) => <DiffCard card={card} exact={exact} />)
        )}
        {execution && execution.reason !== "" && (
          <p class="words">
            <Words text={execution.reason} />
          </p>
        )}
        <p class="aside">
          <a href={exact}>Exact call</a> <DigestText digest={action.digest} />
        </p>
      </div>
    </details>
  );
}

/** What the agent looked at before it proposed, call by call. */
export function LookedAt({ story }: { story: RunStory }) {
  const { evidence, view } = story;
  const calls = evidence.reduce((sum, one) => sum + one.calls.length, 0);
  if (evidence.length === 0) return null;
  return (
    <details class="fold" id="evidence">
      <summary>
        What the agent looked at <span class="aside">{counted(calls, "call")}</span>
      </summary>
      <div>
        {evidence.map((one) => (
          <>
            {one.summary.trim() !== "" && (
              <p class="words">
                <Words text={one.summary} />
              </p>
            )}
            <ol class="calls">
              {one.calls.map((call) => (
                <Call run={view.run} call={call} />
              ))}
            </ol>
            {one.told && (
              <p class="aside">
                <a href={artifactPath(view.run, one.told.digest.slice(7))}>
                  What the model was told and said
                </a>
              </p>
            )}
            {one.code.text !== null && one.code.text !== "" && (
              <p class="aside">
                <a href={artifactPath(view.run, one.code.digest.slice(7))}>Script of this investigation</a>{" "}
                <DigestText digest={one.code.digest} />, planner <Name text={one.planner} />
              </p>
            )}
          </>
        ))}
      </div>
    </details>
  );
}

/** So much of the arguments stands beside a call's name. */
const LONGEST_ARGUMENTS = 80;

function Call({ run, call }: { run: string; call: ToldCall }) {
  const args = inBrief(call.args);
  return (
    <li>
      <details>
        <summary>
          {call.line === null ? null : <Words text={call.line} />}{" "}
          <span class="aside">
            <Path text={`${call.connector}.${call.method}`} />
            {args !== "" && <code>({plain(args, "code")})</code>}
          </span>
        </summary>
        <JsonBox
          label="What it answered"
          value={call.result}
          exact={artifactPath(run, call.digest.slice(7))}
        />
      </details>
    </li>
  );
}

function inBrief(args: Json): string {
  if (args === null || (typeof args === "object" && Object.keys(args).length === 0)) return "";
  const text = JSON.stringify(args);
  return text.length > LONGEST_ARGUMENTS ? `${text.slice(0, LONGEST_ARGUMENTS).toWellFormed()}…` : text;
}

/** The alert as it came in. */
export function AlertFold({ story }: { story: RunStory }) {
  const { alert, view, notes } = story;
  if (!alert) return null;
  return (
    <details class="fold" id="alert">
      <summary>
        The alert{" "}
        <span class="aside">
          <Name text={alert.source} />, <Instant at={alert.firedAt} />
        </span>
      </summary>
      <div>
        <p class="words">
          <Title text={alert.title} />
        </p>
        <p class="aside">
          Started by <Name text={alert.startedBy.id} /> (<Name text={alert.startedBy.method} />
          ), at the deployment that calls itself <Name text={alert.issuer} />.
        </p>
        {notes.repeated && (
          <p>
            It fired again at <Instant at={notes.repeated.at} />.
          </p>
        )}
        <ArtifactBox
          label="The alert"
          text={alert.artifact.text}
          exact={artifactPath(view.run, alert.artifact.digest.slice(7))}
        />
      </div>
    </details>
  );
}

/** The call as it is signed, and every digest that a decision is about. */
export function ExactCall({ story, drawn }: { story: RunStory; drawn: DrawnRound }) {
  const { action, proposal, preview } = drawn.round;
  const { run } = story.view;
  const exact = artifactPath(run, action.digest.slice(7));
  return (
    <details class="fold" id="exact">
      <summary>
        Exact call and digests <span class="aside">{action.digest.slice(7, 17)}…</span>
      </summary>
      <div>
        <JsonBox
          label="The exact call"
          value={{ connector: action.connector, method: action.method, args: action.args }}
          exact={exact}
        />
        <dl class="digests">
          <dt>Exact call</dt>
          <dd>
            <a href={exact}>
              <code>{action.digest}</code>
            </a>
          </dd>
          <dt>Proposal</dt>
          <dd>
            <code>{proposal.digest}</code>
          </dd>
          {preview && (
            <>
              <dt>Preview</dt>
              <dd>
                <code>{preview.digest}</code>
              </dd>
            </>
          )}
        </dl>
        {story.policy && (
          <p class="aside">
            The rule: <Words text={story.policy.rule} />
          </p>
        )}
      </div>
    </details>
  );
}

/** What the next run starts from. */
export function HandedOn({ story }: { story: RunStory }) {
  const resources = Object.entries(story.handoff?.resources ?? {});
  if (resources.length === 0) return null;
  return (
    <details class="fold" id="handoff">
      <summary>
        What is handed on <span class="aside">{counted(resources.length, "resource")}</span>
      </summary>
      <div>
        <ul class="resources">
          {resources.slice(0, 200).map(([name, digest]) => (
            <li>
              <a href={artifactPath(story.view.run, digest.slice(7))}>
                <Resource text={name} />
              </a>{" "}
              <DigestText digest={digest} />
            </li>
          ))}
        </ul>
        {resources.length > 200 && <p class="left-out">{resources.length - 200} more are not listed here.</p>}
        <p class="aside">
          <a href={artifactPath(story.view.run, subjectOfReport(story))}>Report of the last measurement</a>
        </p>
        {story.outcome &&
          story.outcome.report !== null &&
          laidOutJson(story.outcome.report).length < 20_000 && (
            <JsonBox label="Report of the last measurement" value={story.outcome.report} />
          )}
      </div>
    </details>
  );
}

function subjectOfReport({ receipts }: RunStory): string {
  const outcome = receipts.find(({ kind }) => kind === "outcome");
  return outcome?.statement.subject[0]?.digest.sha256 ?? "";
}

function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}
