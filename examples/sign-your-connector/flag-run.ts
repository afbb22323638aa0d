// One run around one gated call: alert, evidence, proposal, preview, decision, execution, outcome, handoff, each signed when it
// is due. Code Mode runs the scripts; only the receipts allow the call. For one call a run, and without recovery from a crash
// between a decision and its execution: src/run of Countersign itself does both.
import type { CodemodeRuntimeHandle } from "@cloudflare/codemode";
import { approvalAtHead, nextStep, type Policy } from "countersign/chain";
import { canonicalBytes, digestOf, LIMITS, sha256Hex, subjectDigest } from "countersign/receipt";
import { FLAGS_AT_FIRST, type Flags, probe } from "./flags.ts";
import type { SignedRun } from "./signed-run.ts";

const POLICY: Policy = {
  version: 1,
  rule: "A human approves every change of a flag.",
  connector: "flags",
  method: "set",
  decisionSeconds: 900,
  revisions: 1,
  separateReviewer: false,
};

// A planner or a model would write these.
const INVESTIGATE = "async () => ({ flags: await flags.read({}), probe: await flags.probe({}) })";
const PROPOSE = 'async () => flags.set({ flag: "new_pricing", on: false })';

const bytesOf = (text: string) => new TextEncoder().encode(text);

export interface FlagTable {
  read(): Flags;
  write(flags: Flags): void;
}

export class FlagRun {
  readonly signed: SignedRun;
  readonly #scripts: CodemodeRuntimeHandle;
  readonly #flags: FlagTable;
  /** Why {@link set} refused the last call, for a script may keep that to itself. */
  #refusal: string | null = null;

  constructor(signed: SignedRun, scripts: CodemodeRuntimeHandle, flags: FlagTable) {
    this.signed = signed;
    this.#scripts = scripts;
    this.#flags = flags;
  }

  /** The agent's part: an alert, what it found, and one call that waits for a human. Text says why not. */
  async start(): Promise<object | string> {
    if (this.signed.state.count > 0) return "this run has begun";
    const now = new Date().toISOString();
    this.signed.append(
      "alert",
      { alert: bytesOf("Checkout shows a price of NaN."), policy: canonicalBytes(POLICY) },
      {
        issuer: this.signed.trustPolicy.issuer,
        source: "shop monitor",
        title: "Checkout shows no price",
        firedAt: now,
        startedBy: { id: "shop monitor", method: "none" },
        continues: null,
      },
    );
    const found = await this.#scripts.execute({ code: INVESTIGATE });
    if (found.status !== "completed") throw new Error("expected the investigation to end");
    this.signed.append(
      "evidence",
      { code: bytesOf(INVESTIGATE), "item-1": canonicalBytes(found.result) },
      { items: [{ name: "flags and probe", connector: "flags", method: "probe" }], summary: "" },
    );
    const asked = await this.#scripts.execute({ code: PROPOSE });
    const [call] = asked.status === "paused" ? asked.pending : [];
    if (!call) return this.#finish("The script asked for nothing.");
    const { connector, method, args } = call;
    const subjects = { action: canonicalBytes({ connector, method, args }), code: bytesOf(PROPOSE) };
    const proposal = this.signed.transaction(() => {
      const { digest, statement } = this.signed.append("proposal", subjects, {
        revision: 1,
        supersedes: null,
        summary: "Go back to the old pricing.",
        risk: "low",
        feedback: null,
      });
      const until = Date.parse(statement.predicate.issuedAt) + POLICY.decisionSeconds * 1000;
      this.signed.append("preview", subjects, {
        proposal: digest,
        execution: { id: call.executionId, seq: call.seq },
        changes: [], // only repository.write_file changes files
        expiresAt: new Date(until).toISOString(),
      });
      return digest;
    });
    return { proposal, call: { connector, method, args } };
  }

