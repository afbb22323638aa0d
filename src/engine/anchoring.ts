// The proof that the log has an approval and that a quorum of witnesses saw it there: where the policy asks for it, nothing happens
// without. What the log answers, and what is stored, counts only once it was checked here, under the deployment's own trust policy.
import { checkAnchor, leafOf, type Round, type VerifiedReceipt } from "../chain/index.ts";
import { inTime, wordsOf } from "./in-time.ts";
import { logFailure } from "./log.ts";
import { failed, type Performed } from "./remote-call.ts";
import type { RunContext } from "./run-context.ts";

/** How long the log may take to answer, in milliseconds. It waits for witnesses meanwhile. */
const ANSWER_WITHIN_MS = 15_000;
/** Shortest and longest time until it is asked again, in milliseconds. */
const AGAIN_MS = { least: 500, most: 10_000 } as const;

/** True where a stored proof shows that the log has a receipt. */
export async function isAnchored(
  { chain, store }: Pick<RunContext, "chain" | "store">,
  receipt: VerifiedReceipt,
): Promise<boolean> {
  const { seq } = receipt.statement.predicate;
  const leaf = leafOf(chain.state, receipt);
  const known = store.anchors().find((anchor) => anchor.seq === seq);
  const { log } = chain.trust;
  return (
    leaf !== null && known !== undefined && log !== null && (await checkAnchor(log, leaf, known.proof)).ok
  );
}

/**
 * Has a receipt entered in the log, and keeps the proof.
 * @returns whom it still waits for; null once it is there, and for a receipt that is not logged.
 */
export async function anchorReceipt(
  run: RunContext,
  receipt: VerifiedReceipt,
): Promise<readonly string[] | null> {
  const leaf = leafOf(run.chain.state, receipt);
  if (!leaf || (await isAnchored(run, receipt))) return null;
  const { log } = run.chain.trust;
  if (!log) return ["a log, which this deployment no longer keeps"];
  const answer = await inTime("the log", ANSWER_WITHIN_MS, () => run.log.anchor(leaf));
  if (answer.proof === null) return answer.waitsFor;
  const checked = await checkAnchor(log, leaf, answer.proof);
  if (!checked.ok) throw new Error(`the log's proof does not hold: ${checked.refusal.message}`);
  run.store.putAnchor({ seq: leaf.seq, proof: answer.proof });
  return null;
}

/** Holds an approved call back until its approval is anchored; after `expiresAt` for good. Null once it may leave. */
export async function holdBack(run: RunContext, { settledBy, preview }: Round): Promise<Performed | null> {
  if (run.chain.state.policy?.logged !== "decisions") return null;
  if (!settledBy || !preview) throw new Error("expected a settled round");
  const { expiresAt } = preview.statement.predicate;
  const waitsFor = await missing(run, settledBy);
  run.log.waitsFor = waitsFor ?? [];
  if (waitsFor === null) return null;
  const [now, end] = [run.now(), Date.parse(expiresAt)];
  const names = waitsFor.join(", ") || "its next checkpoint";
  if (now >= end)
    return failed(`The call was held back, and not made: until ${expiresAt} the log waited for ${names}.`);
  const age = now - Date.parse(settledBy.statement.predicate.issuedAt);
  const pause = Math.min(AGAIN_MS.most, Math.max(AGAIN_MS.least, age));
  return { status: "waiting", until: Math.min(end, now + pause) };
}

/** A log that cannot be asked is waited for like a witness: its failures end no run before its time. */
async function missing(run: RunContext, approval: VerifiedReceipt): Promise<readonly string[] | null> {
  try {
    return await anchorReceipt(run, approval);
  } catch (error) {
    logFailure("log_failed", error, { run: run.chain.run });
    return [`the log, which cannot be asked: ${wordsOf(error)}`];
  }
}
