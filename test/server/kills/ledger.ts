// One run as its clients know it: what they sent and what they were told, kept outside the server that is killed.
import { type Bundle, hexOf, type TrustPolicy, type VerifiedRun, verify } from "../../../src/chain/index.ts";
import { FILE } from "../../../src/checkout/repository.ts";
import { SOURCE } from "../../../src/checkout/source/index.ts";
import type { ListedReceipt, ReceiptList } from "../../../src/host/run-records.ts";
import type { RunView } from "../../../src/host/run-view.ts";
import { isDigest, type Predicate, sha256Hex } from "../../../src/receipt/index.ts";
import type { OnDisk } from "./disk.ts";

export type Decision = "approve" | "reject" | "request-changes";

/** How a run may end whose reviewer decides in time and whose calls are on its own resources. */
const LAWFUL_ENDS = ["completed", "rejected"];

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

  /**
   * Everything that is wrong with the run now that it has ended.
   * @param onDisk what its database holds.
   * @param kills when the server was killed, in ms since 1970, oldest first.
   */
  async problems(
    { status, receipts }: ReceiptList,
    bundle: Bundle,
    trust: TrustPolicy,
    onDisk: OnDisk | undefined,
    kills: readonly number[],
  ): Promise<string[]> {
    const { report, run } = await verify(bundle, trust, { run: this.run ?? "" });
    if (report.verdict !== "valid" || !run)
      return report.checks.filter(({ ok }) => !ok).map(({ message }) => message);
    const digests = new Set<string>(receipts.map(({ digest }) => digest));
    return [
      ...(LAWFUL_ENDS.includes(status) ? [] : [`it ended as ${status}`]),
      ...[...this.#heads]
        .filter((head) => !digests.has(head))
        .map((head) => `a client was told of ${head}, and it is lost`),
      ...this.#wrongDecisions(receipts),
      ...(onDisk ? wrongWrites(run, receipts, onDisk) : ["its database is lost"]),
      ...wrongRecoveries(receipts, kills),
    ];
  }

  /** Of the decisions in the chain: those that nobody sent, those that stand twice, and those that counted and are not there. */
  #wrongDecisions(receipts: readonly ListedReceipt[]): string[] {
    const problems: string[] = [];
    const stands = new Set<string>();
    for (const { proposal, decision } of predicatesOf(receipts, "decision")) {
      if (stands.has(proposal)) problems.push(`two decisions on ${proposal}`);
      stands.add(proposal);
      if (this.#decisions.get(proposal)?.decision !== decision.replace("_", "-"))
        problems.push(`nobody sent the ${decision} on ${proposal}`);
    }
    for (const [proposal, { decision, counts }] of this.#decisions) {
      if (counts && !stands.has(proposal)) problems.push(`a ${decision} that counted is lost`);
    }
    return problems;
  }
}

/** What is on disk and not in the receipts, or the other way round. */
function wrongWrites(
  run: VerifiedRun,
  receipts: readonly ListedReceipt[],
  { resources, fence }: OnDisk,
): string[] {
  const problems: string[] = [];
  const executed = predicatesOf(receipts, "execution").flatMap(({ status, decision }) =>
    status === "executed" && decision ? [decision] : [],
  );
  const made = [...fence].flatMap(([decision, state]) => (state === "closed" ? [] : [decision]));
  if (executed.sort().join() !== made.sort().join())
    problems.push(`the chain tells of ${executed.length} calls, the fence of ${made.length}`);
  if (show(resources) !== show(expectedResources(run)))
    problems.push("what is on disk is not what the approved calls have left there");
  return problems;
}

/** What the run found, and over it every effect of every call that was made, in order. */
function expectedResources({ rounds }: VerifiedRun): Map<string, string> {
  const encoder = new TextEncoder();
  const expected = new Map(
    Object.entries(SOURCE).map(([path, text]) => [`${FILE}${path}`, sha256Hex(encoder.encode(text))]),
  );
  for (const { effects, execution } of rounds) {
    if (execution?.status !== "executed") continue;
    for (const { resource, after } of effects) {
      if (isDigest(after)) expected.set(resource, hexOf(after));
      else expected.delete(resource);
    }
  }
  return expected;
}

function show(resources: ReadonlyMap<string, string>): string {
  return JSON.stringify([...resources].sort());
}

/** A call was made after a kill that came after its approval if, and only if, its receipt says `recovered`. */
function wrongRecoveries(receipts: readonly ListedReceipt[], kills: readonly number[]): string[] {
  const life = (instant: string) => kills.filter((at) => at <= Date.parse(instant)).length;
  const approvals = new Map<string, string>();
  for (const { digest, kind, statement } of receipts) {
    if (kind === "decision") approvals.set(digest, statement.predicate.issuedAt);
  }
  return predicatesOf(receipts, "execution").flatMap(({ decision, status, recovered, issuedAt, seq }) => {
    const approvedAt = approvals.get(decision ?? "");
    if (approvedAt === undefined || status === "withheld") return [];
    const outlived = life(approvedAt) < life(issuedAt);
    return recovered === outlived
      ? []
      : [
          `receipt ${seq} says recovered: ${recovered}, its approval of ${approvedAt} was followed at ${issuedAt}`,
        ];
  });
}

/** The predicates of all receipts of one kind, oldest first. */
export function predicatesOf<K extends ListedReceipt["kind"]>(
  receipts: readonly ListedReceipt[],
  wanted: K,
): Predicate<K>[] {
  return receipts.flatMap(({ kind, statement }) =>
    kind === wanted ? [statement.predicate as Predicate<K>] : [],
  );
}
