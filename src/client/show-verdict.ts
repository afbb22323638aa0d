// Shows the verdict of the verify page, the checks behind it, and what they leave open.
import type { Check } from "../chain/verify.ts";
import { failuresOf, GROUPS, groupWords, type KeySource, receipts, sentence } from "./check-words.ts";
import type { CheckGroup, Judgement } from "./judgement.ts";
import { bold, code, part, stamp } from "./page-part.ts";

/** Shows a judgement. */
export function showVerdict(judgement: Judgement, keys: KeySource): void {
  const { verdict } = judgement;
  const mock = keys === "made here" && verdict !== "invalid";
  part("verdict").className = `verdict is-${mock ? "mock" : verdict}`;
  const title = { valid: "Valid", incomplete: "Incomplete", invalid: "Invalid" }[verdict];
  setText("verdict-title", mock ? `${title}, under keys made in this tab` : title);
  setText("verdict-words", verdictWords(judgement, keys, mock));
  showFailures(judgement);
  announce(judgement);
  showChecks(judgement, keys);
  showUnchecked(judgement, keys);
}

function verdictWords({ verdict, count, ms }: Judgement, keys: KeySource, mock: boolean): string {
  const how = `This browser replayed ${receipts(count)} in ${Math.max(1, Math.round(ms))} ms.`;
  if (mock) return `${how} It proves nothing: whoever made the chain made the keys.`;
  const whose =
    keys === "given" ? "your own trust policy" : `the keys that ${location.host} lists for itself`;
  switch (verdict) {
    case "valid":
      return `${how} Under ${whose}, each was signed by the role that owns its step, and together they are one whole run that keeps every rule.`;
    case "incomplete":
      return `${how} All of it holds under ${whose}, but it does not end in a handoff: the run goes on, or its end was cut off.`;
    case "invalid":
      return `${how} Do not rely on this chain.`;
  }
}

function showFailures(judgement: Judgement): void {
  const told = failuresOf(judgement).filter((failure) => failure.code !== "ERR_INCOMPLETE");
  part("failures").replaceChildren(
    ...told.map((failure) => {
      const { root, slot } = stamp("failure");
      slot("code").textContent = failure.code;
      slot("where").textContent = failure.where;
      slot("message").textContent = failure.message;
      slot("why").textContent = failure.meaning;
      return root;
    }),
  );
}

/** For those who listen to the page: the verdict, and what it rests on, once for each change. */
function announce(judgement: Judgement): void {
  const told = failuresOf(judgement).map(({ code, where, meaning }) => `${code}. ${where} ${meaning}`);
  setText("announcement", [part("verdict-title").textContent, ...told].join(". "));
}

function showChecks(judgement: Judgement, keys: KeySource): void {
  const opened = openDetails("checks");
  part("checks").replaceChildren(
    ...GROUPS.map(({ id, title }, i) => {
      const group = judgement.groups.find((each) => each.id === id);
      const { root, slot } = stamp("check");
      const state = stateOf(group, judgement);
      root.classList.add(state);
      slot("mark").textContent = { "is-open": "·", "is-failed": "✗", "is-held": "✓" }[state];
      const each = group && group.passed + group.failed > 1 ? group.checks : [];
      const line = [bold(title), ` ${groupWords(id, group, judgement, keys)}`];
      slot("plain").hidden = each.length > 0;
      slot("fold").hidden = each.length === 0;
      slot(each.length > 0 ? "summary" : "plain").append(...line);
      slot("fold").toggleAttribute("open", opened.has(i));
      slot("each").replaceChildren(...each.map(describeCheck));
      return root;
    }),
  );
}

/** A run that is still open has not failed at its end. */
function stateOf(group: CheckGroup | undefined, { verdict }: Judgement) {
  if (!group || (group.failed > 0 && verdict === "incomplete")) return "is-open";
  return group.failed > 0 ? "is-failed" : "is-held";
}

function describeCheck(check: Check): HTMLElement {
  const line = document.createElement("li");
  if (!check.ok) line.append(code(check.code ?? ""), " ");
  line.append(`${check.seq === undefined ? "" : `Receipt ${check.seq}: `}${sentence(check.message)}.`);
  return line;
}

/** What the visitor has unfolded stays unfolded when the list is written anew. */
function openDetails(id: string): Set<number> {
  const folds = [...part(id).querySelectorAll("details")];
  return new Set(folds.flatMap((fold, i) => (fold.open ? [i] : [])));
}

/** What the verifier itself leaves open, and what this page adds to that. */
function showUnchecked({ verdict, head, notChecked }: Judgement, keys: KeySource): void {
  const notes = {
    deployment: [
      `that ${location.origin} tells the truth about its keys: it was asked when this page loaded`,
    ],
    given: [],
    "made here": ["that anybody stands behind these keys: nobody does"],
  }[keys];
  const lines = [...notChecked, ...notes].map((words) => [`${sentence(words)}.`]);
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
