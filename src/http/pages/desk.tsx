// `GET /`: the desk, and the further pages of its list. When the index cannot be read, the desk says so and still works.
import { declaredButton, loadSigningKeys } from "../../host/index.ts";
import { accept, type Result } from "../../receipt/index.ts";
import { DeskPage, type DeskRuns } from "../../view/desk-page.tsx";
import { RunListPage } from "../../view/run-list-page.tsx";
import type { Ctx, EdgeEnv } from "../edge-env.ts";
import { missingParts, unlistedNames } from "../health.ts";
import { askIndex, LIST_FIELDS, type ListQuery, listRuns, pageOf, readListQuery } from "../list-runs.ts";
import type { EdgeCode } from "../problem.ts";
import { decidingOf } from "../reviewer/deciding.ts";
import { settingsFaults } from "../settings.ts";
import { errorPage } from "./error-page.tsx";
import { pageIfChanged } from "./if-changed.ts";

/** Waiting runs that the desk shows; the rest are a page of their own. */
const WAITING_SHOWN = 20;
/** Other runs on the desk, and on each page of older ones. */
const OTHERS_SHOWN = 10;

export async function showDesk(c: Ctx): Promise<Response> {
  const { origin, searchParams } = new URL(c.req.url);
  // A link to the desk may carry what others have added to it; that is nothing to refuse a visitor for.
  const asked = readListQuery([...searchParams].filter(([name]) => LIST_FIELDS.includes(name)));
  if (!asked.ok) return errorPage(asked.refusal);
  if (asked.value.status !== null || asked.value.after !== null) return showList(c, asked.value);
  const read = await readDesk(c.env);
  const facts = {
    runs: read.ok ? read.value.runs : null,
    troubles: troublesOf(c.env, read.ok ? read.value.issuers : []),
    start: declaredButton()?.words ?? null,
    origin,
    deciding: decidingOf(c),
  };
  return pageIfChanged(c, facts, (tag) => (
    <DeskPage {...facts} standing={{ now: new Date().toISOString(), tag }} />
  ));
}

async function showList(c: Ctx, { status, after, limit }: ListQuery): Promise<Response> {
  const page = await listRuns(c.env, { which: status ?? "not_waiting", after, limit });
  if (!page.ok) return errorPage(page.refusal);
  const { runs, next } = page.value;
  const address = next && listAddress({ ...(status && { status }), limit: String(limit), cursor: next });
  const facts = { status, runs, next: address };
  return pageIfChanged(c, facts, (tag) => (
    <RunListPage {...facts} standing={{ now: new Date().toISOString(), tag }} />
  ));
}

/** What is wrong with the deployment, each as a sentence: what /healthz says, but for what it tries. */
function troublesOf(env: EdgeEnv, issuers: readonly string[]): string[] {
  const keys = loadSigningKeys(env);
  const lost = keys.ok ? unlistedNames(issuers, keys.value) : null;
  const faults = [...settingsFaults(env), ...missingParts(env)].map(({ message }) => message);
  return [...new Set([...faults, ...(lost === null ? [] : [lost])])].map(sentence);
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

async function readDesk(
  env: EdgeEnv,
): Promise<Result<{ readonly runs: DeskRuns; readonly issuers: readonly string[] }, EdgeCode>> {
  // One more than shown tells whether there are more.
  const limits = { waiting: WAITING_SHOWN + 1, others: OTHERS_SHOWN + 1 };
  const found = await askIndex(env, (index) => index.desk(limits));
  if (!found.ok) return found;
  const { waiting, others, issuers } = found.value;
  const { runs, next } = pageOf(others, OTHERS_SHOWN);
  const shown: DeskRuns = {
    waiting: { runs: waiting.slice(0, WAITING_SHOWN), more: waiting.length > WAITING_SHOWN },
    others: { runs, next: next && listAddress({ limit: String(OTHERS_SHOWN), cursor: next }) },
  };
  return accept({ runs: shown, issuers });
}

function listAddress(query: Record<string, string>): string {
  return `/?${new URLSearchParams(query)}`;
}
