// The shipped runbooks. Most have nothing to do with the incident, as on any real shelf: a search must rank those below.
// Only one page advises on checkouts without a cart, and it advises one status and one error code.

export interface Runbook {
  readonly slug: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

export const RUNBOOKS: readonly Runbook[] = [
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
  {
    slug: "tls-renewal",
    title: "TLS certificate is about to expire",
    body: `# TLS certificate is about to expire

Managed certificates renew by themselves thirty days ahead. If the warning is about a custom certificate, upload
the new one beside the old one, wait until every hostname serves it, and only then delete the old one.
A renewal that hangs is nearly always a missing validation record.
`,
  },
  {
    slug: "cache-purge",
    title: "Purging the cache after a bad deploy",
    body: `# Purging the cache after a bad deploy

Purge by prefix, not everything: a full purge sends all traffic to the origin at once. Assets carry a hash in their
name and need no purge. Pages do. Check one page from two regions before you close the ticket.
`,
  },
  {
    slug: "d1-slow-queries",
    title: "D1 queries are slow",
    body: `# D1 queries are slow

Find the query with the highest total time in the insights view. Ask the planner for its plan; a full scan over a
table of more than ten thousand rows wants an index. Add the index in a migration of its own. If rows read per
query stay high after that, the query asks for more than the page shows.
`,
  },
  {
    slug: "on-call-handover",
    title: "On-call handover",
    body: `# On-call handover

Write down what is open, what is muted and until when, and what you would look at first. Say it aloud as well.
The person who takes over acknowledges in the channel; until then the pager is still yours.
`,
  },
  {
    slug: "queue-backlog",
    title: "Queue backlog keeps growing",
    body: `# Queue backlog keeps growing

Compare the arrival rate with the rate of acknowledgements. If a consumer fails on one message over and over,
that message goes to the dead-letter queue after five attempts; look there first. Raise the batch size before
you raise the concurrency.
`,
  },
  {
    slug: "rate-limit-false-positives",
    title: "Rate limiting blocks real customers",
    body: `# Rate limiting blocks real customers

Offices and mobile networks share addresses. Look for many distinct sessions behind one blocked address. Loosen the
rule for that path rather than for the address, and put an end date on the exception.
`,
  },
];