  /** The human's part. A decision that names another proposal, or comes twice or late, signs nothing. Text says why not. */
  async decide(named: string | null, decision: "approve" | "reject"): Promise<object | string> {
    const { proposal, preview } = this.signed.state.round ?? {};
    const due = nextStep(this.signed.state);
    if (!proposal || !preview || due?.kind !== "decision") return "nothing waits for a decision";
    if (named !== proposal.digest) return `the open proposal is ${proposal.digest}`;
    if (new Date().toISOString() >= due.expiresAt) return `the proposal expired at ${due.expiresAt}`;
    const action = this.signed.artifact(subjectDigest(proposal.statement, "action") ?? "");
    if (!action) throw new Error("the action's artifact is missing or altered");
    const { execution } = preview.statement.predicate;
    const decided = this.signed.append(
      "decision",
      { action },
      {
        decision,
        proposal: proposal.digest,
        preview: preview.digest,
        reason: "",
        reviewer: { id: "visitor", method: "none" }, // put here whom you have recognized, and how
      },
    );
    const reason =
      decision === "approve" ? await this.#resume(execution.id) : "The reviewer rejected the call.";
    if (decision === "reject") await this.#scripts.reject({ executionId: execution.id, seq: execution.seq });
    // set() has signed what it did. Where it was not called, or refused, nothing was written, and why is said.
    if (nextStep(this.signed.state)?.kind === "execution") {
      const status = decision === "approve" ? ("failed" as const) : ("withheld" as const);
      const fields = { decision: decided.digest, execution, status, reason, ...NOTHING_MORE };
      this.signed.append("execution", { action }, { ...fields, written: false });
    }
    return this.#finish("As the probe measured it.");
  }

  /** Lets the paused script go on. Answers why nothing was written, in case nothing was. */
  async #resume(executionId: string): Promise<string> {
    this.#refusal = null;
    const pass = await this.#scripts.approve({ executionId });
    if (this.#refusal !== null) return this.#refusal;
    return pass.status === "error"
      ? `The script failed: ${pass.error}`.slice(0, LIMITS.reason).toWellFormed()
      : "The script never made the approved call.";
  }

  /**
   * The gated call. That Code Mode lets it through is not enough: the receipts must end in an approval of the very bytes that
   * arrived. The write and the receipt that tells of it are one transaction, so one approval never serves twice.
   */
  set(executionId: string, args: unknown): Flags {
    try {
      return this.#set(executionId, args);
    } catch (error) {
      this.#refusal = `The call was refused: ${error}`.slice(0, LIMITS.reason).toWellFormed();
      throw error;
    }
  }

  #set(executionId: string, args: unknown): Flags {
    const action = canonicalBytes({ connector: "flags", method: "set", args });
    return this.signed.transaction(() => {
      const { state } = this.signed;
      const approval = approvalAtHead(state);
      const execution = state.round?.preview?.statement.predicate.execution;
      if (!approval || subjectDigest(approval.statement, "action") !== sha256Hex(action)) {
        throw new Error("no approval of exactly this call stands at the head of the chain");
      }
      if (execution?.id !== executionId) throw new Error("the approval is for another execution");
      const { flag, on } = readSetArgs(args);
      const flags = { ...this.#flags.read(), [flag]: on };
      this.#flags.write(flags);
      const fields = { decision: approval.digest, execution, status: "executed" as const, ...NOTHING_MORE };
      const subjects = { action, result: canonicalBytes(flags) };
      this.signed.append("execution", subjects, { ...fields, reason: "", written: true });
      return flags;
    });
  }

  /** The end: what the runtime measures, and what it leaves behind. */
  #finish(reason: string): object {
    const flags = this.#flags.read();
    const before = probe(FLAGS_AT_FIRST);
    const after = this.signed.state.written ? probe(flags) : null;
    const cured = after !== null && after.failed === 0 && after.goodFailed === 0;
    const status = after === null ? "not_run" : cured ? "resolved" : "unresolved";
    const execution = this.signed.state.round?.execution?.digest ?? null;
    const report = canonicalBytes({ before, after });
    const outcome = this.signed.append("outcome", { report }, { execution, status, reason, before, after });
    const file = canonicalBytes(flags);
    this.signed.keep(file);
    this.signed.append(
      "handoff",
      {
        summary: bytesOf(`The flags as run ${this.signed.run} left them.`),
        repository: canonicalBytes({ "flags.json": digestOf(file) }),
      },
      { outcome: outcome.digest },
    );
    return { outcome: status, flags };
  }
}

const NOTHING_MORE = { changes: [], more: false, recovered: false };

function readSetArgs(args: unknown): { flag: string; on: boolean } {
  if (typeof args === "object" && args !== null && "flag" in args && "on" in args) {
    const { flag, on } = args;
    if (typeof flag === "string" && typeof on === "boolean") return { flag, on };
  }
  throw new TypeError("flags.set takes {flag, on}");
}
