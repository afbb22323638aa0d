// Text that somebody else wrote, as the page shows it: every character where it stands, hidden ones by their code point.
// Must never let such a text reorder what stands around it.

import { showHidden } from "./hidden-characters.ts";
import type { Piece } from "./highlight.ts";

/** A piece of a line of code; `marked` where a changed line differs from the one it replaces. */
export interface MarkedPiece extends Piece {
  readonly marked?: boolean;
}

/** One line of code, coloured. */
export function CodeText({ pieces }: { pieces: readonly MarkedPiece[] }) {
  return (
    <>
      {pieces.map(({ text, kind, marked }) => {
        const shown = <Shown text={text} where="code" />;
        const coloured = kind === null ? shown : <span class={kind}>{shown}</span>;
        return marked ? <mark>{coloured}</mark> : coloured;
      })}
    </>
  );
}

/** Words of an alert, an agent or a reviewer, isolated from the words around them. */
export function Words({ text }: { text: string }) {
  return (
    <bdi>
      <Shown text={text} where="prose" />
    </bdi>
  );
}

/** The same words where no element can stand: a title, a label. */
export function plainWords(text: string): string {
  return showHidden(text, "prose")
    .map((part) => (typeof part === "string" ? part : part.code))
    .join("");
}

function Shown({ text, where }: { text: string; where: "code" | "prose" }) {
  return (
    <>
      {showHidden(text, where).map((part) =>
        typeof part === "string" ? (
          part
        ) : (
          <span class="hidden-character" title={part.what}>
            {part.code}
          </span>
        ),
      )}
    </>
  );
}
