// The fixed mix of requests that every pass of the probe sends, in this order.
// `expect` is the status that a sound Worker answers; requests that meet the fault have none.

export interface ProbeRequest {
  id: string;
  kind: string;
  /** A valid checkout: it must be answered 200. */
  good: boolean;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
  expect?: number;
}

type Draft = Omit<ProbeRequest, "id" | "headers"> & { session: string | null };

function post(kind: string, session: string, body: string, expect?: number): Draft {
  const good = expect === 200;
  const draft = { kind, good, method: "POST", path: "/checkout", session, body };
  return expect === undefined ? draft : { ...draft, expect };
}

function get(kind: string, path: string, session: string | null, expect: number): Draft {
  return { kind, good: false, method: "GET", path, session, body: null, expect };
}

const plain = (session: string) => post("checkout", session, "{}", 200);
const withCoupon = (session: string, coupon: string) =>
  post("checkout with coupon", session, JSON.stringify({ coupon }), 200);
const withoutCart = (session: string, body = "{}") => post("checkout, session without cart", session, body);
const refused = (session: string, body: string, expect: number) =>
  post("checkout to be refused", session, body, expect);

const DRAFTS: readonly Draft[] = [
  get("health", "/health", null, 200),
  plain("amber"),
  plain("birch"),
  withCoupon("cedar", "WELCOME10"),
  get("cart", "/cart", "amber", 200),
  plain("cedar"),
  withoutCart("ember"),
  plain("birch"),
  refused("nobody", "{}", 401),
  withCoupon("amber", "AUTUMN25"),
  plain("amber"),
  get("cart", "/cart", "fjord", 200),
  withoutCart("fjord"),
  plain("cedar"),
  refused("birch", '{"coupon":', 400),
  withCoupon("birch", "WELCOME10"),
  plain("birch"),
  withoutCart("ember", '{"coupon":"WELCOME10"}'),
  get("health", "/health", null, 200),
  refused("cedar", '{"coupon":"FREEBIE"}', 422),
  plain("amber"),
  withCoupon("cedar", "AUTUMN25"),
  withoutCart("fjord"),
  refused("delta", "{}", 409),
  plain("cedar"),
  get("cart", "/cart", "nobody", 401),
  plain("birch"),
  withoutCart("fjord", '{"note":"leave at the door"}'),
  withCoupon("birch", "AUTUMN25"),
  plain("amber"),
  withoutCart("ember"),
  refused("amber", "[]", 400),
];

function finish({ session, ...draft }: Draft, index: number): ProbeRequest {
  const id = `probe-${String(index + 1).padStart(2, "0")}`;
  const headers: Record<string, string> = { "x-request-id": id };
  if (session !== null) headers.cookie = `theme=light; session=${session}`;
  if (draft.body !== null) headers["content-type"] = "application/json";
  return { ...draft, id, headers };
}

export const PROBE_REQUESTS: readonly ProbeRequest[] = DRAFTS.map(finish);
