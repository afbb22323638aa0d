// The decision as the page has it now: the form, its box, the proposal it is about. Looked up each time, for the page changes under it.

export interface OpenDecision {
  readonly form: HTMLFormElement;
  readonly box: HTMLTextAreaElement;
  readonly note: HTMLDetailsElement;
  readonly proposal: string;
}

/** The open decision; null where there is none to make. */
export function openDecision(): OpenDecision | null {
  const box = document.getElementById("reason");
  const note = document.getElementById("note");
  if (!(box instanceof HTMLTextAreaElement) || !box.form || !(note instanceof HTMLDetailsElement))
    return null;
  const proposal = box.form.elements.namedItem("proposal");
  if (!(proposal instanceof HTMLInputElement)) return null;
  return { form: box.form, box, note, proposal: proposal.value };
}

/** One of the buttons. */
export function choiceButton(choice: string): HTMLButtonElement | null {
  return document.querySelector<HTMLButtonElement>(`#decision button[value="${choice}"]`);
}
