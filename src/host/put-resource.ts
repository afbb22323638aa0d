// Somebody else's change of one of the run's own resources: the drift that an approval must survive.
import { effectsMade, nextStep, roundsBackward } from "../chain/index.ts";
import type { Json } from "../domain/index.ts";
import { holdsJson, type RunContext, toContent, wordsOf } from "../engine/index.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";

/**
 * Puts a content; null takes away what is there. Refused once a call was made, because the handoff vouches for what the runtime
 * measured; the fence knows of a call before any receipt tells of it.
 */
export function putResource(
  { chain, domain, own, store }: RunContext,
  name: string,
  content: Json,
): Result<null, "ERR_EDIT_TOO_LATE" | "ERR_RESOURCE"> {
  let fit: Json;
  try {
    fit = toContent(name, content, holdsJson(domain, name));
  } catch (error) {
    return refuse("ERR_RESOURCE", wordsOf(error));
  }
  const settled = chain.state.round?.settledBy;
  const isMade = [...roundsBackward(chain.state)].some((round) => effectsMade(round) !== null);
  const isDone = settled ? store.fence(settled.digest)?.state === "done" : false;
  if (isMade || isDone || nextStep(chain.state) === null) {
    return refuse("ERR_EDIT_TOO_LATE", "the run has made a call or ended; continue it in a new run");
  }
  store.transaction(() => own.put(name, fit));
  return accept(null);
}
