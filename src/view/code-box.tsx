// Text that keeps its own line breaks: code, JSON, shell lines. Scrolls inside its own box, which takes the keyboard focus,
// so that the page itself never scrolls sideways.

import { codeLines } from "./highlight.ts";
import { laidOutJson } from "./laid-out-json.ts";
import { CodeText } from "./shown-text.tsx";

interface CodeBoxProps {
  readonly label: string;
  readonly text: string;
  /** `wraps` breaks long lines instead of scrolling; `is-command` is selected whole by one click. */
  readonly as?: "plain" | "wraps" | "is-command";
}

export function CodeBox({ label, text, as = "plain" }: CodeBoxProps) {
  return (
    <figure class={`code-box ${as}`} aria-label={label} tabindex={0}>
      <pre>
        <code>
          <CodeText pieces={[{ text, kind: null }]} />
        </code>
      </pre>
    </figure>
  );
}

/** Source code, coloured by the language that `path` names. Long lines wrap, so that nothing is pushed out of sight. */
export function SourceBox({ label, path, text }: { label: string; path: string; text: string }) {
  const lines = codeLines(path, text);
  return (
    <figure class="code-box wraps" aria-label={label} tabindex={0}>
      <pre>
        <code>
          {lines.map((pieces, i) => (
            <>
              {i > 0 && "\n"}
              <CodeText pieces={pieces} />
            </>
          ))}
        </code>
      </pre>
    </figure>
  );
}

/** A value as indented JSON. */
export function JsonBox({ label, value }: { label: string; value: unknown }) {
  return <CodeBox label={label} text={laidOutJson(value)} as="wraps" />;
}

/** Artifact text: indented when it is JSON of which nothing is lost by that, as it is otherwise. */
export function ArtifactBox({ label, text }: { label: string; text: string | null }) {
  if (text === null) return <p class="aside">These bytes are not text.</p>;
  return <CodeBox label={label} text={indented(text)} as="wraps" />;
}

function indented(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === minified(text) ? laidOutJson(value) : text;
  } catch {
    return text;
  }
}

/** JSON text without white space and needless escapes. A number too long for JavaScript, or a name that comes twice, stays in it. */
function minified(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|\s+/g, (part) =>
    part.startsWith('"') ? JSON.stringify(JSON.parse(part)) : "",
  );
}
