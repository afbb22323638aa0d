// What a verification leaves open, in sentences for a person: nobody should read more into a verdict than it holds.
import type { UnverifiedBundle } from "./bundle.ts";
import type { Replay } from "./replay.ts";
import type { Trust } from "./trust-policy.ts";

/** Lists what was not checked: first what no verifier can know, then what this one could not judge in this bundle. */
export function listNotChecked(
  { run, receipts, anchors }: UnverifiedBundle,
  { state, receipts: opened, refusal }: Replay,
  { issuer, log }: Trust,
  expectedRun: string | undefined,
): string[] {
  const list = [
    `that the trust policy is really that of ${issuer}: it is taken as it was handed over`,
    "that the times are right: each is its signer's word",
    "that what was signed is true: a signature shows who said it, and no more",
    "that there is no other or longer chain of this run: compare the head with one that you keep",
  ];
  if (expectedRun === undefined) list.push(`that ${run} is the run you mean: no run was named`);
  if (log === null && (anchors.length > 0 || state.policy?.logged === "decisions")) {
    list.push("whether a log has the decisions: the trust policy names no log");
  }
  if (log && log.quorum === null) list.push("that anybody else saw the log: its policy asks for no witness");
  const continued = state.alert?.statement.predicate.continues;
  if (continued) {
    list.push(`the run ${continued.run}, which this one continues: its bundle is an artifact like any other`);
  }
  if (refusal && refusal.seq + 1 < receipts.length) {
    const rest = receipts.length - refusal.seq - 1;
    list.push(`the places of the ${rest} receipts after receipt ${refusal.seq}, where the chain breaks`);
  }
  for (const { receipt } of opened) {
    if (receipt?.kind !== "decision" || !receipt.found.assertion || receipt.found.assertion.listed) continue;
    const { reviewer, seq } = receipt.statement.predicate;
    list.push(
      `whose key signed receipt ${seq} for ${reviewer.id}: the trust policy lists none of theirs, so nobody vouches for it`,
    );
  }
  if (opened.some(({ receipt }) => receipt === null)) {
    list.push("that a receipt names every artifact: there are receipts that cannot be opened");
  }
  return list;
}
