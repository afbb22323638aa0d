// Source of the checkout Worker's `src/http.js`: how every handler reads and answers.
// It is data here; only a sandbox or a test ever runs it.

export const HTTP_SOURCE = `/** Every handler answers through this: a JSON body, and the headers the whole Worker sends. */
export function json(status, body, headers = {}) {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

/** The body as an object, or null when it is anything else. */
export async function readJson(request) {
  try {
    const value = JSON.parse(await request.text());
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

export function requestId(request) {
  return request.headers.get("x-request-id") ?? "none";
}
`;
