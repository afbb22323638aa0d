// Runs that continue others, followed (docs/receipts.md §12): lawful lineages, and input with which none can be followed.
import { abroad, FOREIGN_TRUST } from "../abroad.ts";
import type { LineageCase, UnusableCase } from "../case.ts";
import { continued } from "../continued.ts";
import { TRUST } from "../fixed-keys.ts";
import type { Json } from "../json-edit.ts";
import {
  child,
  finished,
  foreign,
  generations,
  INCOMPLETE,
  type LineageRow,
  lineages,
  NAMED,
  rejected,
  VALID,
} from "../lineage.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

/** A run that continues one of its own name, as one of another deployment may have. */
const namesake = continued(finished("rejected", "run-1"), { steps: SCENARIOS.expired, run: "run-1" });

const lawful: readonly LineageRow[] = [
  ["a run that continues none", rejected.bundle, VALID, []],
  ["a run that continues a rejected one", child, VALID, [VALID]],
  ["a run that continues one in which nothing was run", continued(finished("notRun")).bundle, VALID, [VALID]],
  [
    "a run that starts from what its parent wrote",
    continued(finished("unresolved"), {
      files: { "README.md": "# Checkout\n", "src/checkout.js": "export const status = 401;\n" },
      steps: amend(SCENARIOS.approved, SEQ.proposal, { content: "export const status = 422;\n" }),
    }).bundle,
    VALID,
    [VALID],
  ],
  [
    "a second write that starts from the first",
    continued(rejected, { steps: amend(SCENARIOS.twoWrites, 6, { path: "src/checkout.js" }) }).bundle,
    VALID,
    [VALID],
  ],
  [
    "a file that the parent did not have",
    continued(rejected, { steps: amend(SCENARIOS.approved, SEQ.proposal, { path: "src/cart.js" }) }).bundle,
    VALID,
    [VALID],
  ],
  [
    "a file named __proto__ that is handed on",
    continued(finished("rejected", "run-0", { files: NAMED }), { files: NAMED }).bundle,
    VALID,
    [VALID],
  ],
  ["three generations", generations(rejected), VALID, [VALID, VALID]],
  [
    "a run that is still open",
    continued(rejected, { steps: SCENARIOS.approved.slice(0, 4) }).bundle,
    INCOMPLETE,
    [VALID],
  ],
  ["a parent of another issuer", continued(foreign).bundle, VALID, [VALID], { trusts: [FOREIGN_TRUST] }],
  [
    "a grandparent of another issuer",
    generations(foreign),
    VALID,
    [VALID, VALID],
    { trusts: [FOREIGN_TRUST] },
  ],
  [
    "a run of another issuer that continues one of ours",
    continued(rejected, { steps: abroad(SCENARIOS.approved) }).bundle,
    VALID,
    [VALID],
    { trust: FOREIGN_TRUST, trusts: [TRUST] },
  ],
  ["a policy that nothing here needs", child, VALID, [VALID], { trusts: [FOREIGN_TRUST] }],
  ["a parent that the caller holds too", child, VALID, [VALID], { parents: [rejected.bundle] }],
  [
    "a parent that the caller holds in another spelling",
    child,
    VALID,
    [VALID],
    { parents: [Object.fromEntries(Object.entries(rejected.bundle ?? {}).toReversed())] },
  ],
  [
    "a parent that the caller holds twice",
    child,
    VALID,
    [VALID],
    { parents: [rejected.bundle, rejected.bundle] },
  ],
  [
    "a parent that the caller holds, of the name that its own parent has",
    continued(namesake, { run: "run-2" }).bundle,
    VALID,
    [VALID, VALID],
    { parents: [namesake.bundle] },
  ],
  [
    "both of two parents of one name, in either order",
    continued(namesake, { run: "run-2" }).bundle,
    VALID,
    [VALID, VALID],
    { parents: [namesake.bundle, finished("rejected", "run-1").bundle] },
  ],
];

export const lineageCases: readonly LineageCase[] = lineages(
  "lineage",
  "Every chain verifies under the policy of its own issuer, and each starts where the one before it ends.",
  lawful,
);

const unusable: readonly (readonly [
  name: string,
  code: "ERR_BUNDLE" | "ERR_TRUST_POLICY",
  given: { readonly trusts?: readonly Json[]; readonly parents?: readonly Json[] },
])[] = [
  ["two policies for one issuer", "ERR_TRUST_POLICY", { trusts: [FOREIGN_TRUST, TRUST] }],
  ["a further policy that is unsound", "ERR_TRUST_POLICY", { trusts: [{ ...FOREIGN_TRUST, keys: [] }] }],
  ["a parent that is no bundle", "ERR_BUNDLE", { parents: [{ a: "parent" }] }],
  ["a parent that nothing here continues", "ERR_BUNDLE", { parents: [finished("expired", "run-7").bundle] }],
];

/** Lineages that end before anything is said of them. */
export const unusableLineageCases: readonly UnusableCase[] = unusable.map(
  ([name, code, { trusts = [], parents = [] }]) => ({
    name: `lineage: ${name}`,
    axis: "lineage",
    why: "What a verifier is handed has to be sound, and has to be about this lineage.",
    bundle: child,
    trust: TRUST,
    follow: { trusts, parents },
    expect: { unusable: code },
  }),
);
