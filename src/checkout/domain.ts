// The demo's domain: a checkout Worker that fails, its source as the run's own resources, and one call that changes it.
import * as z from "zod";
import { defineDomain, gated, read } from "../domain/index.ts";
import { describeCall } from "./describe-call.ts";
import { clip } from "./literal.ts";
import { NOTES } from "./notes.ts";
import { SUGGESTIONS } from "./planner/wishes.ts";
import { digestOfText, FILE, filesOf, readFile, readFiles } from "./repository.ts";
import { runProbe } from "./run-probe.ts";
import { searchRunbooks } from "./search-runbooks.ts";
import { SOURCE } from "./source/index.ts";

/** What the domain needs of the Worker. */
export interface CheckoutEnv {
  readonly LOADER: WorkerLoader;
}

const path = z.string().min(1).max(500);
const writeArgs = z.strictObject({
  path,
  content: z.string().max(1_000_000).nullable(),
  before: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .nullable(),
});

const writeFile = gated<z.infer<typeof writeArgs>, CheckoutEnv>({
  connector: "repository",
  method: "write_file",
  description:
    "Writes a file (`content` null: takes it away), if `before` is its digest now (null: there is none).",
  args: writeArgs,
  effects: [{ resource: "file:{+path}", before: "$before", after: "$content" }],
  title: ({ path, content }) => clip(`${content === null ? "Delete" : "Write"} ${path}`, 120),
  revert: ({ args: { path, content }, before }) => {
    const was = before.get(`${FILE}${path}`) ?? null;
    const args = { path, content: was, before: content === null ? null : digestOfText(content) };
    return { connector: "repository", method: "write_file", args };
  },
});

const nothing = z.strictObject({});
const searchArgs = z.strictObject({ query: z.string().max(500), limit: z.int().min(1).max(10).optional() });

export const checkout = defineDomain<CheckoutEnv>({
  name: "checkout",
  rule: "A human approves every change of the checkout's source.",
  calls: [writeFile],
  resources: Object.fromEntries(Object.entries(SOURCE).map(([path, text]) => [`${FILE}${path}`, text])),
  reads: {
    browser: {
      run_checkout: read({
        description:
          "Sends the probe's fixed mix of requests to the checkout as it is; answers {checks, report}.",
        args: nothing,
        run: (_, { measure }) => measure(),
      }),
    },
    runbooks: {
      search: read({
        description:
          "Full-text search over the runbooks; answers {results: [{slug, title, body, score}]}, best first.",
        args: searchArgs,
        run: ({ query, limit }) => ({ results: searchRunbooks(query, limit) }),
      }),
    },
    workspace: {
      read_notes: read({
        description: "The team's workspace notes; answers {notes: [{path, title, body}]}.",
        args: nothing,
        run: () => ({ notes: NOTES }),
      }),
    },
    repository: {
      read_file: read({
        description: "A file as it is: {path, digest, content}.",
        args: z.strictObject({ path }),
        run: ({ path }, { resources }) => readFile(resources, path),
      }),
      read_files: read({
        description: "Files as they are: {files: [{path, digest, content}], missing: [path]}.",
        args: z.strictObject({ paths: z.array(path).max(200) }),
        run: ({ paths }, { resources }) => readFiles(resources, paths),
      }),
    },
  },
  measure: ({ resources, env, signal }) => runProbe(env.LOADER, filesOf(resources), { signal }),
  pure: true,
  describe: describeCall,
  suggestions: SUGGESTIONS,
});
