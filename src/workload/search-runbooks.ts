// Full-text search over the runbooks. The index of a page list is built once.
// A query is whatever a script sends: nothing in it may make the search throw.
import MiniSearch from "minisearch";
import { RUNBOOKS, type Runbook } from "./runbooks.ts";

export interface RunbookResult extends Runbook {
  score: number;
}

const MAX_QUERY_LENGTH = 1000;
const MAX_RESULTS = 20;

const indexes = new WeakMap<readonly Runbook[], MiniSearch<Runbook>>();

function indexOf(pages: readonly Runbook[]): MiniSearch<Runbook> {
  const known = indexes.get(pages);
  if (known) return known;
  const index = new MiniSearch<Runbook>({ idField: "slug", fields: ["slug", "title", "body"] });
  for (const page of pages) if (!index.has(page.slug)) index.add(page);
  indexes.set(pages, index);
  return index;
}

/** The best pages first; none for a query without a word that occurs. */
export function searchRunbooks(
  query: string,
  limit = 3,
  pages: readonly Runbook[] = RUNBOOKS,
): RunbookResult[] {
  const text = typeof query === "string" ? query.slice(0, MAX_QUERY_LENGTH) : "";
  const count = Number.isFinite(limit) ? Math.min(Math.max(Math.trunc(limit), 0), MAX_RESULTS) : 3;
  const bySlug = new Map(pages.map((page) => [page.slug, page]));
  const found = indexOf(pages).search(text, { boost: { title: 2 }, prefix: (term) => term.length > 3 });
  return found.slice(0, count).flatMap(({ id, score }) => {
    const page = bySlug.get(String(id));
    return page ? [{ ...page, score: Math.round(score * 1000) / 1000 }] : [];
  });
}
