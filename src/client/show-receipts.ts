// The strip of receipts on the verify page: one row each, and the row that is chosen is the one to break.
import type { JudgedReceipt } from "./judgement.ts";
import { part, type Stamped, stamp } from "./page-part.ts";
import type { Sheet } from "./verifier-protocol.ts";

/** Rows by their receipt's key, kept while the receipt is there so that focus stays where it is. */
const rows = new Map<number, Stamped>();

/** Shows the receipts. `choose` is called with the key of a row that the visitor chooses. */
export function showReceipts(sheet: Sheet, choose: (key: number) => void): void {
  const judged = sheet.judgement?.receipts ?? [];
  const hidden = sheet.keys.length - judged.length;
  part("receipts-count").textContent =
    hidden > 0 ? `the first ${judged.length} of ${sheet.keys.length}` : `${judged.length}`;
  const shown = judged.map((receipt, i) => {
    const key = sheet.keys[i] ?? -1;
    const row = rows.get(key) ?? makeRow(key, choose);
    fillRow(row, receipt, { chosen: key === sheet.chosen?.key, mock: sheet.believesOwn });
    return { key, row };
  });
  const kept = new Set(shown.map(({ key }) => key));
  for (const key of rows.keys()) if (!kept.has(key)) rows.delete(key);
  arrange(
    part("rows"),
    shown.map(({ row }) => row.root),
  );
}

function makeRow(key: number, choose: (key: number) => void): Stamped {
  const row = stamp("row");
  row.slot("radio", HTMLInputElement).addEventListener("change", () => choose(key));
  rows.set(key, row);
  return row;
}

function fillRow(
  { root, slot }: Stamped,
  receipt: JudgedReceipt,
  { chosen, mock }: { chosen: boolean; mock: boolean },
): void {
  const { seq, kind, role, digest, issuedAt, mark, failure } = receipt;
  root.className = `receipt is-${mark}${chosen ? " is-chosen" : ""}`;
  slot("radio", HTMLInputElement).checked = chosen;
  slot("seal").replaceChildren(...(role ? [stamp(`seal-${role}`).root] : []));
  slot("kind").textContent = kind ?? "unreadable";
  slot("digest").textContent = digest ? `${digest.slice(7, 17)}…` : "";
  slot("digest").title = digest ?? "";
  slot("who").textContent = `${seq}${role ? ` · ${signedBy(receipt)}` : ""}`;
  slot("time").textContent = issuedAt?.slice(11, 19) ?? "";
  const held = mock ? "under its own keys" : "✓ verified";
  const words = { holds: held, fails: `✗ ${failure?.code}`, unjudged: "place not judged" };
  slot("mark").className =
    `receipt-mark ${{ holds: mock ? "is-open" : "is-held", fails: "is-failed", unjudged: "is-open" }[mark]}`;
  slot("mark").textContent = words[mark];
}

/** Whose signature a receipt carries, or only claims to. */
export function signedBy({ role, failure }: JudgedReceipt): string {
  return failure?.id === "signature" ? `as if by ${role}` : `signed by ${role}`;
}

/** Puts elements in order, moving only those that are out of it: a moved element would lose the focus. */
export function arrange(parent: Element, wanted: readonly Element[]): void {
  for (const child of [...parent.children]) if (!wanted.includes(child)) child.remove();
  for (const [i, element] of wanted.entries()) {
    const there = parent.children[i];
    if (there !== element) parent.insertBefore(element, there ?? null);
  }
}
