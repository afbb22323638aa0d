// A page as a response. Pages are never cached as truth: every look at a run asks the run.

/** Renders a page; `status` is the HTTP status. */
export async function htmlResponse(
  page: { toString(): string | Promise<string> },
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return new Response(`<!doctype html>${await page.toString()}`, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "private, no-cache", ...headers },
  });
}
