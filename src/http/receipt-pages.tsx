// A single receipt at its permanent address: as a page to read, and as the signed envelope to keep.
import type { Context } from "hono";
import { refuse } from "../receipt/index.ts";
import type { Env } from "../run/env.ts";
import { ReceiptPage } from "../view/receipt-page.tsx";
import { errorPage } from "./error-page.tsx";
import { htmlResponse } from "./html.ts";
import { problem } from "./problem.ts";
import { readRun } from "./run-pages.tsx";
import { runStub, unknownRun } from "./run-stub.ts";

type Ctx = Context<{ Bindings: Env }>;

/** `GET /runs/:run/receipts/:seq`. */
export async function showReceipt(c: Ctx): Promise<Response> {
  const shown = await readRun(c.env, c.req.param("run") ?? "");
  if (!shown.ok) return errorPage(shown.refusal);
  const { story, keys } = shown.value;
  const receipt = at(story.receipts, c.req.param("seq"));
  if (!receipt) return errorPage(unknownReceipt(story.receipts.length));
  return htmlResponse(<ReceiptPage story={story} receipt={receipt} keys={keys} />);
}

/** `GET /api/runs/:run/receipts/:seq`: the envelope alone, as the bundle holds it. */
export async function getReceipt(c: Ctx): Promise<Response> {
  const stub = runStub(c.env, c.req.param("run") ?? "");
  const listed = stub ? await stub.receipts() : { ok: false as const, refusal: unknownRun() };
  if (!listed.ok) return problem(listed.refusal, c.req.path);
  const { run, receipts } = listed.value;
  const receipt = at(receipts, c.req.param("seq"));
  if (!receipt) return problem(unknownReceipt(receipts.length), c.req.path);
  const { seq, kind, envelope } = receipt;
  return Response.json(envelope, {
    headers: {
      "content-disposition": `attachment; filename="${run}.receipt-${seq}.${kind}.json"`,
      "cache-control": "no-store",
    },
  });
}

/** The receipt at a place written as a plain number. */
function at<Listed>(receipts: readonly Listed[], seq: string | undefined): Listed | undefined {
  return seq !== undefined && /^(0|[1-9]\d{0,5})$/.test(seq) ? receipts[Number(seq)] : undefined;
}

function unknownReceipt(count: number) {
  const message =
    count === 0
      ? "this run has signed no receipt yet"
      : `this run has ${count} receipts so far, numbered 0 to ${count - 1}`;
  return refuse("ERR_NOT_FOUND", message).refusal;
}
