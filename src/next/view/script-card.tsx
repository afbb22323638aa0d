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
  const ran = execution?.status === "executed";
  const words = !execution
    ? "The agent’s script, stopped here"
    : ran
      ? "The agent’s script, ran"
      : "The agent’s script, never went on";
  return (
    <section
      class="card script"
      id={`script-${round.proposal.revision}${execution ? "-over" : ""}`}
      aria-label="The agent’s script"
    >
      <header>
        <b>{words}</b>
        <span class="aside">
          {!execution && at === null && (
            <>
              at <Path text={call} />
            </>
          )}
        </span>
      </header>
      {at !== null && (
        <Excerpt text={text} at={at} stands={!execution ? "is-paused" : ran ? "is-ran" : "is-stopped"} />
      )}
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

type Stand = "is-paused" | "is-ran" | "is-stopped";

const MARKS: Readonly<Record<Stand, readonly [words: string, sign: string]>> = {
  "is-paused": ["waits for you", "M4 3v10M10 3v10"],
  "is-ran": ["ran", "M4 3l8 5l-8 5z"],
  "is-stopped": ["not run", "M4 4h8v8h-8z"],
};

function Excerpt({ text, at, stands }: { text: string; at: number; stands: Stand }) {
  const from = Math.max(0, at - LINES_ABOVE);
  const [words, sign] = MARKS[stands];
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
                {words}
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
