// An incident in memory, in Node: the domain's own reads over a view of real files, scripts that are really evaluated, and a probe
// that really loads and runs the checkout, each time afresh. Only the Worker Loader is missing here; workerd has it.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkout } from "../../src/checkout/domain.ts";
import { type Answer, sumUp } from "../../src/checkout/judge-answers.ts";
import type { Note } from "../../src/checkout/notes.ts";
import { checkoutPlanner } from "../../src/checkout/planner.ts";
import { PROBE_REQUESTS, requestParts } from "../../src/checkout/probe-requests.ts";
import type { Runbook } from "../../src/checkout/runbooks.ts";
import { searchRunbooks } from "../../src/checkout/search-runbooks.ts";
import { MAIN, SOURCE } from "../../src/checkout/source/index.ts";
import type {
  EarlierProposal,
  EvidenceItem,
  Json,
  Measurement,
  ProposalPlan,
  Situation,
} from "../../src/domain/index.ts";
import { ResourceView } from "../../src/engine/resources.ts";

export interface LoadedCheckout {
  fetch(request: Request): Promise<Response>;
}

/** Loads sources as modules, from a path that is never used again. */
export async function loadCheckout(
  files: Readonly<Record<string, string>> = SOURCE,
): Promise<LoadedCheckout> {
  const root = await mkdtemp(join(tmpdir(), "checkout-"));
  try {
    await writeFile(join(root, "package.json"), '{"type":"module"}');
    for (const [path, source] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), source);
    }
    return (await import(/* @vite-ignore */ pathToFileURL(join(root, MAIN)).href)).default;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

export async function answersOf(loaded: LoadedCheckout): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  for (const request of PROBE_REQUESTS) {
    try {
      const response = await loaded.fetch(new Request(...requestParts(request)));
      answers.set(request.id, { status: response.status, body: await response.text(), error: null });
    } catch (error) {
      answers.set(request.id, {
        status: 500,
        body: "",
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return answers;
}

const measured = new Map<string, Promise<Measurement>>();

/** Measures files, once for every different set of them. */
export function measure(files: Readonly<Record<string, string>>): Promise<Measurement> {
  const key = JSON.stringify(files);
  const known = measured.get(key) ?? loadCheckout(files).then(answersOf).then(sumUp);
  measured.set(key, known);
  return known;
}

export const failedOf = ({ checks }: Measurement) => checks.map(({ failed }) => failed);

export const ALERT = {
  source: "workers-observability",
  title: "Checkout Worker: 5xx above threshold",
  firedAt: "2026-11-23T05:30:00.000Z",
};

export interface Write {
  readonly path: string;
  readonly content: string;
  readonly before: string | null;
}

export interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly pages?: readonly Runbook[];
  readonly notes?: readonly Note[];
}

export class Incident {
  readonly items: EvidenceItem[] = [];
  readonly writes: Write[] = [];
  readonly files: Readonly<Record<string, string>>;
  readonly #given: Given;

  constructor(given: Given = {}) {
    this.files = given.files ?? SOURCE;
    this.#given = given;
  }

  async run(code: string): Promise<unknown> {
    const globals = Object.fromEntries(
      Object.entries(checkout.reads ?? {}).map(([connector, methods]) => [
        connector,
        Object.fromEntries(
          Object.keys(methods).map((method) => [
            method,
            (args: unknown) => this.#read(connector, method, args),
          ]),
        ),
      ]),
    );
    const { repository } = globals;
    const write = (args: Write) => void this.writes.push(args);
    const names = { ...globals, repository: { ...repository, write_file: write } };
    const script: unknown = new Function(...Object.keys(names), `"use strict"; return (${code});`)(
      ...Object.values(names),
    );
    if (typeof script !== "function") throw new Error("expected a function");
    return script();
  }

  async #read(connector: string, method: string, args: unknown): Promise<Json> {
    const result = structuredClone(await this.#answer(connector, method, structuredClone(args)));
    this.items.push({ connector, method, args, result });
    return result;
  }

  async #answer(connector: string, method: string, args: unknown): Promise<Json> {
    const { pages, notes } = this.#given;
    if (method === "search" && pages) {
      const { query } = args as { query: string };
      return { results: searchRunbooks(query, 3, pages).map((page) => ({ ...page })) };
    }
    if (method === "read_notes" && notes) return { notes: notes.map((note) => ({ ...note })) };
    const resources = new ResourceView(
      new Map(Object.entries(this.files).map(([path, content]) => [`file:${path}`, content])),
      () => false,
    );
    const answer = await checkout.reads?.[connector]?.[method]?.run(args as Record<string, string>, {
      resources,
      env: null as never,
      signal: new AbortController().signal,
      measure: () => measure(this.files),
    });
    return JSON.parse(JSON.stringify(answer));
  }
}

export function situationOf(items: readonly EvidenceItem[], more: Partial<Situation> = {}): Situation {
  const evidence = [{ code: "", summary: "", items }];
  const nothing = {
    declarations: "",
    gated: [],
    proposals: [],
    lastFailure: null,
    lastScript: null,
    inherited: null,
  };
  const spent = { calls: 0, tokens: 0, seconds: 0 };
  return { rule: "", alert: ALERT, evidence, ...nothing, spent, ...more };
}

/** Opens an incident and lets the planner investigate it. */
export async function investigate(given: Given = {}, more: Partial<Situation> = {}): Promise<Incident> {
  const incident = new Incident(given);
  const answer = await checkoutPlanner.next({ ...situationOf([], more), evidence: [] });
  if (!("investigate" in answer)) throw new Error(JSON.stringify(answer));
  await incident.run(answer.investigate);
  return incident;
}

/** What the planner proposes, or the reason why nothing. */
export async function propose(
  incident: Incident,
  more: Partial<Situation> = {},
): Promise<ProposalPlan | string> {
  const answer = await checkoutPlanner.next(situationOf(incident.items, more));
  if ("propose" in answer) return answer.propose;
  return "stop" in answer ? answer.stop : "investigates again";
}

/** The one write that a proposal asks for, and what the checkout is then. */
export async function tryOut(plan: ProposalPlan | string, { files }: Incident) {
  if (typeof plan === "string") throw new Error(`No proposal: ${plan}`);
  const copy = new Incident({ files });
  await copy.run(plan.code);
  const [write] = copy.writes;
  if (!write || copy.writes.length !== 1) throw new Error(`expected one write, got ${copy.writes.length}`);
  const after = { ...files, [write.path]: write.content };
  return { ...write, plan, calls: copy.items, after, measured: await measure(after) };
}

export function earlier(
  { path, content, before }: Write,
  decision: "reject" | "request_changes" | null,
  reason = "",
  run = "run-1",
): EarlierProposal {
  const decisions = decision ? [{ decision, reason, reviewer: "alice", role: "reviewer" }] : [];
  const action = { connector: "repository", method: "write_file", args: { path, content, before } };
  return { run, revision: 1, title: "", summary: "", action, decisions, status: "withheld", reason: "" };
}
