// The agent's script, and where it stands: stopped before the call that waits, or past it. The line is found in the code; where the call
// is written in more than one place no line is marked, for the receipts do not say which it was.
import type { ToldRound } from "../host/run-story.ts";
import { SourceBox } from "./code-box.tsx";
import { artifactPath } from "./digest-text.tsx";
import { codeLines } from "./highlight.ts";
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
    <section class="card script" aria-label="The agent’s script">
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
      {at !== null && <Excerpt text={text} at={at} ran={ran} waits={!execution} />}
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

function Excerpt({ text, at, ran, waits }: { text: string; at: number; ran: boolean; waits: boolean }) {
  const from = Math.max(0, at - LINES_ABOVE);
  const shown = codeLines("script.js", text).slice(from, at + 1);
  return (
    <ol class="excerpt">
      {shown.map((pieces, i) => {
        const isCall = from + i === at;
        const length = pieces.reduce((sum, piece) => sum + piece.text.length, 0);
        return (
          <li
            class={isCall ? (waits ? "is-paused" : ran ? "is-ran" : "is-stopped") : undefined}
            data-line={from + i + 1}
          >
            <code>{length <= LONGEST_LINE ? <CodeText pieces={pieces} /> : "…"}</code>
            {isCall && (
              <b class="mark">
                <StateSign path={waits ? "M4 3v10M10 3v10" : ran ? "M4 3l8 5l-8 5z" : "M4 4h8v8h-8z"} />
                {waits ? "waits for you" : ran ? "ran" : "not run"}
              </b>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** Paused, played, stopped. */
function StateSign({ path }: { path: string }) {
  return (
    <svg class="state-sign" viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
