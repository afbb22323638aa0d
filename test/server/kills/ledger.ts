// One run as its clients know it: what they sent and what they were told, kept outside the server that is killed.
import { type Bundle, hexOf, type RunView, type TrustPolicy, verify } from "../../../src/chain/index.ts";
import type { ReceiptList } from "../../../src/run/run-api.ts";

export type Decision = "approve" | "reject" | "request-changes";

export class Ledger {
  /** The Idempotency-Key of its start: whoever was cut off sends it again. */
  readonly key: string;
  /** Set once a client was told of the run. */
  run: string | null = null;
  ended = false;
  readonly #plan: readonly Decision[];
  readonly #heads = new Set<string>();
  /** What was sent on each proposal, and whether the client was told that it counts. */
  readonly #decisions = new Map<string, { readonly decision: Decision; counts: boolean }>();

  /** @param plan what its reviewer will say to its proposals, one after the other; then they approve. */
  constructor(key: string, plan: readonly Decision[]) {
    this.key = key;
    this.#plan = plan;
  }

  /** What to say to an open proposal: always the same, however often it has to be sent. */
  decisionOn(proposal: string): Decision {
    const known = this.#decisions.get(proposal);
    if (known) return known.decision;
    const decision = this.#plan[this.#decisions.size] ?? "approve";
    this.#decisions.set(proposal, { decision, counts: false });
    return decision;
  }

  /** A decision was answered 200. */
  counts(proposal: string): void {
    const sent = this.#decisions.get(proposal);
    if (sent) sent.counts = true;
  }

  hear(view: RunView): void {
    this.run = view.run;
    this.ended = view.due === null;
    if (view.head) this.#heads.add(view.head);
  }

  /** Everything that is wrong with the run now that it has ended. `onDisk` are the digests of the versions that it wrote. */
  async problems(
    { receipts }: ReceiptList,
    bundle: Bundle,
    trust: TrustPolicy,
    onDisk: readonly string[],
  ): Promise<string[]> {
    const { verdict, checks } = await verify(bundle, trust, { run: this.run ?? "" });
    const problems = verdict === "valid" ? [] : checks.filter(({ ok }) => !ok).map(({ message }) => message);
    const digests = new Set<string>(receipts.map(({ digest }) => digest));
    for (const head of this.#heads)
      if (!digests.has(head)) problems.push(`a client was told of ${head}, and it is lost`);
    const words = receipts.flatMap(({ statement: { predicate } }) =>
      "reviewer" in predicate ? `${predicate.proposal} ${predicate.decision.replace("_", "-")}` : [],
    );
    if (new Set(words.map((word) => word.split(" ")[0])).size < words.length)
      problems.push("two decisions on a proposal");
    for (const [proposal, { decision, counts }] of this.#decisions) {
      if (counts && !words.includes(`${proposal} ${decision}`))
        problems.push(`a ${decision} that counted is lost`);
    }
    const claimed = receipts.flatMap(({ statement: { predicate } }) =>
      "written" in predicate ? predicate.changes.map(({ after }) => hexOf(after)) : [],
    );
    if (claimed.sort().join() !== [...onDisk].sort().join()) {
      problems.push(`the chain tells of ${claimed.length} writes, on disk are ${onDisk.length}`);
    }
    return problems;
  }
}
