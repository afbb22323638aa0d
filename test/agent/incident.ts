// An incident in memory: a repository of real files, and connectors that do what their names say.
// Scripts are really evaluated, and every probe really loads and runs the checkout.
import { createHash } from "node:crypto";
import { createTwoFilesPatch } from "diff";
import type { AlertBrief, EarlierProposal, EvidenceItem, Plan, Planner } from "../../src/agent/planner.ts";
import { CHECKOUT_FILES, CHECKOUT_MAIN } from "../../src/workload/checkout-source.ts";
import { NOTES, type Note } from "../../src/workload/notes.ts";
import { type ProbeReport, summarizeProbe } from "../../src/workload/probe.ts";
import { RUNBOOKS, type Runbook } from "../../src/workload/runbooks.ts";
import { searchRunbooks } from "../../src/workload/search-runbooks.ts";
import { loadCheckout, runProbe } from "../workload/checkout-modules.ts";

export const ALERT: AlertBrief = {
  source: "workers-observability",
  title: "Checkout Worker: 5xx above threshold",
  firedAt: "2026-11-23T05:30:00.000Z",
};

export interface Write {
  path: string;
  content: string;
  before: string | null;
}

export interface Incident {
  files: Map<string, string>;
  evidence: EvidenceItem[];
  writes: Write[];
  run(code: string): Promise<unknown>;
  probe(): Promise<ProbeReport>;
}

interface Given {
  files?: Readonly<Record<string, string>>;
  pages?: readonly Runbook[];
  notes?: readonly Note[];
}

export const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

const measured = new Map<string, Promise<ProbeReport>>();

/** Really loads and probes the files, once for every different set of them. */
function measure(sources: ReadonlyMap<string, string>): Promise<ProbeReport> {
  const key = JSON.stringify([...sources]);
  const report =
    measured.get(key) ??
    loadCheckout(Object.fromEntries(sources), CHECKOUT_MAIN).then(runProbe).then(summarizeProbe);
  measured.set(key, report);
  return report;
}

export function openIncident({
  files = CHECKOUT_FILES,
  pages = RUNBOOKS,
  notes = NOTES,
}: Given = {}): Incident {
  const stored = new Map(Object.entries(files));
  const evidence: EvidenceItem[] = [];
  const writes: Write[] = [];
  const probeOf = async (sources: ReadonlyMap<string, string>) => structuredClone(await measure(sources));
  const read = (path: string) => {
    const content = stored.get(path);
    if (content === undefined) throw new Error(`There is no ${path}.`);
    return content;
  };
  const logged =
    <Args, Result>(connector: string, method: string, call: (args: Args) => Result | Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      const result: Result = structuredClone(await call(structuredClone(args)));
      evidence.push({ connector, method, args, result });
      return result;
    };
  const globals = {
    browser: { run_checkout: logged("browser", "run_checkout", () => probeOf(stored)) },
    runbooks: {
      search: logged("runbooks", "search", ({ query, limit }: { query: string; limit?: number }) => ({
        results: searchRunbooks(query, limit, pages),
      })),
    },
    workspace: { read_notes: logged("workspace", "read_notes", () => ({ notes: [...notes] })) },
    repository: {
      read_file: logged("repository", "read_file", ({ path }: { path: string }) => {
        const content = read(path);
        return { path, version: 1, digest: digestOf(content), content };
      }),
      preview_patch: logged("repository", "preview_patch", async ({ path, content }: Write) => ({
        path,
        before: stored.has(path) ? digestOf(read(path)) : null,
        after: digestOf(content),
        diff: createTwoFilesPatch(path, path, stored.get(path) ?? "", content),
        probe: await probeOf(new Map([...stored, [path, content]])),
      })),
      write_file: logged("repository", "write_file", ({ path, content, before }: Write) => {
        if (before !== digestOf(read(path))) throw new Error(`${path} is not what it was.`);
        writes.push({ path, content, before });
        stored.set(path, content);
        return { path, version: 2, digest: digestOf(content) };
      }),
    },
  };
  const run = async (code: string): Promise<unknown> => {
    const script: unknown = new Function(...Object.keys(globals), `"use strict"; return (${code});`)(
      ...Object.values(globals),
    );
    if (typeof script !== "function") throw new Error("The script is not a function.");
    return script();
  };
  return { files: stored, evidence, writes, run, probe: () => probeOf(stored) };
}

/** Opens an incident and lets the planner investigate it. */
export async function investigate(planner: Planner, given: Given = {}, alert = ALERT): Promise<Incident> {
  const incident = openIncident(given);
  await incident.run((await planner.investigate(alert)).code);
  return incident;
}

export type Proposed = Extract<Plan, { propose: true }>;

export function proposed(plan: Plan): Proposed {
  if (!plan.propose) throw new Error(`No proposal: ${plan.reason}`);
  return plan;
}

/** What a proposal would write: runs its script in a copy of the incident, so that nothing here changes. */
export async function tryOut(
  plan: Plan,
  incident: Incident,
): Promise<Write & { after: ProbeReport; copy: Incident }> {
  const copy = openIncident({ files: Object.fromEntries(incident.files) });
  await copy.run(proposed(plan).code);
  const [write] = copy.writes;
  if (!write || copy.writes.length !== 1) throw new Error(`Expected one write, got ${copy.writes.length}.`);
  return { ...write, after: await copy.probe(), copy };
}

export function earlierOf(
  write: Write,
  decision: EarlierProposal["decision"],
  reason = "",
  revision = 1,
): EarlierProposal {
  const { path, content, before } = write;
  const action = { connector: "repository", method: "write_file", args: { path, content, before } };
  return { revision, summary: "An earlier proposal.", action, decision, reason };
}
