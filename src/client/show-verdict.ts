// Shows the verdict of the verify page in one line, how it came about, what caught a cheat, and what was not checked.

import {
  caughtWords,
  failuresOf,
  GROUPS,
  groupWords,
  type KeySource,
  receipts,
  sentence,
} from "./check-words.ts";
import type { CheckGroup, Judgement } from "./judgement.ts";
import { code, part, stamp } from "./page-part.ts";
import type { Sheet } from "./verifier-protocol.ts";

/** Failures that stand beside the verdict; all of them stand under "Checked". */
const TOLD = 2;

/** Shows a sheet's judgement. */
export function showVerdict(sheet: Sheet, judgement: Judgement, keys: KeySource): void {
  const { verdict } = judgement;
  const mock = keys === "made here" && verdict !== "invalid";
  part("verdict").className = `verdict is-${mock ? "mock" : verdict}`;
  setText("verdict-title", titleOf(sheet, judgement, mock));
  setText("verdict-result", mock || !judgement.result ? "" : `${sentence(judgement.result)}.`);
  setText("verdict-how", howOf(sheet, judgement, keys, mock));
  showFailures(judgement);
  const told = failuresOf(judgement).map(({ where, meaning, code }) => `${where} ${meaning} ${code}`);
  setText("announcement", [part("verdict-title").textContent, ...told].join(" "));
  showChecks(judgement);
  showUnchecked(judgement, keys);
}

function titleOf({ changes }: Sheet, { verdict }: Judgement, mock: boolean): string {
  if (mock) return "✓ Valid, under keys made in this tab.";
  if (verdict === "invalid") return changes.length > 0 ? "✗ Caught." : "✗ Invalid.";
  return verdict === "valid" ? "✓ Valid." : "Incomplete.";
}

function howOf({ changes }: Sheet, judgement: Judgement, keys: KeySource, mock: boolean): string {
  const { verdict, count, ms } = judgement;
  const done = changes.at(-1);
  if (mock)
    return "It proves nothing: whoever made the chain made the keys. Take keys from somebody you trust, never from beside the chain.";
  if (verdict === "invalid") {
    if (done === undefined) return "Do not rely on it.";
    const suppose = keys === "made here" ? " Even with every key of the server it does not pass." : "";
    return `You ${done}.${suppose}`;
  }
  const whose = {
    sample: "the sample’s own, with public seeds",
    deployment: `from ${location.host} itself`,
    given: "your own trust policy",
    "made here": "",
  }[keys];
  const how = `Keys: ${whose}. ${receipts(count)}, ${Math.max(1, Math.round(ms))} ms.`;
  return verdict === "valid"
    ? `All ${count} signatures match, the chain is unbroken and the run is complete. ${how}`
    : `All ${count} signatures match and the chain is unbroken so far. The run goes on, or its end was cut off. ${how}`;
}

function showFailures(judgement: Judgement): void {
  const told = failuresOf(judgement).filter((failure) => failure.code !== "ERR_INCOMPLETE");
  part("failures").replaceChildren(
    ...told.slice(0, TOLD).map((failure) => {
      const { root, slot } = stamp("failure");
      slot("where").textContent = failure.where;
      slot("meaning").textContent = failure.meaning;
      slot("code").textContent = failure.code;
      return root;
    }),
  );
}

/** Each cheat that was tried keeps what caught it. */
const caught = new Map<string, string>();

/** Marks the cheat that stands, and what caught those that were tried. */
export function showCheats({ cheat, changes, judgement, resigned, believesOwn }: Sheet): void {
  if (cheat && judgement?.verdict === "invalid" && !believesOwn) caught.set(cheat, caughtWords(judgement));
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("[data-cheat]")];
  for (const button of buttons) {
    const { cheat: how = "" } = button.dataset;
    button.disabled = judgement === null;
    button.setAttribute("aria-pressed", String(how === cheat));
    const words = caught.get(how);
    part(`caught-${how}`).textContent = words === undefined ? "" : `✗ ${words}`;
  }
  part("caught-count").textContent = caught.size > 0 ? `${caught.size} of ${buttons.length} caught` : "";
  for (const id of ["restart", "undo"]) part(id, HTMLButtonElement).disabled = changes.length === 0;
  part("believe-box").hidden = !resigned;
  part("believe", HTMLInputElement).checked = believesOwn;
}

/** Forgets what was caught: another chain is laid out. */
export function forgetCaught(): void {
  caught.clear();
}

function showChecks(judgement: Judgement): void {
  const told = GROUPS.flatMap(({ id, title }) => {
    const group = judgement.groups.find((each) => each.id === id);
    const words = groupWords(id, group, judgement.count);
    return words === null ? [] : [{ id, title, group, words }];
  });
  const passed = judgement.groups.reduce((sum, group) => sum + group.passed, 0);
  const failed = judgement.groups.reduce((sum, group) => sum + group.failed, 0);
  part("checked-count").textContent = failed > 0 ? `${passed} hold, ${failed} fail` : `${passed} checks`;
  part("checks").replaceChildren(
    ...told.map(({ title, group, words }) => {
      const { root, slot } = stamp("check");
      const state = stateOf(group, judgement);
      root.className = state;
      slot("mark").textContent = { "is-open": "·", "is-failed": "✗", "is-held": "✓" }[state];
      slot("title").textContent = `${title}.`;
      slot("words").textContent = words;
      const failures = group?.checks.filter(({ ok }) => !ok) ?? [];
      slot("each").replaceChildren(...failures.map(describeCheck));
      return root;
    }),
  );
}

/** A run that is still open has not failed at its end. */
function stateOf(group: CheckGroup | undefined, { verdict }: Judgement) {
  if (!group || (group.failed > 0 && verdict === "incomplete")) return "is-open";
  return group.failed > 0 ? "is-failed" : "is-held";
}

function describeCheck(check: CheckGroup["checks"][number]): HTMLElement {
  const line = document.createElement("li");
  const where = check.seq === undefined ? "" : `Receipt ${check.seq}: `;
  line.append(`${where}${sentence(check.message)}. `, code(check.code ?? ""));
  return line;
}

/** What the verifier itself leaves open, and what this page adds to that. */
function showUnchecked({ verdict, head, notChecked }: Judgement, keys: KeySource): void {
  const notes = {
    sample: ["who signed the sample: the seeds of its keys are public, so anybody can"],
    deployment: [
      `that ${location.origin} tells the truth about its keys: it was asked when this page loaded`,
    ],
    given: [],
    "made here": ["that anybody stands behind these keys: nobody does"],
  }[keys];
  const lines = [...notes, ...notChecked].map((words) => [`${sentence(words)}.`]);
  const kept = verdict === "invalid" || head === null ? [] : [["The head, to keep: ", code(head)]];
  part("unchecked").replaceChildren(
    ...[...lines, ...kept].map((words) => {
      const line = document.createElement("li");
      line.append(...words);
      return line;
    }),
  );
}

function setText(id: string, text: string): void {
  const element = part(id);
  // A live region speaks when it is written to, even if nothing is new.
  if (element.textContent !== text) element.textContent = text;
}
