// From the place in an address to the receipt that stands there.
import { accept, type Result, refuse } from "../receipt/index.ts";

/** The receipt at a place written as a plain number, or why there is none. */
export function receiptAt<Receipt>(
  receipts: readonly Receipt[],
  seq: string | undefined,
): Result<Receipt, "ERR_NOT_FOUND"> {
  const receipt = /^(0|[1-9]\d{0,5})$/.test(seq ?? "") ? receipts[Number(seq)] : undefined;
  if (receipt) return accept(receipt);
  const there =
    receipts.length === 0
      ? "this run has signed no receipt yet"
      : `this run has ${receipts.length} receipts so far, numbered 0 to ${receipts.length - 1}`;
  return refuse("ERR_NOT_FOUND", there);
}
