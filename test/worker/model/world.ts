// A run and what is known of it from outside, with the rules that must hold after whatever was done to it.
import { expect } from "vitest";
import {
  decodeArtifacts,
  gateOf,
  type RunView,
  readTrustPolicy,
  replay,
  runView,
} from "../../../src/chain/index.ts";
import type { Digest, ReceiptOf } from "../../../src/receipt/index.ts";
import type { DecisionRequest } from "../../../src/run/run-api.ts";
import { get } from "../client.ts";
import type { Subject } from "../faults/subject.ts";

export type Decision = DecisionRequest["decision"];

export class World {
  readonly subject: Subject;
  /** Every proposal that was ever seen open, newest first. */
  readonly proposals: Digest[] = [];
  /** The run as it was last seen. */
  view: RunView | null = null;
  /** What clients were told that counts, by the proposal that it is about. */
  readonly #told = new Map<Digest, Decision>();
  #chain: readonly Digest[] = [];

  constructor(subject: Subject) {
    this.subject = subject;
  }

  /** Decides on a proposal. Answers "ok", "cut off", or the code of the refusal. */
  async decide(decision: Decision, proposal: Digest, waitMs: number): Promise<string> {
    let answer = "cut off";
    await this.subject.isCutOff(async () => {
      const reason = decision === "request_changes" ? "Once more, please." : "";
      const result = await this.subject.decide(decision, proposal, waitMs, reason);
      answer = result.ok ? "ok" : result.refusal.code;
    });
    if (answer === "ok") {
      expect(this.#told.has(proposal), "two clients were told that their decision counts").toBe(false);
      this.#told.set(proposal, decision);
    }
    return answer;
  }

  /** Looks at the run and holds it to every rule. */
  async check(): Promise<void> {
    this.view = await this.subject.look();
    if (!this.view) return expect(this.#chain).toEqual([]);
    const open = this.view.pending?.proposal;
    if (open && !this.proposals.includes(open)) this.proposals.unshift(open);
    await this.subject.expectWayForward();
    await this.#checkChain();
  }

  async #checkChain(): Promise<void> {
    const { view, bundle, gate, fence, written } = await this.subject.inside(
      async (instance, { storage }) => ({
        view: await instance.view(),
        bundle: await instance.bundle(),
        gate: await instance.gate(),
        fence: storage.sql
          .exec<{ decision: string; state: string }>("SELECT decision, state FROM fence")
          .toArray(),
        written: this.subject.writes(storage.sql),
      }),
    );
    if (!view.ok || !bundle.ok || !gate.ok) throw new Error("expected a view, a bundle and a gate");
    const trust = readTrustPolicy(await get("/.well-known/countersign.json"));
    if (!trust.ok) throw new Error(trust.refusal.message);
    const { sound } = decodeArtifacts(bundle.value.artifacts);
    const artifacts = (sha256: string) => sound.get(sha256);
    const { state, receipts, refusal } = await replay(bundle.value.receipts, trust.value, artifacts);
    expect(refusal, "the chain verifies").toBeNull();
    const chain = receipts.flatMap(({ receipt }) => receipt ?? []);

    const digests = chain.map(({ digest }) => digest);
    expect(digests.slice(0, this.#chain.length), "a chain only ever grows").toEqual(this.#chain);
    this.#chain = digests;

    const decisions = chain.filter((receipt) => receipt.kind === "decision");
    this.#checkDecisions(decisions);
    const approvals = decisions.flatMap(({ digest, statement: { predicate } }) =>
      predicate.decision === "approve" ? digest : [],
    );
    const spent = fence.flatMap(({ decision, state }) => (state === "written" ? decision : []));
    expect(approvals, "every write has its approval").toEqual(expect.arrayContaining(spent));
    expect(written.length, "every approval is spent at most once").toBe(spent.length);

    // A pass that is under way may have gone on between one question and the next.
    const fenced = (decision: Digest) => fence.some((row) => row.decision === decision);
    if (view.value.head === state.head) {
      expect(view.value).toEqual(runView(view.value.run, view.value.createdAt, state, artifacts));
    }
    if (gate.value.head === state.head) expect(gate.value).toEqual(gateOf(gate.value.run, state, fenced));
  }

  #checkDecisions(decisions: readonly ReceiptOf<"decision">[]): void {
    const words = new Map(
      decisions.map(({ statement: { predicate } }) => [predicate.proposal, predicate.decision]),
    );
    expect(words.size, "one decision a proposal").toBe(decisions.length);
    for (const [proposal, decision] of this.#told) expect(words.get(proposal)).toBe(decision);
  }
}
