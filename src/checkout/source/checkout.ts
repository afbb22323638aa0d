// Source of the checkout Worker's `src/checkout.js`, with the fault that the incident is about:
// it takes for granted that a session has a cart.

export const CHECKOUT_SOURCE = `import { json, readJson, requestId } from "./http.js";
import { couponOf, priceOrder } from "./pricing.js";
import { sessionOf } from "./session.js";

export async function checkout(request) {
  const session = sessionOf(request);
  if (!session) {
    return json(401, { error: "session_unknown", message: "Sign in again to check out." });
  }

  const order = await readJson(request);
  if (!order) {
    return json(400, { error: "body_malformed", message: "Send the order as a JSON object." });
  }

  const coupon = couponOf(order.coupon);
  if (coupon === undefined) {
    return json(422, { error: "coupon_unknown", message: "This coupon is not valid." });
  }

  const cart = session.cart;
  if (cart.items.length === 0) {
    return json(409, { error: "cart_empty", message: "Put something in the cart first." });
  }

  const receipt = { customer: session.customer, ...priceOrder(cart, coupon) };
  return json(200, receipt, {
    "cache-control": "no-store",
    "x-request-id": requestId(request),
  });
}
`;
