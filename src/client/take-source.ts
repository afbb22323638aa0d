// The ways in which a visitor hands something in: choosing a file, dropping one. Nothing is read here, and
// nothing is sent anywhere: a file goes to the verifier as it is.
import { part } from "./page-part.ts";
import type { Source } from "./read-source.ts";

/** Called with what was handed in, and what to call it. */
export type Take = (source: Source, name: string) => void;

/** Wires a file input. */
export function takeFile(input: string, take: Take): void {
  const box = part(input, HTMLInputElement);
  box.addEventListener("change", () => {
    const file = box.files?.[0];
    if (file) take(file, file.name);
    // So that the same file, changed on disk, can be chosen again.
    box.value = "";
  });
}

/** Wires dropping: a file dropped inside one of the zones goes there, and one dropped anywhere else to the first zone. */
export function takeDrops(zones: readonly { readonly id: string; readonly take: Take }[]): void {
  const zoneAt = ({ target }: Event) =>
    zones.find(({ id }) => target instanceof Node && part(id).contains(target)) ?? zones[0];
  const highlight = (event: Event | null) => {
    const over = event && zoneAt(event);
    for (const { id } of zones) part(id).classList.toggle("is-over", id === over?.id);
  };
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    highlight(event);
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) highlight(null);
  });
  document.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    highlight(null);
    zoneAt(event)?.take(file, file.name);
  });
}
