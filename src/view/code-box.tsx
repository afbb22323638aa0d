// Text that keeps its own line breaks: code, JSON, shell lines. Scrolls inside its own box, which takes the keyboard focus,
// so that the page itself never scrolls sideways.

interface CodeBoxProps {
  readonly label: string;
  readonly text: string;
  /** `wraps` breaks long lines instead of scrolling; `is-command` is selected whole by one click. */
  readonly as?: "plain" | "wraps" | "is-command";
}

export function CodeBox({ label, text, as = "plain" }: CodeBoxProps) {
  return (
    <section class={`code-box ${as}`} aria-label={label} tabindex={0}>
      <pre>
        <code>{text}</code>
      </pre>
    </section>
  );
}

/** A value as indented JSON. */
export function JsonBox({ label, value }: { label: string; value: unknown }) {
  return <CodeBox label={label} text={JSON.stringify(value, null, 2) ?? "nothing"} as="wraps" />;
}

/** Artifact text: indented when it is JSON, as it is otherwise. */
export function ArtifactBox({ label, text }: { label: string; text: string | null }) {
  if (text === null) return <p class="aside">These bytes are not text.</p>;
  return <CodeBox label={label} text={indented(text)} as="wraps" />;
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
