// What a run has come to while its chain is written, and the artifacts that its receipts may name.
import type { Json } from "./json-edit.ts";
import { sha256Hex, utf8 } from "./primitives.ts";
import type { Call, Kind, Step } from "./step.ts";
import type { Effect } from "./templates.ts";

/** The newest proposal and what came of it. */
export interface Round {
  readonly proposal: string;
  readonly call: Call;
  readonly action: string;
  readonly code: string | null;
  readonly revision: number;
  execution: { readonly id: string; readonly seq: number } | null;
  own: boolean;
  effects: readonly Effect[];
  /** Approvals by role. */
  readonly approvals: Map<string, number>;
  settled: Settled | null;
  more: boolean;
}

export interface Settled {
  readonly digest: string;
  readonly decision: NonNullable<Step["decision"]>;
  readonly reason: string;
  readonly reviewer: string;
  readonly instead: { readonly call: Call; readonly action: string } | null;
}

export interface Progress {
  /** Every artifact that a receipt may name, by the hex of its SHA-256. */
  readonly store: Map<string, Uint8Array>;
  readonly run: string;
  readonly policy: Json;
  readonly policySha256: string;
  /** The run's own resources: the digest of each one's content. */
  readonly resources: Map<string, string>;
  readonly last: Map<Kind, string>;
  readonly assertions: Json[];
  time: number;
  startedBy: string;
  planner: string;
  proposals: number;
  executions: number;
  calls: number;
  round: Round | null;
  /** The first preview's checks. */
  checks: readonly Json[] | null;
  /** Something was executed, or may have been. */
  touched: boolean;
}

/** Keeps bytes or text as an artifact and gives the hex of its SHA-256. */
export function keep({ store }: Pick<Progress, "store">, content: string | Uint8Array): string {
  const bytes = typeof content === "string" ? utf8(content) : content;
  const sha256 = sha256Hex(bytes);
  store.set(sha256, bytes);
  return sha256;
}
