// Writes the investigation: probe, runbooks, notes, and every source file that the notes name.
// The script only reads. What it finds becomes evidence through the log of its calls, not through its summary.
import type { AlertBrief, HandedOn } from "./planner.ts";
import { tellOutset } from "./recall.ts";
import { clip, literal } from "./script-literal.ts";

const MAX_TITLE = 300;

/** The script's text is fixed but for the alert's title and source and what was handed on, which go in as literals. */
export function writeInvestigation(alert: AlertBrief, handedOn: HandedOn | null): string {
  return `async () => {
  const title = ${literal(clip(alert.title, MAX_TITLE))};
  const source = ${literal(clip(alert.source, MAX_TITLE))};
  const outset = ${literal(handedOn ? tellOutset(handedOn) : "")};

  const probe = await browser.run_checkout({});
  const times = new Map();
  for (const { error } of probe.failures) times.set(error, (times.get(error) ?? 0) + 1);
  const [error = null, often = 0] = [...times].sort((a, b) => b[1] - a[1])[0] ?? [];
  const signs = new Set(probe.failures.flatMap((f) => [f.path, f.kind, f.status]));

  const pages = [];
  if (signs.size > 0) {
    const query = [...signs, error ?? ""].join(" ").slice(0, 500);
    pages.push(...(await runbooks.search({ query, limit: 3 })).results);
  }
  if (pages.length === 0) pages.push(...(await runbooks.search({ query: title, limit: 3 })).results);

  const { notes } = await workspace.read_notes({});
  const named = notes.flatMap((note) => [...note.body.matchAll(/^- \\x60([^\\x60\\s]+\\.[cm]?js)\\x60/gm)]);
  const read = [];
  const missing = [];
  for (const path of new Set(named.map((match) => match[1]))) {
    try {
      read.push((await repository.read_file({ path })).path);
    } catch {
      missing.push(path);
    }
  }

  const { requests, failed, good, goodFailed } = probe.tally;
  const said = [
    outset,
    source + " reported: " + title + ".",
    failed + " of " + requests + " probe requests fail, " + goodFailed + " of " + good + " good checkouts among them.",
    error === null ? "" : often + " of the failures say: " + error + ".",
    pages.length > 0 ? "Closest runbook: " + pages[0].title + "." : "No runbook matches.",
    read.length > 0 ? "Read " + read.join(", ") + "." : "The notes name no file that could be read.",
    missing.length > 0 ? "Named in the notes, but not there: " + missing.join(", ") + "." : "",
  ];
  return { summary: said.filter((sentence) => sentence !== "").join(" ").slice(0, 1500).toWellFormed() };
}`;
}
