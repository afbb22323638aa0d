// What was done to the chain, what came of it, and the way back.
import { failuresOf, sentence } from "./check-words.ts";
import type { Judgement } from "./judgement.ts";
import { bold, part } from "./page-part.ts";
import type { Sheet } from "./verifier-protocol.ts";

/** Shows what was done so far. */
export function showBreaking(sheet: Sheet): void {
  const { judgement, changes, chosen } = sheet;
  part("break").dataset.key = String(chosen?.key ?? -1);
  part("other-named").textContent =
    sheet.otherRun === null ? "The other run is made up in this tab" : `The other run is ${sheet.otherRun}`;
  const said = changes.map((change) => `You ${change}.`);
  part("changes-section").hidden = said.length === 0;
  part("changes").replaceChildren(
    ...said.map((words) => {
      const line = document.createElement("li");
      line.textContent = words;
      return line;
    }),
  );
  const bar = part("bar");
  bar.hidden = said.length === 0 || !judgement;
  bar.className = `bar is-${sheet.believesOwn && judgement?.verdict !== "invalid" ? "mock" : judgement?.verdict}`;
  if (judgement) part("bar-words").replaceChildren(...barWords(judgement, sheet.believesOwn));
  part("bar-said").textContent = said.at(-1) ?? "";
  showBelief(sheet);
}

function barWords(judgement: Judgement, believesOwn: boolean): (Node | string)[] {
  const failures = failuresOf(judgement);
  const [first] = failures;
  if (judgement.verdict !== "invalid" || !first) {
    return [bold(`${sentence(judgement.verdict)}${believesOwn ? ", under its own keys" : ""}. `)];
  }
  const codes = failures.map((failure) => failure.code).join(", ");
  return [bold(`✗ ${codes}. `), `${first.where} ${first.meaning || first.message} `];
}

function showBelief({ resigned, believesOwn, judgement }: Sheet): void {
  part("believe").hidden = !resigned;
  part("believe-pinned", HTMLInputElement).checked = !believesOwn;
  part("believe-own", HTMLInputElement).checked = believesOwn;
  if (!resigned) return;
  part("believe-words").textContent = !believesOwn
    ? "Under the keys that you pinned, none of it counts: nobody whom you trust signed it."
    : judgement?.verdict === "invalid"
      ? "Even with keys that are believed, the rules of a run refuse this. A forger with every key still has to tell a lawful story."
      : "Under the keys that came with it, it passes. Any chain does. That is why you pin keys: take them from somewhere you trust, never from whoever hands you the chain.";
}
