// The document's examples: requests and answers captured from real runs (`npm run examples`). Nothing in examples.json is
// written by hand, and a test replays every request and holds today's answers to those kept.
import recorded from "./examples.json" with { type: "json" };

/** A request as it was sent, and what was answered. */
export interface Exchange {
  /** The operation's id. */
  readonly operation: string;
  /** Names the example within the operation. */
  readonly name: string;
  readonly summary: string;
  readonly path: string;
  /** As `name: value`. */
  readonly headers: readonly string[];
  /** JSON, or the text that was sent where it is none; null for none. */
  readonly body: unknown;
  readonly status: number;
  /** JSON or text; null for none, or where it stands in `file`. */
  readonly answer: unknown;
  /** Where a long answer is served, byte for byte as it was given. */
  readonly file: string | null;
}

export const EXCHANGES: readonly Exchange[] = recorded;

/**
 * A long answer stands in a file, and the example only says where that is served. It has no `externalValue`: generators fetch
 * what that names, and fail on a document that was saved.
 */
type Example =
  | { summary: string; value: unknown }
  | { summary: string; description: string; "x-served-at": string };

/** Bodies that an operation has taken, by name. */
export function bodyExamples(operation: string): Record<string, Example> {
  const taken = EXCHANGES.filter(
    (one) => one.operation === operation && one.status < 300 && one.body !== null,
  );
  return Object.fromEntries(taken.map(({ name, summary, body }) => [name, { summary, value: body }]));
}

/** What an operation has answered with this status, by name. `server` is the origin under which files are served. */
export function answerExamples(operation: string, status: number, server: string): Record<string, Example> {
  const answered = EXCHANGES.filter((one) => one.operation === operation && one.status === status);
  return Object.fromEntries(
    answered.map(({ name, summary, answer, file }) => [
      name,
      file === null ? { summary, value: answer } : servedAt(summary, `${server}${file}`),
    ]),
  );
}

function servedAt(summary: string, address: string): Example {
  return { summary, description: `The whole answer: <${address}>`, "x-served-at": address };
}
