// Why a stored run cannot be opened: its chain does not verify, or it bears a name that the deployment does not list. Either way
// nothing of it is changed, and its bundle can be had.
import { refuse } from "../receipt/index.ts";
import { logFailure } from "./log.ts";
import type { RunCode, RunRefusal } from "./run-api.ts";
import { CorruptChainError, UnlistedIssuerError } from "./run-chain.ts";

/** Codes of a run that is there and cannot be opened. It starts no second time. */
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
