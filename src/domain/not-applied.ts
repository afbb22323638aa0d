// How a remote call says that it certainly did not happen.

/**
 * Thrown by a call's `send` when the remote certainly did not do it: a precondition that failed, a request that was refused. The
 * run then says `failed`. Anything else that `send` throws leaves open what happened; and so does a refusal of a call that was sent
 * before, for the earlier try may have happened, and be why this one was refused.
 * @example
 * const answer = await fetch(url, { method: "PUT", headers: { "if-match": etag }, body });
 * if (answer.status === 412) throw new NotApplied("the branch has moved");
 */
export class NotApplied extends Error {
  override readonly name = "NotApplied";
}
