// Links to a parent that are wrong on one axis (docs/receipts.md §12). Every chain is sound and signed unless the case says
// otherwise, so that only the rule about the link can tell.
import { abroad, FOREIGN_TRUST } from "../abroad.ts";
import type { Expected, LineageCase } from "../case.ts";
import { type Chain, writeChain } from "../chain-writer.ts";
import { alterParent, changeParent, continued, flip } from "../continued.ts";
import { ISSUER, TRUST } from "../fixed-keys.ts";
import { changeList, type Edit, type Json, put, ZERO } from "../json-edit.ts";
import {
  CHECKOUT,
  child,
  edited,
  finished,
  foreign,
  generations,
  INCOMPLETE,
  type LineageRow,
  lineages,
  NAMED,
  refused,
  rejected,
  VALID,
} from "../lineage.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, without } from "../step.ts";

const other = writeChain(amend(SCENARIOS.rejected, SEQ.decision, { reason: "Another." }), { run: "run-0" });

const bundles: readonly LineageRow[] = [
  ...(
    [
      ["no bundle", { a: "parent" }],
      ["no JSON", "{"],
      ["a bundle in another spelling", JSON.stringify(rejected.bundle, null, 1)],
      ["a bundle of another version", edited(rejected.bundle, put("mediaType", "application/json"))],
    ] satisfies [string, Json][]
  ).map(
    ([name, bound]): LineageRow => [
      `that is ${name}`,
      continued(rejected, { bound }).bundle,
      refused("ERR_PARENT_BUNDLE"),
      [],
    ],
  ),
  ["that is left out", changeParent(child, () => null), refused("ERR_ARTIFACT_MISSING", 0), []],
  ["that is no base64", changeParent(child, (text) => `${text}*`), refused("ERR_ARTIFACT_MISSING", 0), []],
  [
    "that is left out, though the caller holds it",
    changeParent(child, () => null),
    refused("ERR_ARTIFACT_MISSING", 0),
    [VALID],
    { parents: [rejected.bundle] },
  ],
  [
    "held by the caller, and is the run itself under its parent's name",
    child,
    refused("ERR_PARENT_BUNDLE"),
    [refused("ERR_BUNDLE_RUN"), VALID],
    { parents: [edited(child, put("run", "run-0"))] },
  ],
  [
    "altered under its old name",
    alterParent(child, flip("receipts.4.payload")),
    refused("ERR_ARTIFACT_MISSING", 0),
    [refused("ERR_SIGNATURE", 4)],
  ],
  [
    "altered where the caller holds it",
    child,
    refused("ERR_PARENT_BUNDLE"),
    [refused("ERR_SIGNATURE", 5)],
    { parents: [edited(rejected.bundle, flip("receipts.5.payload"))] },
  ],
  [
    "of the same run, another chain that verifies",
    child,
    refused("ERR_PARENT_BUNDLE"),
    [VALID],
    { parents: [other.bundle] },
  ],
];

const issuers: readonly LineageRow[] = [
  ["without a policy of the parent's", continued(foreign).bundle, refused("ERR_PARENT_ISSUER"), []],
  [
    "without a policy of the grandparent's",
    generations(foreign),
    refused("ERR_PARENT_INVALID"),
    [refused("ERR_PARENT_ISSUER")],
  ],
  [
    "that is ours only by its own word",
    continued(writeChain(abroad(SCENARIOS.rejected, ISSUER), { run: "run-0" })).bundle,
    refused("ERR_PARENT_INVALID"),
    [refused("ERR_KEY_UNKNOWN", 0)],
    { trusts: [FOREIGN_TRUST] },
  ],
  [
    "whose human decides in our chain",
    continued(foreign, { steps: amend(SCENARIOS.approved, SEQ.decision, { signer: "human2" }) }).bundle,
    refused("ERR_KEY_UNKNOWN", SEQ.decision),
    [VALID],
    { trusts: [FOREIGN_TRUST] },
  ],
  [
    "in whose chain our human decides",
    continued(
      writeChain(amend(abroad(SCENARIOS.rejected), SEQ.decision, { signer: "human" }), { run: "run-0" }),
    ).bundle,
    refused("ERR_PARENT_INVALID"),
    [refused("ERR_KEY_UNKNOWN", SEQ.decision)],
    { trusts: [FOREIGN_TRUST] },
  ],
  [
    "whose key was revoked",
    continued(foreign).bundle,
    refused("ERR_PARENT_INVALID"),
    [refused("ERR_KEY_REVOKED", SEQ.decision)],
    { trusts: [edited(FOREIGN_TRUST, put("keys.1.revokedAt", "2026-12-01T00:00:00.000Z"))] },
  ],
  [
    "whose policy is put first",
    continued(foreign).bundle,
    refused("ERR_KEY_UNKNOWN", 0),
    [],
    { trust: FOREIGN_TRUST, trusts: [TRUST] },
  ],
];

