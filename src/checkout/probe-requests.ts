// The fixed mix of requests that every pass of the probe sends, and what a sound checkout answers to each.
import type { Json } from "../domain/index.ts";

/** What an answer must be: a refusal (4xx, JSON, with an error code), or 200 with a JSON body that has these members. */
export type Expectation = "refusal" | { readonly [name: string]: Json };

export interface ProbeRequest {
  readonly id: string;
  readonly kind: string;
  /** A valid checkout: it must be answered with the right order. */
  readonly valid: boolean;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly expect: Expectation;
}

type Draft = Omit<ProbeRequest, "id" | "headers"> & { readonly session: string | null };

/** What the orders of the mix cost, in whole cents: goods, discount, shipping. */
const PRICES: Readonly<Record<string, readonly [goods: number, discount: number, shipping: number]>> = {
  amber: [3790, 0, 490],
  "amber AUTUMN25": [3790, 948, 490],
  birch: [6900, 0, 0],
  "birch WELCOME10": [6900, 690, 0],
  "birch AUTUMN25": [6900, 1725, 0],
  cedar: [4560, 0, 490],
  "cedar WELCOME10": [4560, 456, 490],
  "cedar AUTUMN25": [4560, 1140, 490],
};
const CUSTOMERS: Readonly<Record<string, string>> = { amber: "c-1180", birch: "c-1207", cedar: "c-1244" };

function order(session: string, coupon: string | null): Expectation {
  const [goods = 0, discount = 0, shipping = 0] = PRICES[coupon ? `${session} ${coupon}` : session] ?? [];
  const total = goods - discount + shipping;
  const customer = CUSTOMERS[session] ?? "";
  return { customer, currency: "EUR", coupon, goods, discount, shipping, total };
}

function post(kind: string, session: string, body: string, expect: Expectation): Draft {
  return { kind, valid: expect !== "refusal", method: "POST", path: "/checkout", session, body, expect };
}

function get(kind: string, path: string, session: string | null, expect: Expectation): Draft {
  return { kind, valid: false, method: "GET", path, session, body: null, expect };
}

const plain = (session: string) => post("checkout", session, "{}", order(session, null));
const withCoupon = (session: string, coupon: string) =>
  post("checkout with coupon", session, JSON.stringify({ coupon }), order(session, coupon));
const withoutCart = (session: string, body = "{}") =>
  post("checkout, session without cart", session, body, "refusal");
const refused = (session: string, body: string) => post("checkout to be refused", session, body, "refusal");
const AMBER_CART = [
  { sku: "mug-blue", quantity: 2, cents: 1450 },
  { sku: "tea-assam", quantity: 1, cents: 890 },
];

const DRAFTS: readonly Draft[] = [
  get("health", "/health", null, { ok: true }),
  plain("amber"),
  plain("birch"),
  withCoupon("cedar", "WELCOME10"),
  get("cart", "/cart", "amber", { items: AMBER_CART }),
  plain("cedar"),
  withoutCart("ember"),
  plain("birch"),
  refused("nobody", "{}"),
  withCoupon("amber", "AUTUMN25"),
  plain("amber"),
  get("cart", "/cart", "fjord", { items: [] }),
  withoutCart("fjord"),
  plain("cedar"),
  refused("birch", '{"coupon":'),
  withCoupon("birch", "WELCOME10"),
  plain("birch"),
  withoutCart("ember", '{"coupon":"WELCOME10"}'),
  get("health", "/health", null, { ok: true }),
  refused("cedar", '{"coupon":"FREEBIE"}'),
  plain("amber"),
  withCoupon("cedar", "AUTUMN25"),
  withoutCart("fjord"),
  refused("delta", "{}"),
  plain("cedar"),
  get("cart", "/cart", "nobody", "refusal"),
  plain("birch"),
  withoutCart("fjord", '{"note":"leave at the door"}'),
  withCoupon("birch", "AUTUMN25"),
  plain("amber"),
  withoutCart("ember"),
  refused("amber", "[]"),
];

function finish({ session, ...draft }: Draft, index: number): ProbeRequest {
  const id = `probe-${String(index + 1).padStart(2, "0")}`;
  const headers: Record<string, string> = { "x-request-id": id };
  if (session !== null) headers.cookie = `theme=light; session=${session}`;
  if (draft.body !== null) headers["content-type"] = "application/json";
  return { ...draft, id, headers };
}

export const PROBE_REQUESTS: readonly ProbeRequest[] = DRAFTS.map(finish);

/** What a `Request` is made of, as JSON carries it. */
export function requestParts({ method, path, headers, body }: ProbeRequest) {
  const init = { method, headers, redirect: "manual" as const, ...(body === null ? {} : { body }) };
  return [`https://checkout.example${path}`, init] as const;
}
