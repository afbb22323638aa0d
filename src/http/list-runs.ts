// The list of runs: reads what a query asks for, asks the index, and says where the next page begins.
import { z } from "zod";
import { RUN_STATUSES, type RunStatus } from "../chain/index.ts";
import {
  deploymentOf,
  type IndexApi,
  type ListedRun,
  type Listing,
  logFailure,
  type Place,
} from "../host/index.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";
import type { Ctx, EdgeEnv } from "./edge-env.ts";
import { type EdgeCode, problem } from "./problem.ts";
import { readCursor, writeCursor } from "./run-cursor.ts";

/** What may be asked of the list. `status` is null for runs of every status. */
export interface ListQuery {
  readonly status: RunStatus | null;
  readonly after: Place | null;
  readonly limit: number;
}

/** Some runs, newest first; `next` is the cursor of the page after them, null on the last page. */
export interface RunPage {
  readonly runs: readonly ListedRun[];
  readonly next: string | null;
}

const fields = {
  status: z.enum(RUN_STATUSES, `expected one of ${RUN_STATUSES.join(", ")}`),
  cursor: z.string(),
  limit: z.string().regex(/^([1-9]\d?|100)$/, "expected a whole number from 1 to 100"),
};
export const listQuery = z.strictObject(fields).partial();

/** Runs on a page when the query does not say. */
const DEFAULT_LIMIT = 20;

/** The names that a query for runs may use. */
export const LIST_FIELDS: readonly string[] = Object.keys(fields);

/** Reads what a query asks for; anything that means nothing here is refused by name. */
export function readListQuery(params: Iterable<[string, string]>): Result<ListQuery, EdgeCode> {
  const given = new Map<string, string>();
  for (const [name, value] of params) {
    if (given.has(name)) return refuse("ERR_QUERY", `${name}: expected it once`);
    given.set(name, value);
  }
  const parsed = listQuery.safeParse(Object.fromEntries(given));
  if (!parsed.success) return refuse("ERR_QUERY", describe(parsed.error));
  const { status = null, cursor, limit = DEFAULT_LIMIT } = parsed.data;
  const after = cursor === undefined ? accept(null) : readCursor(cursor);
  return after.ok ? accept({ status, after: after.value, limit: Number(limit) }) : after;
}

/** Asks the index for one page. Whatever is wrong with the index, the runs are not. */
export async function listRuns(env: EdgeEnv, listing: Listing): Promise<Result<RunPage, EdgeCode>> {
  const { limit } = listing;
  // One more than shown tells whether there is a next page.
  const found = await askIndex(env, (index) => index.list({ ...listing, limit: limit + 1 }));
  if (!found.ok) return found;
  return accept(pageOf(found.value, limit));
}

/** A page of so many entries, from one more than are shown if there are as many. */
export function pageOf(found: readonly ListedRun[], limit: number): RunPage {
  const runs = found.slice(0, limit);
  const last = runs.at(-1);
  return { runs, next: last && found.length > limit ? writeCursor(last) : null };
}

/** Asks the index something, or says that it cannot be asked just now. */
export async function askIndex<Value>(
  env: EdgeEnv,
  question: (index: IndexApi) => Promise<Value>,
): Promise<Result<Value, EdgeCode>> {
  try {
    return accept(await question(deploymentOf(env).index));
  } catch (error) {
    logFailure("index_unavailable", error);
    return refuse("ERR_INDEX_UNAVAILABLE", "the list of runs cannot be read now; the runs themselves go on");
  }
}

/** `GET /api/runs`. */
export async function getRuns(c: Ctx): Promise<Response> {
  const asked = readListQuery(new URL(c.req.url).searchParams);
  if (!asked.ok) return problem(asked.refusal, c.req.path);
  const { status, after, limit } = asked.value;
  const page = await listRuns(c.env, { which: status ?? "any", after, limit });
  if (!page.ok) return problem(page.refusal, c.req.path, { "retry-after": "5" });
  const { runs, next } = page.value;
  const rest = new URLSearchParams({ ...(status && { status }), limit: String(limit), cursor: next ?? "" });
  const links = { self: `${c.req.path}${new URL(c.req.url).search}`, next: next && `${c.req.path}?${rest}` };
  return Response.json({ runs, links }, { headers: { "cache-control": "no-store" } });
}

function describe({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === "unrecognized_keys") {
    return `${issue.keys[0]}: expected only ${LIST_FIELDS.join(", ")}`;
  }
  return `${issue?.path.join(".")}: ${issue?.message}`;
}
