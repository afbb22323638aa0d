// What an agent of a run is asked, and what it answers. A planner only writes scripts: it calls nothing,
// holds no state between the two questions, and can never carry out what it proposes. What it answers is parsed (read-plan.ts).

/** The alert that a run is about. */
export interface AlertBrief {
  source: string;
  title: string;
  /** RFC 3339 instant. */
  firedAt: string;
}

/** One connector call as the durable log of the investigation recorded it. */
export interface EvidenceItem {
  connector: string;
  method: string;
  args: unknown;
  result: unknown;
}

/** A proposal that went before, oldest first, and what the reviewer said to it. */
export interface EarlierProposal {
  revision: number;
  summary: string;
  action: { connector: string; method: string; args: unknown };
  decision: "approve" | "reject" | "request_changes" | null;
  /** The reviewer's words; empty when they gave none. */
  reason: string;
}

/** A proposal of a run before this one, and what came of it. */
export interface TriedProposal extends EarlierProposal {
  run: string;
  /** Whether its call was carried out; null when the run ended before that. */
  status: "executed" | "failed" | "withheld" | null;
}

/** What the runs before this one handed on: read from their verified chains, never from a transcript or anybody's summary. */
export interface HandedOn {
  /** The run that this one continues. */
  run: string;
  outcome: "resolved" | "unresolved" | "not_run";
  /** What still failed at its end, as its runtime measured and signed it. */
  stillFailing: {
    tally: { requests: number; failed: number; good: number; goodFailed: number };
    requests: readonly { path: string; status: number; error: string | null }[];
  };
  /** Every proposal of that run and of those that it continued in turn, oldest first. */
  tried: readonly TriedProposal[];
}

/** A read-only Code Mode script, source text of `async () => { … }` that returns `{summary: string}`. */
export interface Investigation {
  code: string;
}

/** A Code Mode script that ends in a gated call, and what a reviewer reads beside it. */
export interface ProposalPlan {
  code: string;
  /** At most 1500 characters. */
  summary: string;
  risk: "low" | "medium" | "high";
  /** What became of the newest feedback; entries have at most 500 characters, at most 20 a list. */
  feedback: null | { applied: string[]; notApplied: string[] };
}

/** A proposal, or the reason why there is none. */
export type Plan = ({ propose: true } & ProposalPlan) | { propose: false; reason: string };

/** All that a proposal may rest on. */
export interface ProposeInput {
  alert: AlertBrief;
  evidence: readonly EvidenceItem[];
  /** The newest request for changes, or null. */
  feedback: string | null;
  earlier: readonly EarlierProposal[];
  /** What this run starts from when it continues another. */
  handedOn?: HandedOn | null;
}

/** Turns an alert into an investigation, and evidence into a proposal. */
export interface Planner {
  investigate(alert: AlertBrief, handedOn?: HandedOn | null): Investigation | Promise<Investigation>;
  propose(input: ProposeInput): Plan | Promise<Plan>;
}
