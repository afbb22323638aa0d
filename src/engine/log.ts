// What a deployment's logs say: one JSON object a line, names and digests only. Never a secret, a body or a reason.

/** Logs that something happened. `facts` are short names, numbers and digests. */
export function logEvent(event: string, facts: Readonly<Record<string, string | number | null>>): void {
  console.log(JSON.stringify({ event, ...facts }));
}

/** Logs that something went wrong on our side. Of an error only its name and message are kept. */
export function logFailure(
  event: string,
  error: unknown,
  facts: Readonly<Record<string, string | number | null>> = {},
): void {
  console.error(JSON.stringify({ event, ...facts, error: String(error).slice(0, 500) }));
}
