// Whether this deployment can work on a run at all. Asked before a run is begun: one that could get nowhere would be tried for ever.
import { type Result, refuse } from "../receipt/index.ts";
import { deploymentOf, type RunEnv } from "./env.ts";
import type { KeysCode } from "./run-api.ts";
import { loadSigningKeys, type SigningKeys } from "./signing-keys.ts";

/** The deployment's keys, if it has them and all that a run works with. */
export function readyToStart(env: RunEnv): Result<SigningKeys, KeysCode | "ERR_BINDING_MISSING"> {
  const missing = missingForRuns(env);
  if (missing !== null) return refuse("ERR_BINDING_MISSING", missing);
  return loadSigningKeys(env);
}

/** What a run needs and the Worker does not have, as a sentence; null where it has all. */
export function missingForRuns(env: RunEnv): string | null {
  const { LOADER }: Partial<RunEnv> = env;
  if (!LOADER)
    return "the binding LOADER is missing, and it runs generated code; the wrangler configuration declares it";
  try {
    deploymentOf(env);
    return null;
  } catch {
    return "the binding of the runs or of their list is missing; the wrangler configuration declares both";
  }
}