/** The parent binds as it is; its own fault is what its report says. */
const faulty = (name: string, fault: Expected, edit: Edit): LineageRow => [
  name,
  continued(rejected, { bound: edited(rejected.bundle, edit) }).bundle,
  refused("ERR_PARENT_INVALID"),
  [fault],
];

const parents: readonly LineageRow[] = [
  faulty("with an altered receipt", refused("ERR_SIGNATURE", 4), flip("receipts.4.payload")),
  faulty("whose first receipt cannot be read", refused("ERR_ENVELOPE", 0), put("receipts.0", null)),
  faulty(
    "whose first receipt is left out",
    refused("ERR_SEQ", 0),
    changeList("receipts", (old) => old.slice(1)),
  ),
  faulty("of no receipt", refused("ERR_CHAIN_EMPTY"), put("receipts", [])),
  faulty("that calls itself another run", refused("ERR_BUNDLE_RUN"), put("run", "run-9")),
  faulty(
    "with an artifact that nobody names",
    refused("ERR_ARTIFACT_UNNAMED"),
    put("artifacts.6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "AA=="),
  ),
  [
    "that is still open",
    continued(writeChain(SCENARIOS.approved.slice(0, 4), { run: "run-0" })).bundle,
    refused("ERR_PARENT_INVALID"),
    [INCOMPLETE],
  ],
  [
    "without a receipt of its chain",
    continued(writeChain(without(SCENARIOS.rejected, SEQ.evidence), { run: "run-0" })).bundle,
    refused("ERR_PARENT_INVALID"),
    [refused("ERR_KIND_ORDER", 1)],
  ],
  [
    "whose own parent does not verify",
    continued(
      continued(rejected, {
        bound: edited(rejected.bundle, flip("receipts.2.signatures.0.sig")),
        steps: SCENARIOS.expired,
      }),
      { run: "run-2" },
    ).bundle,
    refused("ERR_PARENT_INVALID"),
    [refused("ERR_PARENT_INVALID"), refused("ERR_SIGNATURE", 2)],
  ],
];

const links: readonly LineageRow[] = [
  [
    "to another run than the bundle's",
    continued(rejected, { edit: put("predicate.continues.run", "run-9") }).bundle,
    refused("ERR_PARENT_RUN"),
    [VALID],
  ],
  ...(
    [
      ["to the outcome in the handoff's place", rejected.digests[SEQ.outcome] ?? ""],
      ["to a handoff that is not there", ZERO],
      ["to the handoff of another chain of that run", other.digests.at(-1) ?? ""],
    ] satisfies [string, string][]
  ).map(
    ([name, handoff]): LineageRow => [
      name,
      continued(rejected, { edit: put("predicate.continues.handoff", handoff) }).bundle,
      refused("ERR_PARENT_HANDOFF"),
      [VALID],
    ],
  ),
  [
    "of a run whose alert does not come first",
    edited(
      child,
      changeList("receipts", (old) => [null, ...old]),
    ),
    refused("ERR_ENVELOPE", 0),
    [],
  ],
];

const drifted = (name: string, chain: Chain): LineageRow => [
  name,
  chain.bundle,
  refused("ERR_PARENT_REPOSITORY"),
  [VALID],
];
const changed = { "README.md": "# Other\n", "src/checkout.js": CHECKOUT };

const repositories: readonly LineageRow[] = [
  drifted("with a file that is not as the parent left it", continued(finished("approved"))),
  drifted(
    "with a change that was asked for and refused, of a file that is not so",
    continued(finished("approved"), { steps: SCENARIOS.rejected }),
  ),
  drifted(
    "of an open run, with a file that is not so",
    continued(finished("approved"), { steps: SCENARIOS.approved.slice(0, 4) }),
  ),
  drifted(
    "with a new file where the parent has one",
    continued(rejected, { files: { "README.md": "# Checkout\n" } }),
  ),
  drifted("with a file handed on that nobody wrote", continued(rejected, { files: changed })),
  drifted("with a file left out", continued(rejected, { files: { "src/checkout.js": CHECKOUT } })),
  drifted(
    "with a file more",
    continued(rejected, { files: { ...changed, "README.md": "# Checkout\n", "NOTES.md": "" } }),
  ),
  drifted(
    "with a file named __proto__ left out",
    continued(finished("rejected", "run-0", { files: NAMED }), { files: { "src/checkout.js": CHECKOUT } }),
  ),
];

export const parentCases: readonly LineageCase[] = [
  ...lineages(
    "parent's bundle",
    "The first receipt names the parent's bundle by its bytes, in canonical JSON.",
    bundles,
  ),
  ...lineages("parent's issuer", "A key counts in the chains of its own issuer and in no other.", issuers),
  ...lineages("parent", "Only a finished chain that verifies can be continued.", parents),
  ...lineages("parent's link", "The first receipt names the run and the handoff that it continues.", links),
  ...lineages(
    "parent's repository",
    "A run starts from the files that were handed on, and only its own receipts change them.",
    repositories,
  ),
];
