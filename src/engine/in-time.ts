// Waiting with a limit for somebody else's code: a domain's or a planner's.

/** Thrown when an answer did not come in time. */
export class LateError extends Error {
  override readonly name = "LateError";
}

/**
 * Calls `work` with a signal that aborts at the limit, and fails when it has not answered by then. What it throws synchronously is
 * a rejection like any other.
 * @param what names the work in the error.
 */
export async function inTime<Value>(
  what: string,
  ms: number,
  work: (signal: AbortSignal) => Promise<Value> | Value,
): Promise<Value> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new LateError(`${what} did not answer within ${ms / 1000} s`);
    late.reject(error);
    controller.abort(error);
  }, ms);
  try {
    return await Promise.race([Promise.resolve().then(() => work(controller.signal)), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What somebody threw, in words: an error's message, or else the thing itself. At most 1000 UTF-16 code units, well formed. */
export function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : describe(error);
  return message.slice(0, 1000).toWellFormed();
}

function describe(thrown: unknown): string {
  if (typeof thrown === "string") return thrown === "" ? "an empty text was thrown" : thrown;
  try {
    return `${JSON.stringify(thrown) ?? String(thrown)} was thrown`;
  } catch {
    return `a ${typeof thrown} was thrown`;
  }
}
