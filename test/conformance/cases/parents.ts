// Links to a parent that are wrong on one axis (rules 89, 91–93). Every chain is sound and signed unless the case says otherwise, so
// that only the rule about the link can tell.
import { abroad, FOREIGN_TRUST } from "../abroad.ts";
import { type CorpusCase, type Expected, INCOMPLETE, refused, VALID } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { continued, flip } from "../continued.ts";
import { ISSUER, TRUST } from "../fixed-keys.ts";
import { changeList, type Edit, edited, put, ZERO } from "../json-edit.ts";
import { child, ended, foreign, generations, type LineageRow, lineages } from "../lineage.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, without } from "../step.ts";

const other = writeChain(amend(SCENARIOS.notRun, SEQ.evidence, { items: [] }), { run: "run-0" });
const OUTCOME = 2;

const issuers: readonly LineageRow[] = [
  [89, "without a policy of the parent's", continued(foreign).bundle, refused(89), []],
  [91, "without a policy of the grandparent's", generations(foreign), refused(91), [refused(89)]],
  [
    91,
    "that is ours only by its own word",
    continued(writeChain(abroad(SCENARIOS.notRun, ISSUER), { run: "run-0" })).bundle,
    refused(91),
    [refused(5, 0)],
    { trusts: [FOREIGN_TRUST] },
  ],
  [
    5,
    "whose human decides in our chain",
    continued(foreign, { steps: amend(SCENARIOS.approved, SEQ.decision, { signer: "human2" }) }).bundle,
    refused(5, SEQ.decision),
    [VALID],
    { trusts: [FOREIGN_TRUST] },
  ],
  [
    91,
    "in whose chain our human decides",
    continued(
      writeChain(amend(abroad(SCENARIOS.rejected), SEQ.decision, { signer: "human" }), { run: "run-0" }),
    ).bundle,
    refused(91),
    [refused(5, SEQ.decision)],
    { trusts: [FOREIGN_TRUST] },
  ],
  [
    91,
    "whose key was revoked",
    continued(foreign).bundle,
    refused(91),
    [refused(16, 0)],
    { trusts: [edited(FOREIGN_TRUST, put("keys.2.revokedAt", "2026-12-01T00:00:00.000Z"))] },
  ],
  [
    91,
    "whose policies are pinned to none",
    continued(foreign).bundle,
    refused(91),
    [refused(29, 0)],
    { trusts: [edited(FOREIGN_TRUST, put("policies", []))] },
  ],
  [
    5,
    "whose policy is put first",
    continued(foreign).bundle,
    refused(5, 0),
    [],
    { trust: FOREIGN_TRUST, trusts: [TRUST] },
  ],
];

/** The parent binds as it is; its own fault is what its report says. */
const faulty = (name: string, fault: Expected, edit: Edit): LineageRow => [
  91,
  name,
  continued(ended, { bound: edited(ended.bundle, edit) }).bundle,
  refused(91),
  [fault],
];

const parents: readonly LineageRow[] = [
  faulty("with an altered receipt", refused(6, 2), flip("receipts.2.payload")),
  faulty("whose first receipt cannot be read", refused(1, 0), put("receipts.0", null)),
  faulty("whose first receipt is no base64", refused(3, 0), put("receipts.0.payload", "*")),
  faulty("whose first receipt is altered", refused(6, 0), flip("receipts.0.signatures.0.sig")),
  faulty(
    "whose first receipt is left out",
    refused(20, 0),
    changeList("receipts", (old) => old.slice(1)),
  ),
  faulty("of no receipt", refused(82), put("receipts", [])),
  faulty("that calls itself another run", refused(83), put("run", "run-9")),
  faulty(
    "with an artifact that nobody names",
    refused(86),
    put("artifacts.6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "AA=="),
  ),
  [
    91,
    "that is still open",
    continued(writeChain(SCENARIOS.notRun.slice(0, 3), { run: "run-0" })).bundle,
    refused(91),
    [INCOMPLETE],
  ],
  [
    91,
    "without a receipt of its chain",
    continued(writeChain(without(SCENARIOS.notRun, SEQ.evidence), { run: "run-0" })).bundle,
    refused(91),
    [refused(25, 1)],
  ],
  [
    91,
    "whose own parent does not verify",
    continued(
      continued(ended, {
        bound: edited(ended.bundle, flip("receipts.2.signatures.0.sig")),
        steps: SCENARIOS.notRun,
      }),
      { run: "run-2" },
    ).bundle,
    refused(91),
    [refused(91), refused(6, 2)],
  ],
];

const links: readonly LineageRow[] = [
  [
    92,
    "to another run than the bundle's",
    continued(ended, { edit: put("predicate.continues.run", "run-9") }).bundle,
    refused(92),
    [VALID],
  ],
  [
    92,
    "to another run, of which the caller holds the bundle that is bound",
    continued(ended, { edit: put("predicate.continues.run", "run-9") }).bundle,
    refused(92),
    [VALID],
    { parents: [ended.bundle] },
  ],
  ...(
    [
      ["to the outcome in the handoff's place", ended.digests[OUTCOME] ?? ""],
      ["to a handoff that is not there", ZERO],
      ["to the handoff of another chain of that run", other.digests.at(-1) ?? ""],
    ] satisfies [string, string][]
  ).map(
    ([name, handoff]): LineageRow => [
      93,
      name,
      continued(ended, { edit: put("predicate.continues.handoff", handoff) }).bundle,
      refused(93),
      [VALID],
    ],
  ),
  [
    1,
    "of a run whose alert does not come first",
    edited(
      child,
      changeList("receipts", (old) => [null, ...old]),
    ),
    refused(1, 0),
    [],
  ],
  [
    6,
    "of a run whose alert is not signed",
    edited(child, put("receipts.0.signatures.0.sig", `${"A".repeat(86)}==`)),
    refused(6, 0),
    [],
  ],
  [
    6,
    "of a run that is broken later, to a sound parent",
    edited(child, flip("receipts.4.signatures.0.sig")),
    refused(6, 4),
    [VALID],
  ],
  [
    6,
    "of a run that is broken later, to a broken parent",
    edited(
      continued(ended, { bound: edited(ended.bundle, flip("receipts.2.payload")) }).bundle,
      flip("receipts.4.signatures.0.sig"),
    ),
    refused(6, 4),
    [refused(6, 2)],
  ],
  [
    20,
    "of a run whose alert is opened and not placed",
    continued(ended, { edit: put("predicate.seq", 1) }).bundle,
    refused(20, 0),
    [VALID],
  ],
];

export const parentCases: readonly CorpusCase[] = [
  ...lineages("parent's issuer", "A key counts in the chains of its own issuer and in no other.", issuers),
  ...lineages("parent", "Only a finished chain that verifies can be continued.", parents),
  ...lineages("parent's link", "The first receipt names the run and the handoff that it continues.", links),
];
