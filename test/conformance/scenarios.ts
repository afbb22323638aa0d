// Whole lawful runs, each as a list of steps. Cases take one of these and make it wrong in one place.
import type { Step } from "./step.ts";

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
const EXPIRE: readonly Step[] = [...ASK, { kind: "execution", after: 900_000 }];
const GO_ON: readonly Step[] = [...ASK, { kind: "decision" }, { kind: "execution", more: true }];

/** Where the receipts of {@link SCENARIOS}.approved stand; the first round of every other scenario stands alike. */
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
  unresolved: [...START, ...APPROVE, { kind: "outcome", cured: false }, { kind: "handoff" }],
  rejected: [...START, ...REJECT, ...END],
  revisedOnce: [...START, ...REVISE, ...APPROVE, ...END],
  revisedTwice: [...START, ...REVISE, ...REVISE, ...APPROVE, ...END],
  revisedThenRejected: [...START, ...REVISE, ...REJECT, ...END],
  revisedThenNothing: [...START, ...REVISE, ...END],
  revisedThenExpired: [...START, ...REVISE, ...EXPIRE, ...END],
  expired: [...START, ...EXPIRE, ...END],
  failed: [...START, ...ASK, { kind: "decision" }, { kind: "execution", status: "failed" }, ...END],
  twoWrites: [...START, ...GO_ON, { kind: "proposal", path: "src/cart.js" }, ...APPROVE.slice(1), ...END],
  secondWriteRejected: [...START, ...GO_ON, ...REJECT, ...END],
  secondWriteRevised: [...START, ...GO_ON, ...REVISE, ...APPROVE, ...END],
  moreButNothing: [...START, ...GO_ON, ...END],
  notRun: [...START, ...END],
  recovered: [...START, ...ASK, { kind: "decision" }, { kind: "execution", recovered: true }, ...END],
} as const satisfies Readonly<Record<string, readonly Step[]>>;

export type ScenarioName = keyof typeof SCENARIOS;
