// Source of the checkout Worker's `src/session.js`: a fixed table in place of the session store.
// Two sessions have outlived their carts, which is how the fault of `checkout.js` comes to light.

export const SESSION_SOURCE = `// A stand-in for the session store. Sessions live for thirty days, carts for two hours.
const SESSIONS = new Map([
  ["amber", { customer: "c-1180", cart: { currency: "EUR", items: [
    { sku: "mug-blue", quantity: 2, cents: 1450 },
    { sku: "tea-assam", quantity: 1, cents: 890 },
  ] } }],
  ["birch", { customer: "c-1207", cart: { currency: "EUR", items: [
    { sku: "lamp-desk", quantity: 1, cents: 6900 },
  ] } }],
  ["cedar", { customer: "c-1244", cart: { currency: "EUR", items: [
    { sku: "pen-fine", quantity: 12, cents: 240 },
    { sku: "paper-a5", quantity: 3, cents: 560 },
  ] } }],
  ["delta", { customer: "c-1301", cart: { currency: "EUR", items: [] } }],
  ["ember", { customer: "c-1315" }],
  ["fjord", { customer: "c-1322", cartExpiredAt: "2026-11-23T03:10:00.000Z" }],
]);

export function sessionOf(request) {
  const cookie = request.headers.get("cookie") ?? "";
  const name = /(?:^|;\\s*)session=([a-z]+)/.exec(cookie)?.[1];
  return name === undefined ? undefined : SESSIONS.get(name);
}
`;
