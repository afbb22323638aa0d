// The receipts of a run as the API lists them: each envelope as signed, and its statement as JSON to read.
import { runStatus } from "../chain/index.ts";
import { SIGNER_OF } from "../receipt/index.ts";
import type { ReceiptList } from "./run-api.ts";
import type { RunChain } from "./run-chain.ts";

/** Lists a run's receipts, in order. */
export function listReceipts({ run, state, receipts }: RunChain): ReceiptList {
  return {
    run,
    status: runStatus(state),
    head: state.head,
    receipts: receipts.map(({ kind, digest, envelope, statement }) => ({
      seq: statement.predicate.seq,
      kind,
      role: SIGNER_OF[kind],
      digest,
      envelope,
      statement,
    })),
  };
}
