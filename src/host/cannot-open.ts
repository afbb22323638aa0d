// Why a stored run cannot be opened: its chain does not verify, it bears a name that the deployment does not list, or an older build
// stored it. In every case nothing of it is changed.
import { CorruptChainError, logFailure } from "../engine/index.ts";
import { refuse } from "../receipt/index.ts";
import type { RunCode, RunRefusal } from "./run-api.ts";

/** Thrown for a chain under a name that the deployment does not list. */
export class UnlistedIssuerError extends Error {
  override readonly name = "UnlistedIssuerError";
  constructor(run: string, issuer: string) {
    super(
      `the run ${run} was signed as ${issuer}; list that name in FORMER_ISSUERS, or set ISSUER back to it`,
    );
  }
}

/** Codes of a run that is there and cannot be opened, and whose bundle can be had. It starts no second time. */
export const CANNOT_OPEN: ReadonlySet<RunCode> = new Set(["ERR_CHAIN_CORRUPT", "ERR_ISSUER_UNLISTED"]);

/** The refusal of a run that could not be opened; logged. Throws on any other error. */
export function whyNotOpened(run: string, error: unknown): RunRefusal {
  if (error instanceof UnlistedIssuerError) {
    logFailure("issuer_unlisted", error, { run });
    return refuse("ERR_ISSUER_UNLISTED", error.message).refusal;
  }
  if (!(error instanceof CorruptChainError)) throw error;
  logFailure("chain_corrupt", error, { run });
  return { code: "ERR_CHAIN_CORRUPT", message: error.message, findings: [error.finding] };
}
