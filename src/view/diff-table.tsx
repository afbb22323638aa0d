// A change as a reader may choose to see it: unified, or side by side where there is room, by a control that needs no
// script. Long lines wrap, so that nothing is pushed out of sight. Never draws only a part without saying so.
import { useContext } from "hono/jsx";
import { SplitTable, UnifiedTable } from "./diff-rows.tsx";
import { type DrawnChange, drawChange } from "./drawn-change.ts";
import { SharedRoom } from "./room.ts";
import { Path, plain } from "./shown-text.tsx";
import type { FileChange } from "./story.ts";

interface DiffTableProps {
  /** Tells one change on the page from another. */
  readonly id: string;
  readonly change: FileChange;
  /** Where all of the call can be had. */
  readonly exact?: string;
  /** True for the change that is decided on, which has room of its own. */
  readonly isNewest?: boolean;
}

export function DiffTable({ id, change, exact, isNewest = false }: DiffTableProps) {
  const { path, after, isNew, isText } = change;
  const shared = useContext(SharedRoom);
  const drawn = drawChange(change, isNewest ? null : shared);
  const { hunks, added, removed, ends } = drawn;
  const splits = !isNew && hunks.length > 0 && drawn.isShort;
  const label = `Changes to ${plain(path, "path")}`;
  return (
    <figure class="diff">
      <figcaption>
        <Path text={path} />
        <span>
          {isNew && "new file, "}
          {after === "" && !isNew && "left empty, "}
          {ends}
          <span class="added">+{added}</span> <span class="removed">−{removed}</span>
          <span class="unseen"> lines</span>
        </span>
        {splits && <ViewSwitch id={id} />}
      </figcaption>
      {!isText && (
        <p class="diff-warning">
          <b>The file as it is now is no UTF-8 text.</b> � stands here for bytes of it that are no character.
        </p>
      )}
      <Remarks drawn={drawn} isNew={isNew} exact={exact} />
      {hunks.length === 0 && <p>{unchanged(isNew, isText)}</p>}
      {hunks.length > 0 && <UnifiedTable label={label} hunks={hunks} />}
      {splits && <SplitTable label={`${label}, side by side`} hunks={hunks} />}
    </figure>
  );
}

function unchanged(isNew: boolean, isText: boolean): string {
  if (isNew) return "A new file without content.";
  return isText ? "The content stays as it is." : "Only bytes that are no character change.";
}

function ViewSwitch({ id }: { id: string }) {
  return (
    <fieldset class="diff-view">
      <legend class="unseen">How to show the change</legend>
      <label>
        <input type="radio" name={`${id}-view`} value="unified" checked /> Unified
      </label>
      <label>
        <input type="radio" name={`${id}-view`} value="split" /> Side by side
      </label>
    </fieldset>
  );
}

interface RemarksProps {
  readonly drawn: DrawnChange;
  readonly isNew: boolean;
  readonly exact: string | undefined;
}

function Remarks({ drawn, isNew, exact }: RemarksProps) {
  const { hidden, marks } = drawn.hidden;
  return (
    <>
      {hidden > 0 && (
        <p class="diff-warning">
          <b>
            {hidden === 1 ? "One character here cannot" : `${hidden} characters here cannot`} be seen as such,
            or would change the order in which text is shown.
          </b>{" "}
          Each stands as its code point, such as <u>U+202E</u>.
        </p>
      )}
      {marks > 0 && (
        <p class="diff-warning">
          <b>{marks.toLocaleString("en")} marks stand in runs that no script has.</b> Drawn, they would cover
          other text. Each run stands as its code point and count, such as <u>U+0301 ×200</u>.
        </p>
      )}
      {!drawn.matched && !isNew && (
        <p class="diff-warning">
          <b>Too much differs to match lines.</b> The whole file before comes first, then the whole file
          after.
        </p>
      )}
      {drawn.left > 0 && (
        <p class="diff-warning">
          <b>This change is not shown in full: {drawn.left.toLocaleString("en")} bytes of it are left out.</b>
          {exact !== undefined && (
            <>
              {" "}
              <a href={exact} download>
                Download the exact call
              </a>{" "}
              and read them before you decide.
            </>
          )}
        </p>
      )}
    </>
  );
}
