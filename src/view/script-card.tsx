// The agent's script, and where it stands: stopped before the call that waits, or past it. The line is found in the code; where the call
// is written in more than one place no line is marked, for the receipts do not say which it was.
import type { ToldRound } from "../host/run-story.ts";
import { SourceBox } from "./code-box.tsx";
import { artifactPath } from "./digest-text.tsx";
import { codeLines, type Piece } from "./highlight.ts";
import { CodeText, Path } from "./shown-text.tsx";

const LINES_ABOVE = 2;
/** A line that is longer is not drawn in brief: all of the script is a press away. */
const LONGEST_LINE = 400;

interface ScriptProps {
  readonly run: string;
  readonly round: ToldRound;
}

export function ScriptCard({ run, round }: ScriptProps) {
  const { code, execution, action } = round;
  const text = code?.text;
  if (!code || text == null) return null;
  const call = `${action.connector}.${action.method}`;
  const lines = text.split("\n");
  const at = lineOfCall(lines, call);
  const stands = standOf(round);
  return (
    <section
      class="card script"
      id={`script-${round.proposal.revision}${execution ? "-over" : ""}`}
      aria-label="The agent’s script"
    >
      <header>
        <b>The agent’s script {STANDS[stands].title}</b>
        <span class="aside">
          {!execution && at === null && (
            <>
              at <Path text={call} />
            </>
          )}
        </span>
      </header>
      {at !== null && <Excerpt text={text} at={at} stands={stands} />}
      <details class="all-lines">
        <summary>
          {lines.length === 1 ? "Show the line" : `Show all ${lines.length.toLocaleString("en")} lines`}
        </summary>
        <SourceBox
          label="The agent’s script"
          path="script.js"
          text={text}
          exact={artifactPath(run, code.digest.slice(7))}
        />
      </details>
    </section>
  );
}

/** The one line, counted from 0, that makes the call; null where there is none, or more than one. */
export function lineOfCall(lines: readonly string[], call: string): number | null {
  const found = lines.flatMap((line, i) => (line.includes(`${call}(`) ? [i] : []));
  const [at] = found;
  return at !== undefined && found.length === 1 && (lines[at] ?? "").length <= LONGEST_LINE ? at : null;
}

type Stand = "is-paused" | "is-decided" | "is-ran" | "is-stopped" | "is-unsure";

const PAUSE = "M4 3v10M10 3v10";
const STANDS: Readonly<Record<Stand, { title: string; mark: string; sign: string }>> = {
  "is-paused": { title: "stops here", mark: "waits for a decision", sign: PAUSE },
  "is-decided": { title: "stopped here", mark: "decided", sign: PAUSE },
  "is-ran": { title: "ran", mark: "ran", sign: "M4 3l8 5l-8 5z" },
  "is-stopped": { title: "never went on", mark: "not run", sign: "M4 4h8v8h-8z" },
  "is-unsure": { title: "never went on", mark: "may have happened", sign: "M4 4h8v8h-8z" },
};

function standOf({ execution, decisions, missing }: ToldRound): Stand {
  if (!execution) return decisions.length > 0 && missing.length === 0 ? "is-decided" : "is-paused";
  if (execution.status === "executed") return "is-ran";
  return execution.status === "unknown" ? "is-unsure" : "is-stopped";
}

function Excerpt({ text, at, stands }: { text: string; at: number; stands: Stand }) {
  const from = Math.max(0, at - LINES_ABOVE);
  const { mark, sign } = STANDS[stands];
  return (
    <ol class="excerpt">
      {codeLines("script.js", text)
        .slice(from, at + 1)
        .map((pieces, i) => (
          <li class={from + i === at ? stands : undefined} data-line={from + i + 1}>
            <code>{isShort(pieces) ? <CodeText pieces={pieces} /> : "…"}</code>
            {from + i === at && (
              <b class="mark">
                <StateSign path={sign} />
                {mark}
              </b>
            )}
          </li>
        ))}
    </ol>
  );
}

function isShort(pieces: readonly Piece[]): boolean {
  return pieces.reduce((sum, { text }) => sum + text.length, 0) <= LONGEST_LINE;
}

/** Paused, played, stopped. */
function StateSign({ path }: { path: string }) {
  return (
    <svg class="state-sign" viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
