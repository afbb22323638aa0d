// Draws what a reviewer changes in a call, line by line, beside the editor. Loaded when somebody edits, never before. Every hidden character is
// spelled out, as in the page's own diffs: an agent may have left some in the text that is being edited.
import { compareTexts } from "../view/compare-texts.ts";
import { showHidden } from "../view/hidden-characters.ts";

/** Most lines that are drawn. */
const MOST_LINES = 400;

const CLASS: Readonly<Record<string, string>> = { "+": "is-added", "-": "is-removed" };

/** The change as the page's tables draw one; null where there is none. */
export function drawDiff(before: string, after: string): HTMLTableElement | null {
  if (before === after) return null;
  const table = document.createElement("table");
  table.className = "unified";
  const widths = ["of-numbers", "of-numbers", ""].map((name) => made("col", name));
  const columns = document.createElement("colgroup");
  columns.append(...widths);
  const body = table.createTBody();
  table.prepend(columns);
  let left = MOST_LINES;
  for (const { lines, oldStart, newStart } of compareTexts(before, after).hunks) {
    let [old, fresh] = [oldStart, newStart];
    body.append(wide("hunk", `@@ −${oldStart} +${newStart} @@`));
    for (const line of lines) {
      if (left-- <= 0) return withRemark(table);
      const [sign = " "] = line;
      const row = made("tr", CLASS[sign] ?? "is-same");
      const numbers = [
        sign === " " || sign === "-" ? old++ : "",
        sign === " " || sign === "+" ? fresh++ : "",
      ];
      row.append(...numbers.map((number) => made("td", "", String(number))), textCell(sign, line.slice(1)));
      body.append(row);
    }
  }
  return table;
}

function textCell(sign: string, text: string): HTMLElement {
  const cell = made("td", "");
  const place = sign === "+" ? made("ins", "") : sign === "-" ? made("del", "") : cell;
  if (place !== cell) cell.append(place);
  const parts = showHidden(text, "code").map((part) =>
    typeof part === "string" ? part : made("u", "", part.code),
  );
  place.append(made("b", "", sign === "-" ? "−" : sign), ...parts);
  return cell;
}

function withRemark(table: HTMLTableElement): HTMLTableElement {
  table.tBodies[0]?.append(
    wide("left-out", `The first ${MOST_LINES} lines of the change; the rest is not shown here.`),
  );
  return table;
}

function wide(name: string, words: string): HTMLElement {
  const cell = made("td", "", words);
  cell.setAttribute("colspan", "3");
  const row = made("tr", name);
  row.append(cell);
  return row;
}

function made(tag: string, name: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
