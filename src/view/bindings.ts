// What a receipt binds by digest: its subjects, its policy, and the other receipts of its chain that it names.
import type { Receipt } from "../receipt/index.ts";

export interface BoundThing {
  /** The subject names and predicate fields that give this digest. */
  readonly terms: readonly string[];
  readonly digest: string;
  readonly what: string;
  /** Where to look at it. */
  readonly href: string;
}

const SUBJECTS: Readonly<Record<string, string>> = {
  alert: "the alert, and what was measured then",
  policy: "the rules this run stands under",
  parent: "the chain that this run continues",
  code: "the generated script",
  action: "the exact call",
  before: "the file as it is",
  result: "what the call answered",
  report: "the measurements",
  summary: "the summary",
  repository: "the files by their digests",
};

/** Everything that a receipt binds, each once, in the order of its statement. */
export function bindings(receipt: Receipt, receipts: readonly Receipt[]): BoundThing[] {
  const { statement } = receipt;
  const { run, policy } = statement.predicate;
  const calls = receipt.kind === "evidence" ? receipt.statement.predicate.items : [];
  const subjects = statement.subject.map(({ name, digest: { sha256 } }) => {
    const call = calls.find((item) => item.name === name);
    const what = call ? `${call.connector}.${call.method}, and what it answered` : SUBJECTS[name];
    return artifact(run, name, `sha256:${sha256}`, what);
  });
  const byDigest = new Map<unknown, Receipt>(receipts.map((one) => [one.digest, one]));
  const named = Object.entries(statement.predicate).flatMap(([field, value]): BoundThing[] => {
    const receipt = byDigest.get(value);
    if (!receipt) return [];
    const { seq } = receipt.statement.predicate;
    const what = `receipt ${seq}, ${receipt.kind}`;
    return [{ terms: [field], digest: receipt.digest, what, href: `/runs/${run}/receipts/${seq}` }];
  });
  const merged = new Map<string, BoundThing>();
  for (const one of [...subjects, ...named, artifact(run, "policy", policy, SUBJECTS.policy)]) {
    const known = merged.get(one.digest);
    const terms = new Set([...(known?.terms ?? []), ...one.terms]);
    merged.set(one.digest, { ...(known ?? one), terms: [...terms] });
  }
  return [...merged.values()];
}

function artifact(
  run: string,
  name: string,
  digest: string,
  what = "a finished call, and what it answered",
): BoundThing {
  return { terms: [name], digest, what, href: `/api/runs/${run}/artifacts/${digest}` };
}
