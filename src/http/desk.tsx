// `GET /`: the desk, and the further pages of its list. When the index cannot be read, the desk says so and still works.
import type { Context } from "hono";
import { accept, type Result } from "../receipt/index.ts";
import type { Env } from "../run/env.ts";
import { loadSigningKeys } from "../run/signing-keys.ts";
import { DeskPage, type DeskRuns } from "../view/desk-page.tsx";
import { RunListPage } from "../view/run-list-page.tsx";
import { errorPage } from "./error-page.tsx";
import { unlistedNames } from "./health.ts";
import { pageIfChanged } from "./if-changed.ts";
import { askIndex, LIST_FIELDS, type ListQuery, listRuns, pageOf, readListQuery } from "./list-runs.ts";
import type { EdgeCode } from "./problem.ts";
import { decidingOf } from "./reviewer/deciding.ts";

type Ctx = Context<{ Bindings: Env }>;

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
  const lost = read.ok ? lostNames(read.value.issuers, c.env) : null;
  const facts = { runs: read.ok ? read.value.runs : null, lost, origin, deciding: decidingOf(c) };
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

/** What is wrong with the names that runs were signed under, if the deployment can say which it has. */
function lostNames(issuers: readonly string[], env: Env): string | null {
  const keys = loadSigningKeys(env);
  return keys.ok ? unlistedNames(issuers, keys.value) : null;
}

async function readDesk(
  env: Env,
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
