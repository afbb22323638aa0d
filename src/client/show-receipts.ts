// The tape of the verify page: one line for each receipt, with what it claims and whether it holds.

import { sentence } from "./check-words.ts";
import type { JudgedReceipt, Judgement } from "./judgement.ts";
import { part, stamp } from "./page-part.ts";

/** Shows the receipts. `mock`: under keys made in this tab. */
export function showReceipts(judgement: Judgement, mock: boolean): void {
  const { receipts, count } = judgement;
  const hidden = count - receipts.length;
  part("receipts-count").textContent = hidden > 0 ? `the first ${receipts.length} of ${count}` : `${count}`;
  part("rows").replaceChildren(...receipts.map((receipt) => makeRow(receipt, mock)));
}

function makeRow(receipt: JudgedReceipt, mock: boolean): HTMLElement {
  const { kind, role, words, digest, mark, failure, seq } = receipt;
  const { root, slot } = stamp("row");
  root.className = `proof-line is-${mark}`;
  slot("seal").replaceChildren(...(role ? [stamp(`seal-${role}`).root] : []));
  slot("kind").textContent = `${seq} ${sentence(kind ?? "unreadable")}`;
  slot("kind").title = digest ?? "";
  slot("mark").textContent = {
    holds: mock ? "own keys" : "✓",
    fails: `✗ ${failure?.code ?? ""}`,
    unjudged: "not reached",
  }[mark];
  const who = document.createElement("span");
  who.className = "unseen";
  who.textContent = role ? `${failure?.id === "signature" ? "Claims: " : "Signed by the "}${role}: ` : "";
  const said = document.createElement("bdi");
  said.textContent = words ?? "Its payload cannot be read.";
  slot("words").replaceChildren(who, said);
  return root;
}
