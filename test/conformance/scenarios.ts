// Whole lawful runs, each as a list of steps. Cases take one of these and make it wrong in one place.
import { edited, put } from "./json-edit.ts";
import { digestOf } from "./primitives.ts";
import type { Call, Step } from "./step.ts";

const START: readonly Step[] = [{ kind: "alert" }, { kind: "evidence" }];
const ASK: readonly Step[] = [{ kind: "proposal" }, { kind: "preview" }];
const END: readonly Step[] = [{ kind: "outcome" }, { kind: "handoff" }];
const APPROVE: readonly Step[] = [...ASK, { kind: "decision" }, { kind: "execution" }];
const REJECT: readonly Step[] = [...ASK, { kind: "decision", decision: "reject" }, { kind: "execution" }];
const REVISE: readonly Step[] = [
  ...ASK,
  { kind: "decision", decision: "request_changes" },
  { kind: "execution" },
];
/** Answered by nobody: the runtime withholds the call at the very instant of expiry. */
const EXPIRE: readonly Step[] = [...ASK, { kind: "execution", wait: 900_000 }];
const GO_ON: readonly Step[] = [...ASK, { kind: "decision" }, { kind: "execution", more: true }];

/** The call that the reviewer of {@link SCENARIOS}.edited wants instead. */
export const INSTEAD: Call = {
  connector: "repository",
  method: "write_file",
  args: {
    path: "src/checkout.js",
    content: "export const status = 422;\n",
    before: digestOf("export const status = 500;\n"),
  },
};

const EDIT: readonly Step[] = [
  ...ASK,
  { kind: "decision", decision: "request_changes", instead: INSTEAD },
  { kind: "execution" },
];

/** A second edit, of what the first one wanted. */
const EDIT_AGAIN: readonly Step[] = [
  ...ASK,
  {
    kind: "decision",
    decision: "request_changes",
    instead: { ...INSTEAD, args: edited(INSTEAD.args, put("content", "export const status = 424;\n")) },
  },
  { kind: "execution" },
];

/** Under {@link QUORUM} three people approve: two reviewers and an owner. */
export const QUORUM = { policy: put("approvals", [role("reviewer", 2), role("owner", 1)]) };
const ALICE: Step = { kind: "decision", reviewer: "alice" };
const CAROL: Step = { kind: "decision", reviewer: "carol", role: "owner" };
const BOB: Step = { kind: "decision", reviewer: "bob" };

function role(name: string, count: number) {
  return { role: name, count };
}

/** Where the receipts of {@link SCENARIOS}.approved stand; the first round of most other scenarios stands alike. */
export const SEQ = {
  alert: 0,
  evidence: 1,
  proposal: 2,
  preview: 3,
  decision: 4,
  execution: 5,
  outcome: 6,
  handoff: 7,
} as const;

export const SCENARIOS = {
  approved: [...START, ...APPROVE, ...END],
  unresolved: [...START, ...APPROVE, { kind: "outcome", after: "uncured" }, { kind: "handoff" }],
  unmeasured: [...START, ...APPROVE, { kind: "outcome", after: "unmeasured" }, { kind: "handoff" }],
  rejected: [...START, ...REJECT, ...END],
  revisedOnce: [...START, ...REVISE, ...APPROVE, ...END],
  revisedTwice: [...START, ...REVISE, ...REVISE, ...APPROVE, ...END],
  revisedThenRejected: [...START, ...REVISE, ...REJECT, ...END],
  revisedThenNothing: [...START, ...REVISE, ...END],
  revisedThenExpired: [...START, ...REVISE, ...EXPIRE, ...END],
  revisedThenEvidence: [...START, ...REVISE, { kind: "evidence" }, ...APPROVE, ...END],
  edited: [...START, ...EDIT, ...APPROVE, ...END],
  editedTwice: [...START, ...EDIT, ...EDIT_AGAIN, ...APPROVE, ...END],
  editedThenEvidence: [...START, ...EDIT, { kind: "evidence", planner: "a newer one" }, ...APPROVE, ...END],
  editedThenRevised: [...START, ...EDIT, ...REVISE, ...APPROVE, ...END],
  expired: [...START, ...EXPIRE, ...END],
  failed: [...START, ...ASK, { kind: "decision" }, { kind: "execution", status: "failed" }, ...END],
  unknown: [
    ...START,
    ...ASK,
    { kind: "decision" },
    { kind: "execution", status: "unknown" },
    { kind: "outcome", after: "unmeasured" },
    { kind: "handoff" },
  ],
  twoWrites: [...START, ...GO_ON, { kind: "proposal", path: "src/cart.js" }, ...APPROVE.slice(1), ...END],
  secondWriteRejected: [...START, ...GO_ON, ...REJECT, ...END],
  secondWriteRevised: [...START, ...GO_ON, ...REVISE, ...APPROVE, ...END],
  secondWriteExpired: [...START, ...GO_ON, ...EXPIRE, ...END],
  moreButNothing: [...START, ...GO_ON, ...END],
  notRun: [...START, ...END],
  muchEvidence: [...START, { kind: "evidence" }, { kind: "evidence", items: [] }, ...APPROVE, ...END],
  recovered: [...START, ...ASK, { kind: "decision" }, { kind: "execution", recovered: true }, ...END],
} as const satisfies Readonly<Record<string, readonly Step[]>>;

/** Runs under {@link QUORUM}, with the reviewers of `LISTED`. */
export const QUORUMS = {
  approved: [...START, ...ASK, ALICE, CAROL, BOB, { kind: "execution" }, ...END],
  rejected: [...START, ...ASK, ALICE, CAROL, { ...BOB, decision: "reject" }, { kind: "execution" }, ...END],
  withdrawn: [...START, ...ASK, ALICE, { ...ALICE, decision: "reject" }, { kind: "execution" }, ...END],
  revised: [
    ...START,
    ...ASK,
    ALICE,
    { ...CAROL, decision: "request_changes" },
    { kind: "execution" },
    ...ASK,
    BOB,
    ALICE,
    CAROL,
    { kind: "execution" },
    ...END,
  ],
  expired: [...START, ...ASK, ALICE, { kind: "execution", wait: 900_000 }, ...END],
} as const satisfies Readonly<Record<string, readonly Step[]>>;

export type ScenarioName = keyof typeof SCENARIOS;
