// Conditional requests for a page that stands open and asks again and again (RFC 9110, 13.1.2). The tag is that of the facts
// which the page would be made from, so an answer of "not modified" renders nothing. It leaves out the clock: ages run by themselves.
import type { Context } from "hono";
import { sha256Hex } from "../../receipt/index.ts";
import { htmlResponse } from "./html.ts";

/** Answers 304 to one who has the page of these facts already, and with the page otherwise. */
export async function pageIfChanged(
  c: Context,
  facts: unknown,
  page: (tag: string) => { toString(): string | Promise<string> },
): Promise<Response> {
  const tag = `W/"${sha256Hex(new TextEncoder().encode(JSON.stringify(facts)))}"`;
  // Nothing may keep the page: one that is loaded again has to tell the ages of its own time, not of the first.
  const headers = { etag: tag, "cache-control": "no-store" };
  const known = c.req.header("if-none-match")?.split(",") ?? [];
  if (known.some((one) => one.trim() === tag)) return new Response(null, { status: 304, headers });
  return htmlResponse(page(tag), 200, headers);
}
