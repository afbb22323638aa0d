// The whole corpus, and its published JSON form. The same bytes every time.

import type { ConformanceCase } from "./case.ts";
import { artifactCases } from "./cases/artifacts.ts";
import { decisionCases } from "./cases/decisions.ts";
import { envelopeCases } from "./cases/envelope.ts";
import { executionCases } from "./cases/executions.ts";
import { keyCases } from "./cases/keys.ts";
import { linkCases } from "./cases/links.ts";
import { orderCases } from "./cases/order.ts";
import { policyCases } from "./cases/policies.ts";
import { previewCases } from "./cases/previews.ts";
import { proposalCases } from "./cases/proposals.ts";
import { signatureCases } from "./cases/signatures.ts";
import { spellingCases } from "./cases/spelling.ts";
import { statementCases } from "./cases/statement.ts";
import { subjectCases } from "./cases/subjects.ts";
import { sumCases } from "./cases/sums.ts";
import { unusableCases } from "./cases/unusable.ts";
import { wholeRunCases } from "./cases/whole-runs.ts";
import type { Json } from "./json-edit.ts";

export { unusableCases };

export const conformanceCases: readonly ConformanceCase[] = [
  ...wholeRunCases,
  ...envelopeCases,
  ...spellingCases,
  ...statementCases,
  ...subjectCases,
  ...keyCases,
  ...signatureCases,
  ...linkCases,
  ...orderCases,
  ...policyCases,
  ...proposalCases,
  ...previewCases,
  ...decisionCases,
  ...executionCases,
  ...sumCases,
  ...artifactCases,
];

/** JSON text shorter than this is not worth a reference. */
const SHORT = 200;

/**
 * The corpus as JSON text, one value a line. A large value that occurs more than once stands in `shared` once, and
 * `{"$ref": <its place there>}` stands wherever it is meant, inside other shared values too.
 */
export function corpusJson(): string {
  const cases: Json[] = [...conformanceCases, ...unusableCases].map((each) => ({
    ...each,
    expect: { ...each.expect },
  }));
  const shared = sharedValues(cases);
  const lines = cases.map((each) => JSON.stringify(shared.refer(each)));
  const members = [
    ["shared", shared.lines()],
    ["cases", lines],
  ] as const;
  return `{\n"version": 1,\n${members.map(([name, list]) => `"${name}": [\n${list.join(",\n")}\n]`).join(",\n")}\n}\n`;
}

/** Finds objects that occur more than once, each a line of its own, and replaces them by references. */
function sharedValues(roots: readonly Json[]) {
  const places = new Map<string, number>();
  const values: Json[] = [];
  const seen = new Set<string>();
  for (const root of roots) find(root);

  function find(value: Json): void {
    if (typeof value !== "object" || value === null) return;
    const text = JSON.stringify(value);
    if (text.length >= SHORT && !Array.isArray(value)) {
      if (places.has(text)) return;
      if (seen.has(text)) {
        places.set(text, values.push(value) - 1);
        return;
      }
      seen.add(text);
    }
    for (const member of Object.values(value)) find(member);
  }

  function refer(value: Json): Json {
    if (typeof value !== "object" || value === null) return value;
    const place = places.get(JSON.stringify(value));
    return place === undefined ? referMembers(value) : { $ref: place };
  }

  function referMembers(value: Json): Json {
    if (Array.isArray(value)) return value.map(refer);
    return Object.fromEntries(Object.entries(value ?? {}).map(([name, member]) => [name, refer(member)]));
  }

  return { refer, lines: () => values.map((value) => JSON.stringify(referMembers(value))) };
}
