// Full-text search over the runbooks. The index of a page list is built once.
// A query is whatever a script sends: nothing in it may make the search throw.
import MiniSearch from "minisearch";
import { RUNBOOKS, type Runbook } from "./runbooks.ts";

export interface RunbookResult extends Runbook {
  readonly score: number;
}

const MAX_QUERY_LENGTH = 1000;

const indexes = new WeakMap<readonly Runbook[], MiniSearch<Runbook>>();

function indexOf(pages: readonly Runbook[]): MiniSearch<Runbook> {
  const known = indexes.get(pages);
  if (known) return known;
  const index = new MiniSearch<Runbook>({ idField: "slug", fields: ["slug", "title", "body"] });
  index.addAll(pages);
  indexes.set(pages, index);
  return index;
}

/** The best pages first; none for a query without a word that occurs. */
export function searchRunbooks(
  query: string,
  limit = 3,
  pages: readonly Runbook[] = RUNBOOKS,
): RunbookResult[] {
  const options = { boost: { title: 2 }, prefix: (term: string) => term.length > 3 };
  const found = indexOf(pages).search(query.slice(0, MAX_QUERY_LENGTH), options);
  return found.slice(0, limit).flatMap(({ id, score }) => {
    const page = pages.find(({ slug }) => slug === id);
    return page ? [{ ...page, score: Math.round(score * 1000) / 1000 }] : [];
  });
}
