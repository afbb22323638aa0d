// Text that keeps its own line breaks: code, JSON, shell lines. Scrolls inside its own box, which takes the keyboard focus,
// so that the page itself never scrolls sideways. Of a text that is too long for the page it shows both ends, and says so.
import { useContext } from "hono/jsx";
import { showHidden } from "./hidden-characters.ts";
import { codeLines } from "./highlight.ts";
import { laidOutJson } from "./laid-out-json.ts";
import { DRAWN_COLOUR, type Ends, endsOf, SharedRoom } from "./room.ts";
import { CodeText, Parts, plain } from "./shown-text.tsx";

interface CodeBoxProps {
  readonly label: string;
  readonly text: string;
  /** `wraps` breaks long lines instead of scrolling; `is-command` is selected whole by one click. */
  readonly as?: "plain" | "wraps" | "is-command";
  /** Where all of it can be had, for a text of any length. */
  readonly exact?: string | undefined;
}

export function CodeBox({ label, text, as = "plain", exact }: CodeBoxProps) {
  const ends = endsOf(text, "code", useContext(SharedRoom));
  return (
    <BothEnds
      {...{ label, as, exact, ends }}
      show={(part) => <Parts parts={showHidden(part, "code")} explained />}
    />
  );
}

/** Source code, coloured by the language that `path` names. Long lines wrap, so that nothing is pushed out of sight. */
export function SourceBox({
  label,
  path,
  text,
  exact,
}: {
  label: string;
  path: string;
  text: string;
  exact?: string;
}) {
  const room = useContext(SharedRoom);
  const ends = endsOf(text, "code", room);
  const show = (part: string) => {
    const lines = codeLines(path, part);
    const colours = lines.flat().filter(({ kind }) => kind !== null).length * DRAWN_COLOUR;
    if (room && room.left < colours) return <Parts parts={showHidden(part, "code")} />;
    if (room) room.left -= colours;
    return lines.map((pieces, i) => (
      <>
        {i > 0 && "\n"}
        <CodeText pieces={pieces} />
      </>
    ));
  };
  return <BothEnds {...{ label, exact, ends, show }} as="wraps" />;
}

interface BothEndsProps extends Pick<CodeBoxProps, "label" | "exact"> {
  readonly as: NonNullable<CodeBoxProps["as"]>;
  readonly ends: Ends;
  readonly show: (part: string) => unknown;
}

function BothEnds({ label, as, exact, ends: { head, tail, left }, show }: BothEndsProps) {
  return (
    <figure class={`code-box ${as}`} aria-label={plain(label, "name")} tabindex={0}>
      <pre>
        <code>{show(head)}</code>
      </pre>
      {left > 0 && (
        <>
          <LeftOut left={left} exact={exact} />
          <pre>
            <code>{show(tail)}</code>
          </pre>
        </>
      )}
    </figure>
  );
}

/** Stands where something is left out: how much, and where to have all of it. */
export function LeftOut({ left, exact }: { left: number; exact?: string | undefined }) {
  return (
    <p class="left-out">
      <b>{left.toLocaleString("en")} bytes are not shown here.</b>
      {exact !== undefined && (
        <>
          {" "}
          <a href={exact} download>
            Download all of it
          </a>
        </>
      )}
    </p>
  );
}

/** A value as indented JSON. */
export function JsonBox({ label, value, exact }: { label: string; value: unknown; exact?: string }) {
  return <CodeBox label={label} text={laidOutJson(value)} as="wraps" exact={exact} />;
}

/** Artifact text: indented when it is JSON of which nothing is lost by that, as it is otherwise. */
export function ArtifactBox({ label, text, exact }: { label: string; text: string | null; exact?: string }) {
  if (text === null) return <p class="aside">These bytes are not text.</p>;
  return <CodeBox label={label} text={indented(text)} as="wraps" exact={exact} />;
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
