// The planner's scripts. Their text is fixed but for literals: what an alert says, where a run starts from, and what is put where.
import type { AlertBrief, Inherited } from "../../domain/index.ts";
import { clip, literal } from "../literal.ts";
import { digestOfText } from "../repository.ts";
import type { Insertion } from "./guard.ts";

/** Probe, runbooks, notes, and every source file that the notes name: four calls. What they answer becomes evidence. */
export function writeInvestigation({ title, source }: AlertBrief, inherited: Inherited | null): string {
  const outset = inherited ? `Continues ${inherited.run}, which ended ${inherited.outcome}. ` : "";
  return `async () => {
  const title = ${literal(clip(title, 300))};
  const [{ checks, report }, { notes }] = await Promise.all([browser.run_checkout({}), workspace.read_notes({})]);
  const failures = report.requests.filter(({ failure }) => failure !== null);
  const signs = [...new Set(failures.flatMap((one) => [one.path, one.kind, one.status, one.failure]))].join(" ");
  const listed = notes.flatMap((note) => [...note.body.matchAll(/^- \\x60([^\\x60\\s]+\\.[cm]?js)\\x60/gm)]);
  const [{ results }, { files, missing }] = await Promise.all([
    runbooks.search({ query: (signs || title).slice(0, 500).toWellFormed() }),
    repository.read_files({ paths: listed.map((match) => match[1]) }),
  ]);
  const said = [
    ${literal(`${outset}${clip(source, 300)} reported: `)} + title + ".",
    ...checks.map(({ name, total, failed }) => failed + " of " + total + " " + name + "."),
    failures.length > 0 ? "The first failure says: " + failures[0].failure + "." : "",
    results.length > 0 ? "Closest runbook: " + results[0].title + "." : "No runbook matches.",
    files.length > 0 ? "Read " + files.map((file) => file.path).join(", ") + "." : "The notes name no file that is there.",
    missing.length > 0 ? "Named in the notes, but not there: " + missing.join(", ") + "." : "",
  ];
  return { summary: said.filter((sentence) => sentence !== "").join(" ").slice(0, 1500).toWellFormed() };
}`;
}

/** Reads the file afresh, puts the texts in, and asks for the write. Stops when the file is not the one that was investigated. */
export function writeProposal(path: string, source: string, insertions: readonly Insertion[]): string {
  const steps = insertions.map(({ at, text }) => {
    const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
    return `    { at: ${at}, lines: [\n${lines.map((line) => `      ${literal(line)},\n`).join("")}    ] },\n`;
  });
  return `async () => {
  const path = ${literal(path)};
  const insertions = [
${steps.join("")}  ];
  const file = await repository.read_file({ path });
  if (file.digest !== "${digestOfText(source)}") throw new Error(path + " has changed since the investigation");
  let content = file.content;
  for (const { at, lines } of insertions.reverse()) content = content.slice(0, at) + lines.join("") + content.slice(at);
  return await repository.write_file({ path, content, before: file.digest });
}`;
}
