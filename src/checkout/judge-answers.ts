// Judges what a checkout answered, bodies included: a Worker that says 200 to everything is not a sound one.
// Whether a request is a valid checkout stands in the mix, and is never taken from an answer.
import type { Json, Measurement } from "../domain/index.ts";
import { type Expectation, PROBE_REQUESTS } from "./probe-requests.ts";

/** What came back. `error` is what the Worker threw, or why nothing came; null when it answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly error: string | null;
}

/** Longest message that a report keeps, in UTF-16 code units. */
export const MAX_MESSAGE = 500;

/** Why an answer is a failure, or null when it is what was expected. */
export function judge(expect: Expectation, { status, body, error }: Answer): string | null {
  if (error !== null) return brief(error);
  if (status >= 500) return `answered ${status}`;
  const said = readJson(body);
  if (expect !== "refusal") {
    if (status !== 200) return `expected 200, got ${status}`;
    return differs("the body", expect, said);
  }
  if (status < 400) return `expected a refusal, got ${status}`;
  const code = isObject(said) ? said.error : null;
  return typeof code === "string" && code !== "" ? null : "expected a refusal with an error code";
}

/** Sums up one pass. Requests without an answer count as failed; `missing` says why there is none. */
export function sumUp(answers: ReadonlyMap<string, Answer>, missing = "no answer"): Measurement {
  const results = PROBE_REQUESTS.map(({ id, kind, method, path, valid, expect }) => {
    const answer = answers.get(id) ?? { status: 500, body: "", error: missing };
    return { id, kind, method, path, status: answer.status, valid, failure: judge(expect, answer) };
  });
  const count = (name: string, of: typeof results) => ({
    name,
    total: of.length,
    failed: of.filter(({ failure }) => failure !== null).length,
  });
  return {
    checks: [
      count("requests that failed", results),
      count(
        "valid checkouts that failed",
        results.filter(({ valid }) => valid),
      ),
    ],
    report: { requests: results },
  };
}

/** The Worker may be anybody's code, and throw whatever it likes. */
export function brief(message: string): string {
  return message.slice(0, MAX_MESSAGE).toWellFormed();
}

/** Where a value is not what was expected; an object may have more members than that. */
function differs(place: string, expected: Json, got: Json | undefined): string | null {
  if (isObject(expected) && isObject(got)) {
    const faults = Object.entries(expected).map(([name, value]) =>
      differs(name, value, Object.hasOwn(got, name) ? got[name] : undefined),
    );
    return faults.find((fault) => fault !== null) ?? null;
  }
  if (JSON.stringify(expected) === JSON.stringify(got)) return null;
  return brief(`expected ${place} to be ${show(expected)}, got ${show(got)}`);
}

function show(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? "no JSON";
  return text.length <= 60 ? text : `${text.slice(0, 58).toWellFormed()} …`;
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
