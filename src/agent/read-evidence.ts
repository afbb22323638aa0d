// Evidence as the planner uses it. Results are parsed here, once; an item of another shape is passed over.
// Nothing else feeds a proposal: what is not in the evidence does not exist.
import { z } from "zod";
import type { EvidenceItem } from "./planner.ts";

const Probe = z.object({
  tally: z.object({ requests: z.number(), failed: z.number(), good: z.number(), goodFailed: z.number() }),
  failures: z.array(z.object({ path: z.string(), error: z.string().nullable() })),
});
const Page = z.object({ slug: z.string(), title: z.string(), body: z.string() });
const Search = z.object({ results: z.array(Page) });
const SourceFile = z.object({ path: z.string(), content: z.string() });

export type ProbeEvidence = z.infer<typeof Probe>;
export type PageEvidence = z.infer<typeof Page>;

export interface Evidence {
  /** The latest probe of the repository as it is. */
  probe: ProbeEvidence | null;
  /** Runbook pages in the order in which they were found, best first. */
  pages: readonly PageEvidence[];
  /** Path to content, as last read. */
  files: ReadonlyMap<string, string>;
}

export function readEvidence(items: readonly EvidenceItem[]): Evidence {
  const resultsOf = (name: string) =>
    items.filter((item) => `${item.connector}.${item.method}` === name).map((item) => item.result);
  const probes = resultsOf("browser.run_checkout").map((result) => Probe.safeParse(result).data);
  const searches = resultsOf("runbooks.search").map((result) => Search.safeParse(result).data);
  const reads = resultsOf("repository.read_file").map((result) => SourceFile.safeParse(result).data);
  return {
    probe: probes.findLast((probe) => probe !== undefined) ?? null,
    pages: searches.flatMap((search) => search?.results ?? []),
    files: new Map(reads.flatMap((file) => (file ? [[file.path, file.content]] : []))),
  };
}

export interface CommonError {
  message: string;
  times: number;
  /** The property that could not be read. */
  property: string;
  /** Request paths on which it happened. */
  paths: readonly string[];
}

const READS_OFF_NOTHING = [
  /^Cannot read properties of (?:undefined|null) \(reading '([A-Za-z_$][\w$]*)'\)/,
  /^Cannot destructure property '([A-Za-z_$][\w$]*)' of/,
];

/** The most frequent failure that says which property was read off nothing, or null. */
export function commonError(probe: ProbeEvidence): CommonError | null {
  const byMessage = new Map<string, string[]>();
  for (const { error, path } of probe.failures) {
    const message = error?.replace(/^TypeError: /, "");
    if (message !== undefined) byMessage.set(message, [...(byMessage.get(message) ?? []), path]);
  }
  const errors = [...byMessage].flatMap(([message, paths]) => {
    const property = READS_OFF_NOTHING.map((pattern) => pattern.exec(message)?.[1]).find(Boolean);
    return property ? [{ message, times: paths.length, property, paths: [...new Set(paths)] }] : [];
  });
  return errors.sort((a, b) => b.times - a.times)[0] ?? null;
}
