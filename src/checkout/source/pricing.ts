// Source of the checkout Worker's `src/pricing.js`: what an order costs, in whole cents.
// It is data here; only a sandbox or a test ever runs it.

export const PRICING_SOURCE = `const SHIPPING_CENTS = 490;
const FREE_SHIPPING_FROM_CENTS = 5000;

const NO_COUPON = { code: null, percent: 0 };
const COUPONS = new Map([
  ["WELCOME10", { code: "WELCOME10", percent: 10 }],
  ["AUTUMN25", { code: "AUTUMN25", percent: 25 }],
]);

/** No code means no discount; an unknown code is undefined. */
export function couponOf(code) {
  return code === undefined ? NO_COUPON : COUPONS.get(code);
}

export function priceOrder(cart, coupon) {
  const goods = cart.items.reduce((sum, item) => sum + item.quantity * item.cents, 0);
  const discount = Math.round((goods * coupon.percent) / 100);
  const shipping = goods - discount >= FREE_SHIPPING_FROM_CENTS ? 0 : SHIPPING_CENTS;
  return {
    currency: cart.currency,
    coupon: coupon.code,
    goods,
    discount,
    shipping,
    total: goods - discount + shipping,
  };
}
`;
