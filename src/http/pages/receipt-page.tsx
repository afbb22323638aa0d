// A single receipt at its permanent address, as a page to read.
import { ReceiptPage } from "../../view/receipt-page.tsx";
import type { Ctx } from "../edge-env.ts";
import { receiptAt } from "../receipt-at.ts";
import { errorPage } from "./error-page.tsx";
import { htmlResponse } from "./html.ts";
import { readStory } from "./run-pages.tsx";

/** `GET /runs/:run/receipts/:seq`. */
export async function showReceipt(c: Ctx): Promise<Response> {
  const read = await readStory(c);
  if (!read.ok) return errorPage(read.refusal);
  const { story, keys } = read.value;
  const receipt = receiptAt(story.receipts, c.req.param("seq"));
  if (!receipt.ok) return errorPage(receipt.refusal, {}, story.view.run);
  const { origin } = new URL(c.req.url);
  return htmlResponse(<ReceiptPage story={story} seq={receipt.value.seq} keys={keys} origin={origin} />);
}
