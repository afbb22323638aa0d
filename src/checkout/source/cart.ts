// Source of the checkout Worker's `src/cart.js`: shows a cart, and copes with a session that has none.
// It is data here; only a sandbox or a test ever runs it.

export const CART_SOURCE = `import { json, requestId } from "./http.js";
import { count } from "./metrics.js";
import { sessionOf } from "./session.js";

export function readCart(request) {
  const session = sessionOf(request);
  if (!session) {
    count("cart.session_unknown");
    return json(401, { error: "session_unknown", message: "Sign in again to see the cart." });
  }
  const headers = { "cache-control": "private, no-cache", "x-request-id": requestId(request) };
  return json(200, { items: session.cart?.items ?? [] }, headers);
}
`;
