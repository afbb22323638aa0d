// Text that somebody else wrote, as the page shows it: every character where it stands, hidden ones by their code point.
// Must never let such a text reorder or displace what stands around it, or make the page large.
import { useContext } from "hono/jsx";
import { showHidden, type TextPart, type Where } from "./hidden-characters.ts";
import type { Piece } from "./highlight.ts";
import { resourceName } from "./receipt-words.ts";
import { endsOf, SharedRoom } from "./room.ts";

/** A piece of a line of code; `marked` where a changed line differs from the one it replaces. */
export interface MarkedPiece extends Piece {
  readonly marked?: boolean;
}

/** Of so many hidden characters in a text each says what it is, where a pointer rests on it. */
const EXPLAINED = 40;

/** One line of code, coloured. */
export function CodeText({ pieces }: { pieces: readonly MarkedPiece[] }) {
  return (
    <>
      {pieces.map(({ text, kind, marked }) => {
        const shown = <Parts parts={showHidden(text, "code")} />;
        const coloured = kind === null ? shown : <span class={kind}>{shown}</span>;
        return marked ? <mark>{coloured}</mark> : coloured;
      })}
    </>
  );
}

/** Words of an alert, an agent or a reviewer, isolated from the words around them. */
export function Words({ text }: { text: string }) {
  return <Isolated text={text} where="prose" />;
}

/** The title of an alert: words, in which no white space is lost. */
export function Title({ text }: { text: string }) {
  return <Isolated text={text} where="title" />;
}

/** What somebody or something is called. Another name never looks the same for white space that a page does not show. */
export function Name({ text }: { text: string }) {
  return <Isolated text={text} where="name" />;
}

/** A path. Each space in it is spelled out: where a line breaks, a plain one would not be seen. */
export function Path({ text }: { text: string }) {
  return (
    <code class="path">
      <Isolated text={text} where="path" />
    </code>
  );
}

/** What an effect is on. A file is called by its path alone; any other kind of thing keeps its prefix. */
export function Resource({ text }: { text: string }) {
  return <Path text={resourceName(text)} />;
}

/** The same where no element can stand: the window's title, a label. */
export function plain(text: string, where: Where): string {
  return showHidden(text, where)
    .map((part) => (typeof part === "string" ? part : part.code))
    .join("");
}

function Isolated({ text, where }: { text: string; where: Where }) {
  const { head, tail, left } = endsOf(text, where, useContext(SharedRoom));
  return (
    <bdi>
      <Parts parts={showHidden(head, where)} explained />
      {left > 0 && (
        <>
          {" "}
          <span class="left-out">{left.toLocaleString("en")} bytes are not shown</span>{" "}
          <Parts parts={showHidden(tail, where)} explained />
        </>
      )}
    </bdi>
  );
}

/** The parts of a text; hidden ones as little markup as can be, for a text may be made of them. */
export function Parts({ parts, explained = false }: { parts: readonly TextPart[]; explained?: boolean }) {
  const titled = explained && parts.length <= EXPLAINED;
  return (
    <>
      {parts.map((part) =>
        typeof part === "string" ? part : <u title={titled ? part.what : undefined}>{part.code}</u>,
      )}
    </>
  );
}
