// The read-only connectors: what a script may look at. Each measures or reads something real and changes nothing.
import { CodemodeConnector, type ConnectorTools } from "@cloudflare/codemode";
import { z } from "zod";
import { NOTES } from "../workload/notes.ts";
import type { ProbeReport } from "../workload/probe.ts";
import { searchRunbooks } from "../workload/search-runbooks.ts";

/** Longest that an error quotes of what a script sent, in UTF-16 code units. */
const MAX_QUOTE = 300;

/** What a script sent, as an error may quote it: Code Mode prints errors to the log, where none may begin a line of its own. */
export function quoted(text: string): string {
  return text.slice(0, MAX_QUOTE).replace(/[\p{Cc}\u2028\u2029]/gu, " ");
}

/** Parses a script's arguments; the error goes back into the script. */
export function readArgs<Schema extends z.ZodType>(
  call: string,
  schema: Schema,
  args: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(args ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.map(String).join(".") || "arguments";
  throw new Error(`${call}: ${quoted(place)}: ${quoted(issue?.message ?? "do not fit")}`);
}

const nothing = z.strictObject({});
const searchArgs = z.strictObject({ query: z.string().max(500), limit: z.int().min(1).max(10).optional() });

/** `browser.run_checkout`: Browser Run-style evidence, taken by the probe from the repository as it is now. */
export class BrowserConnector extends CodemodeConnector<unknown> {
  readonly #measure: () => Promise<ProbeReport>;

  constructor(ctx: DurableObjectState, env: unknown, measure: () => Promise<ProbeReport>) {
    super(ctx, env);
    this.#measure = measure;
  }

  override name(): string {
    return "browser";
  }

  protected override tools(): ConnectorTools {
    return {
      run_checkout: {
        description:
          "Sends the probe's fixed mix of requests to the checkout as it is now; answers tally, byKind and failures.",
        inputSchema: { type: "object", properties: {}, additionalProperties: false },
        execute: (args) => {
          readArgs("browser.run_checkout", nothing, args);
          return this.#measure();
        },
      },
    };
  }
}

/** `runbooks.search`: AI Search-style full text over the runbooks that ship with the workload. */
export class RunbooksConnector extends CodemodeConnector<unknown> {
  override name(): string {
    return "runbooks";
  }

  protected override tools(): ConnectorTools {
    return {
      search: {
        description:
          "Full-text search over the runbooks; answers {results: [{slug, title, body, score}]}, best first.",
        inputSchema: {
          type: "object",
          properties: { query: { type: "string" }, limit: { type: "integer" } },
          required: ["query"],
        },
        execute: (args) => {
          const { query, limit } = readArgs("runbooks.search", searchArgs, args);
          return { results: searchRunbooks(query, limit) };
        },
      },
    };
  }
}

/** `workspace.read_notes`: Think-style notes of the team that owns the checkout. */
export class WorkspaceConnector extends CodemodeConnector<unknown> {
  override name(): string {
    return "workspace";
  }

  protected override tools(): ConnectorTools {
    return {
      read_notes: {
        description: "The team's workspace notes; answers {notes: [{path, title, body}]}.",
        inputSchema: { type: "object", properties: {}, additionalProperties: false },
        execute: (args) => {
          readArgs("workspace.read_notes", nothing, args);
          return { notes: NOTES };
        },
      },
    };
  }
}
