// A decision that is being made while the run moves on under it. The words stay, the reviewer is told, and a press that was
// meant for the proposal before never decides on the one after.

import { choiceButton, type OpenDecision, openDecision } from "./decision-form.ts";
import { focusInView, keepFocus } from "./keep-focus.ts";
import { part } from "./page-part.ts";
import { closeReasonBox } from "./reason-box.ts";
import { isSignedAlready } from "./sign-decision.ts";

/** A press so soon after the proposal has changed was aimed at the one before. */
const TOO_SOON_MS = 1_000;

interface HalfMade {
  readonly proposal: string;
  readonly words: string;
  /** The caret, when the reviewer was writing. */
  readonly caret: readonly [number, number] | null;
}

let halfMade: HalfMade | null = null;
let changedAt = Number.NEGATIVE_INFINITY;
let sent = false;

/** To be called when the run has told of a change, before the page has taken it over. */
export function noteChange(): void {
  changedAt = performance.now();
}

/** Refuses a decision that was pressed while the proposal changed, and a request for changes that does not say which. */
export function guardDecision(): void {
  document.addEventListener("submit", (event) => {
    if (event.target !== openDecision()?.form || isSignedAlready(event.target)) return;
    if (performance.now() - changedAt < TOO_SOON_MS) {
      event.preventDefault();
      say("new-proposal", "The run moved on. Nothing was sent: look again.");
      return;
    }
    const choice = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "";
    const { box, note } = openDecision() ?? {};
    if (choice === "request_changes" && box?.value.trim() === "") {
      event.preventDefault();
      say("new-proposal", "Say what to change: the agent works from your words.");
      if (note) note.open = true;
      focusInView(box);
    }
  });
}

/** Notes that a decision is on its way. To be called after everything that may hold one back. */
export function noteSent(): void {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target !== openDecision()?.form) return;
    sent = true;
    halfMade = null;
  });
  addEventListener("pageshow", () => {
    sent = false;
  });
}

/** Remembers what the reviewer was at; the function it gives puts it back into the page as it is then. */
export function carryOver(): () => void {
  const restoreFocus = keepFocus();
  const form = openDecision();
  if (form && !sent) halfMade = { proposal: form.proposal, words: form.box.value, caret: caretOf(form.box) };
  return () => {
    const now = openDecision();
    // Also where there was none before: whatever was pressed at that place was no decision.
    if (now && now.proposal !== form?.proposal) {
      changedAt = performance.now();
      if (!choiceButton(now.form.dataset.choice ?? "approve")) closeReasonBox(false);
    }
    if (now && halfMade && now.proposal !== halfMade.proposal) putBack(now, halfMade);
    if (now) part("moved-on").hidden = true;
    else if (form && !sent) {
      const words = form.box.value.trim();
      const unsent = words === "" ? "" : ` Your note was not sent; copy it here:\n${words}`;
      say("moved-on", `Already decided: ${lastDecision()} just now.${unsent}`);
    }
    restoreFocus();
  };
}

function putBack({ box, note }: OpenDecision, { words, caret }: HalfMade): void {
  if (box.value === "") box.value = words;
  const kept = words.trim() === "" ? "" : " Your note is about the one before.";
  if (words.trim() !== "") note.open = true;
  say("new-proposal", `This is a new revision: read it first.${kept}`);
  const idle = [document.body, part("content")].some((element) => element === document.activeElement);
  if (!caret || !idle) return;
  box.focus({ preventScroll: true });
  box.setSelectionRange(...caret);
}

function caretOf(box: HTMLTextAreaElement): [number, number] | null {
  return document.activeElement === box ? [box.selectionStart, box.selectionEnd] : null;
}

function say(id: "new-proposal" | "moved-on", words: string): void {
  const note = part(id);
  note.textContent = words;
  note.hidden = false;
}

/** The newest decision as the tape tells it: "rejected by alice". */
function lastDecision(): string {
  const line = [...document.querySelectorAll(".receipt.by-human .what")].at(-1);
  return line?.textContent?.trim() || "the time is over";
}
