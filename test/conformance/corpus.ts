// The whole corpus, and its published JSON form. The same bytes every time.

import type { ConformanceCase, LineageCase, UnusableCase } from "./case.ts";
import { artifactCases } from "./cases/artifacts.ts";
import { decisionCases } from "./cases/decisions.ts";
import { envelopeCases } from "./cases/envelope.ts";
import { executionCases } from "./cases/executions.ts";
import { keyCases } from "./cases/keys.ts";
import { lineageCases, unusableLineageCases } from "./cases/lineages.ts";
import { linkCases } from "./cases/links.ts";
import { orderCases } from "./cases/order.ts";
import { parentCases } from "./cases/parents.ts";
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

/** Every case as it is published. */
export const corpusCases: readonly (ConformanceCase | LineageCase | UnusableCase)[] = [
  ...conformanceCases,
  ...unusableCases,
  ...lineageCases,
  ...parentCases,
  ...unusableLineageCases,
];

/** JSON text shorter than this is not worth a reference. */
const SHORT = 200;

/**
 * The corpus as JSON text, one value a line. A large value that occurs more than once stands in `shared` once, and
 * `{"$ref": <its place there>}` stands wherever it is meant, inside other shared values too.
 */
export function corpusJson(): string {
  const cases: Json[] = corpusCases.map(toJson);
  const shared = sharedValues(cases);
  const lines = cases.map((each) => JSON.stringify(shared.refer(each)));
  const members = [
    ["shared", shared.lines()],
    ["cases", lines],
  ] as const;
  return `{\n"version": 1,\n${members.map(([name, list]) => `"${name}": [\n${list.join(",\n")}\n]`).join(",\n")}\n}\n`;
}

function toJson(each: (typeof corpusCases)[number]): Json {
  return JSON.parse(JSON.stringify(each));
}

/** Finds objects and texts that occur more than once, each a line of its own, and replaces them by references. */
function sharedValues(roots: readonly Json[]) {
  const places = new Map<string, number>();
  const values: Json[] = [];
  const seen = new Set<string>();
  for (const root of roots) find(root);

  function find(value: Json): void {
    const text = JSON.stringify(value);
    if (text.length >= SHORT && !Array.isArray(value)) {
      if (places.has(text)) return;
      if (seen.has(text)) {
        places.set(text, values.push(value) - 1);
        return;
      }
      seen.add(text);
    }
    if (typeof value === "object") for (const member of Object.values(value ?? {})) find(member);
  }

  function refer(value: Json): Json {
    const place = places.get(JSON.stringify(value));
    return place === undefined ? referMembers(value) : { $ref: place };
  }

  function referMembers(value: Json): Json {
    if (Array.isArray(value)) return value.map(refer);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, refer(member)]));
  }

  return { refer, lines: () => values.map((value) => JSON.stringify(referMembers(value))) };
}
