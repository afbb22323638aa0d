// Runbook pages about the shop: the one that matters to the incident, and its neighbours.
import type { Runbook } from "./runbooks.ts";

export const CHECKOUT_RUNBOOKS: readonly Runbook[] = [
  {
    slug: "checkout-session-without-cart",
    title: "Checkout answers 500 for sessions without a cart",
    body: `# Checkout answers 500 for sessions without a cart

**Signs.** A share of \`POST /checkout\` fails with a 500 and a \`TypeError\` like "Cannot read properties of
undefined". Good checkouts go on working. The failing requests belong to sessions that exist and have no cart:
it expired, or none was ever created.

**Why.** Sessions live for weeks, carts for hours. Code that takes the cart of a session for granted throws.

**What to do.** Guard the read where the cart is first used.
Answer \`400\` with the error code \`cart_missing\`, through the same response helper as the other refusals.
Do not create a cart on the fly: the customer would be charged for nothing.

**Counting.** None is needed. If the reviewer wants a metric, one line will do: \`count("checkout.cart_missing")\`.

**Done when** no checkout request fails with a 5xx, and every good checkout is still accepted.
`,
  },
  {
    slug: "checkout-coupon-refused",
    title: "Customers report that a coupon is refused",
    body: `# Customers report that a coupon is refused

Coupons are matched exactly, capitals included. Ask for the code as the customer typed it.
Compare it with the table in the pricing module. A campaign that has ended is removed from the table on the
morning after, so a coupon used at midnight is refused with \`coupon_unknown\`. That is intended.
`,
  },
  {
    slug: "payment-provider-slow",
    title: "Payment provider is slow or down",
    body: `# Payment provider is slow or down

Look at the provider's status page first. If authorizations take longer than eight seconds, switch the shop to
"order now, pay later" with the toggle \`deferred-payment\`, and tell the support desk. Switch back when the median
has been below two seconds for ten minutes. Never retry a capture by hand.
`,
  },
];
