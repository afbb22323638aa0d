// A single receipt at its permanent address, as a page to read.
import type { Context } from "hono";
import type { Env } from "../run/env.ts";
import { ReceiptPage } from "../view/receipt-page.tsx";
import { errorPage } from "./error-page.tsx";
import { htmlResponse } from "./html.ts";
import { receiptAt } from "./receipt-at.ts";
import { readRun } from "./run-pages.tsx";

/** `GET /runs/:run/receipts/:seq`. */
export async function showReceipt(c: Context<{ Bindings: Env }>): Promise<Response> {
  const shown = await readRun(c.env, c.req.param("run") ?? "");
  if (!shown.ok) return errorPage(shown.refusal);
  const { story, keys } = shown.value;
  const receipt = receiptAt(story.receipts, c.req.param("seq"));
  if (!receipt.ok) return errorPage(receipt.refusal, {}, story.run);
  return htmlResponse(<ReceiptPage story={story} receipt={receipt.value} keys={keys} />);
}
