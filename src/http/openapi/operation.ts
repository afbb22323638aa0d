// How an operation of the API is described. The table of them (operations.ts) is what the document, its page and the
// tests are made from; the schemas in it are those that the routes read with.
import type { z } from "zod";

/** A body that is asked for or answered. */
interface Content {
  readonly type: string;
  readonly schema: z.ZodType;
}

/** An answer: its status, what it means, and its body if it has one. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly content?: Content;
}

export interface Operation {
  readonly method: "get" | "post";
  /** As in OpenAPI: `/api/runs/{run}`. */
  readonly path: string;
  readonly id: string;
  readonly tag: "Runs" | "Decisions" | "Records" | "Deployment" | "Alerts";
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: Content & { readonly required: boolean };
  readonly answers: readonly Answer[];
  /** The statuses it refuses with, and when. Each comes as problem details. */
  readonly refuses: Readonly<Record<number, string>>;
}
