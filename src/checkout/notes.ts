// The workspace notes of the team that owns the checkout. An agent reads all of them.
// The list of files in `checkout/layout.md` is kept in one form, so that a script can read it too.

export interface Note {
  readonly path: string;
  readonly title: string;
  readonly body: string;
}

export const NOTES: readonly Note[] = [
  {
    path: "checkout/ownership.md",
    title: "Who owns the checkout",
    body: `# Who owns the checkout

The storefront team owns the checkout Worker. Changes to it need one reviewer from that team, at any hour.
The platform team owns the session store and decides how long sessions and carts live.
`,
  },
  {
    path: "checkout/layout.md",
    title: "Layout of the checkout source",
    body: `# Layout of the checkout source

One file per job. Keep the list in step with the repository.

- \`src/worker.js\`: routes requests to handlers
- \`src/checkout.js\`: \`POST /checkout\`
- \`src/cart.js\`: \`GET /cart\`
- \`src/session.js\`: finds the session of a request
- \`src/pricing.js\`: coupons, shipping, totals
- \`src/http.js\`: reading and answering JSON
- \`src/metrics.js\`: counters, shown at \`GET /metrics\`
`,
  },
  {
    path: "checkout/house-rules.md",
    title: "House rules for handlers",
    body: `# House rules for handlers

- Handlers answer through \`json()\`, refusals included. No bare \`Response\`.
- A refusal carries a stable \`error\` code, and a \`message\` that a customer could read.
- What a client sends is never a 5xx. A 5xx is our fault and pages somebody.
- Guard where the value is first used, not in every function below it.
- Money is in whole cents.
`,
  },
  {
    path: "checkout/past-incidents.md",
    title: "Past incidents",
    body: `# Past incidents

- March: coupons in lower case were refused for a day. Cured by a table of exact codes and a note in the shop.
- June: the cart page showed a 500 to customers who came back after lunch. Carts expire before sessions do;
  the page now shows an empty cart.
- September: shipping was charged twice on a retry. Cured upstream, by an idempotency key.
`,
  },
  {
    path: "office/plants.md",
    title: "Watering the plants",
    body: `# Watering the plants

The fern by the window gets water on Mondays and Thursdays. The cactus gets none, whatever it looks like.
`,
  },
];
