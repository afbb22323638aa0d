// Runs that continue others, followed (§12): lawful lineages, and input with which none can be followed.
import { abroad, FOREIGN_TRUST } from "../abroad.ts";
import { type CorpusCase, type Expected, INCOMPLETE, refused, type Unusable, VALID } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { continued, flip } from "../continued.ts";
import { TRUST } from "../fixed-keys.ts";
import { edited, type Json, put } from "../json-edit.ts";
import { child, ended, finished, foreign, generations, type LineageRow, lineages } from "../lineage.ts";
import { LISTED } from "../reviewer-keys.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

/** A run that continues one of its own name, as one of another deployment may have. */
const namesake = continued(finished("notRun", "run-1"), { steps: SCENARIOS.notRun, run: "run-1" });
const grandchild = continued(namesake, { run: "run-2" }).bundle;
const same = { "file:README.md": "# Checkout\n", "file:src/checkout.js": "export const status = 401;\n" };

const lawful: readonly (readonly [
  name: string,
  bundle: Json,
  said: Expected,
  before: readonly Expected[],
  given?: LineageRow[5],
])[] = [
  ["a run that continues none", ended.bundle, VALID, []],
  ["a run that continues one in which nothing was run", child, VALID, [VALID]],
  ["a run that continues a rejected one", continued(finished("rejected")).bundle, VALID, [VALID]],
  [
    "a run that starts from what its parent wrote",
    continued(finished("unresolved"), {
      resources: same,
      steps: amend(SCENARIOS.approved, SEQ.proposal, { content: "export const status = 422;\n" }),
    }).bundle,
    VALID,
    [VALID],
  ],
  ["three generations", generations(ended), VALID, [VALID, VALID]],
  [
    "a run that is still open",
    continued(ended, { steps: SCENARIOS.approved.slice(0, 4) }).bundle,
    INCOMPLETE,
    [VALID],
  ],
  [
    "a run of which there is only the first receipt",
    continued(ended, { steps: SCENARIOS.approved.slice(0, 1) }).bundle,
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
    continued(ended, { steps: abroad(SCENARIOS.approved) }).bundle,
    VALID,
    [VALID],
    { trust: FOREIGN_TRUST, trusts: [TRUST] },
  ],
  ["a policy that nothing here needs", child, VALID, [VALID], { trusts: [FOREIGN_TRUST] }],
  ["a parent that the caller holds too", child, VALID, [VALID], { parents: [ended.bundle] }],
  [
    "a parent that the caller holds in another spelling",
    child,
    VALID,
    [VALID],
    { parents: [Object.fromEntries(Object.entries(ended.bundle ?? {}).reverse())] },
  ],
  ["a parent that the caller holds twice", child, VALID, [VALID], { parents: [ended.bundle, ended.bundle] }],
  [
    "a parent that the caller holds in two spellings",
    child,
    VALID,
    [VALID],
    { parents: [ended.bundle, Object.fromEntries(Object.entries(ended.bundle ?? {}).reverse())] },
  ],
  [
    "a grandparent that the caller holds",
    generations(ended),
    VALID,
    [VALID, VALID],
    { parents: [ended.bundle] },
  ],
  [
    "a parent that the caller holds, of the name that its own parent has",
    grandchild,
    VALID,
    [VALID, VALID],
    { parents: [namesake.bundle] },
  ],
  [
    "the same, held twice",
    grandchild,
    VALID,
    [VALID, VALID],
    { parents: [namesake.bundle, namesake.bundle] },
  ],
  [
    "both of two parents of one name",
    grandchild,
    VALID,
    [VALID, VALID],
    { parents: [namesake.bundle, finished("notRun", "run-1").bundle] },
  ],
  [
    "both of two parents of one name, in the other order",
    grandchild,
    VALID,
    [VALID, VALID],
    { parents: [finished("notRun", "run-1").bundle, namesake.bundle] },
  ],
];

const broken = edited(child, put("receipts.4.signatures.0.sig", `${"A".repeat(86)}==`));
const stray = finished("expired", "run-7").bundle;
const unusable: readonly (readonly [
  name: string,
  code: Unusable,
  given: { readonly trusts?: readonly Json[]; readonly parents?: readonly Json[] },
])[] = [
  ["two policies for one issuer", "ERR_TRUST_POLICY", { trusts: [FOREIGN_TRUST, { ...FOREIGN_TRUST }] }],
  ["the first policy twice", "ERR_TRUST_POLICY", { trusts: [TRUST] }],
  ["another policy for the first issuer", "ERR_TRUST_POLICY", { trusts: [LISTED] }],
  ["a further policy that is unsound", "ERR_TRUST_POLICY", { trusts: [{ ...FOREIGN_TRUST, keys: [] }] }],
  ["a further policy of version 1", "ERR_TRUST_POLICY", { trusts: [{ ...FOREIGN_TRUST, version: 1 }] }],
  ["a parent that is no bundle", "ERR_BUNDLE", { parents: [{ a: "parent" }] }],
  [
    "a parent of version 1",
    "ERR_BUNDLE",
    {
      parents: [edited(ended.bundle, put("mediaType", "application/vnd.countersign.bundle+json;version=1"))],
    },
  ],
  ["a parent that nothing here continues", "ERR_BUNDLE", { parents: [stray] }],
  [
    "a parent that nothing here continues, beside one that does",
    "ERR_BUNDLE",
    { parents: [ended.bundle, stray] },
  ],
  ["the run itself for a parent", "ERR_BUNDLE", { parents: [child] }],
  ["an unsound policy, and no bundle for a parent", "ERR_TRUST_POLICY", { trusts: [{}], parents: [{}] }],
];

export const lineageCases: readonly CorpusCase[] = [
  ...lineages(
    "lineage",
    "Every chain verifies under the policy of its own issuer, and each starts where the one before it ends.",
    lawful.map(
      ([name, bundle, said, before, given = {}]): LineageRow => [null, name, bundle, said, before, given],
    ),
  ),
  ...lineages("lineage", "A parent that nothing continues matters only where all else is sound.", [
    [
      6,
      "a broken run, and a parent that nothing here continues",
      broken,
      refused(6, 4),
      [VALID],
      { parents: [stray] },
    ],
    [
      6,
      "a broken run that continues none, and a parent",
      edited(writeChain(SCENARIOS.approved).bundle, flip("receipts.7.payload")),
      refused(6, 7),
      [],
      { parents: [stray] },
    ],
  ]),
  ...lineages("lineage", "The run and the head that the caller means are those of the newest run.", [
    [null, "the run that is meant", child, VALID, [VALID], { expectRun: "run-1" }],
    [81, "the parent's run", child, refused(81), [VALID], { expectRun: "run-0" }],
    [84, "the parent's head", child, refused(84), [VALID], { expectHead: `3:${ended.digests[3]}` }],
  ]),
  ...unusable.map(
    ([name, code, { trusts = [], parents = [] }]): CorpusCase => ({
      name: `lineage: ${name}`,
      axis: "lineage",
      why: "What a verifier is handed has to be sound, and has to be about this lineage.",
      bundle: child,
      trust: TRUST,
      follow: { trusts, parents },
      expect: { unusable: code },
    }),
  ),
];
