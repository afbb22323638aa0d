// What a receipt binds by digest: its subjects, its policy, and the other receipts of its chain that it names.
import type { ListedReceipt } from "../host/run-api.ts";
import type { Predicate } from "../receipt/index.ts";
import { resourceName } from "./receipt-words.ts";

export interface BoundThing {
  /** The subject names and predicate fields that give this digest. */
  readonly terms: readonly string[];
  readonly digest: string;
  readonly what: string;
  /** Where to look at it. */
  readonly href: string;
}

const SUBJECTS: Readonly<Record<string, string>> = {
  alert: "the alert as it came in",
  policy: "the rules this run stands under",
  parent: "the chain that this run continues",
  code: "the agent’s script",
  transcript: "what the model was told and said",
  action: "the exact call",
  edit: "the call that the reviewer wants instead",
  intent: "what the reviewer’s own key signed",
  assertion: "the reviewer’s own signature",
  plan: "the dry run",
  result: "what the call answered",
  report: "the measurements",
  summary: "the summary for whoever takes over",
  resources: "the resources as they stand, by their digests",
};

/** Everything that a receipt binds, each once, in the order of its statement. */
export function bindings(
  { kind, statement }: ListedReceipt,
  receipts: readonly ListedReceipt[],
): BoundThing[] {
  const { run, policy } = statement.predicate;
  const calls = kind === "evidence" ? (statement.predicate as Predicate<"evidence">).items : [];
  const effects = kind === "preview" ? (statement.predicate as Predicate<"preview">).effects : [];
  const subjects = statement.subject.map(({ name, digest: { sha256 } }) => {
    const call = calls.find((item) => item.name === name);
    const effect = name.startsWith("before-") ? effects[Number(name.slice("before-".length)) - 1] : undefined;
    const what = call
      ? `${call.connector}.${call.method}, and what it answered`
      : effect
        ? `${resourceName(effect.resource)} as it is`
        : SUBJECTS[name];
    return artifact(run, name, `sha256:${sha256}`, what);
  });
  const byDigest = new Map<unknown, ListedReceipt>(receipts.map((one) => [one.digest, one]));
  const named = Object.entries(statement.predicate).flatMap(([field, value]): BoundThing[] => {
    const receipt = byDigest.get(value);
    if (!receipt) return [];
    const { seq, kind } = receipt;
    return [
      {
        terms: [field],
        digest: receipt.digest,
        what: `receipt ${seq}, ${kind}`,
        href: `/runs/${run}/receipts/${seq}`,
      },
    ];
  });
  const merged = new Map<string, BoundThing>();
  for (const one of [...subjects, ...named, artifact(run, "policy", policy, SUBJECTS.policy)]) {
    const known = merged.get(one.digest);
    const terms = new Set([...(known?.terms ?? []), ...one.terms]);
    merged.set(one.digest, { ...(known ?? one), terms: [...terms] });
  }
  return [...merged.values()];
}

function artifact(run: string, name: string, digest: string, what = "an artifact"): BoundThing {
  return { terms: [name], digest, what, href: `/api/runs/${run}/artifacts/${digest}` };
}
