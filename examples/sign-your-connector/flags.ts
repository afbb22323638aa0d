// The connector that this example signs for: feature flags of a shop. Yours stands here instead.
// `set` is gated. It changes nothing by itself: it hands the call that it received to the run, which asks the receipts.
import { CodemodeConnector, type ConnectorTools } from "@cloudflare/codemode";
import type { Tally } from "countersign/receipt";

export type Flags = Readonly<Record<string, boolean>>;

/** The flags as every run finds them. */
export const FLAGS_AT_FIRST: Flags = { new_pricing: true };

/** What the connector may reach: nothing but these three functions. */
export interface FlagStore {
  read(): Flags;
  probe(): Tally;
  set(executionId: string, args: unknown): Flags;
}

export class FlagsConnector extends CodemodeConnector<unknown> {
  readonly #flags: FlagStore;

  constructor(ctx: DurableObjectState, flags: FlagStore) {
    super(ctx, {});
    this.#flags = flags;
  }

  override name(): string {
    return "flags";
  }

  protected override tools(): ConnectorTools {
    const nothing = { type: "object", properties: {} } as const;
    return {
      read: { description: "Every flag.", inputSchema: nothing, execute: () => this.#flags.read() },
      probe: {
        description: "Prices a fixed mix of carts under the flags as they are, and counts.",
        inputSchema: nothing,
        execute: () => this.#flags.probe(),
      },
      set: {
        description: "Sets a flag. A human approves the exact call first.",
        inputSchema: {
          type: "object",
          properties: { flag: { type: "string" }, on: { type: "boolean" } },
          required: ["flag", "on"],
        },
        requiresApproval: true,
        execute: (args, context) => this.#flags.set(context?.executionId ?? "", args),
      },
    };
  }
}

const CARTS = [
  { goods: 1200, coupon: "SPRING" },
  { goods: 800, coupon: null },
  { goods: 4500, coupon: null },
  { goods: -1, coupon: null },
];

/** The shop's pricing, with a genuine fault: the new way takes a cart without a coupon for one with a broken coupon. */
function price({ goods, coupon }: (typeof CARTS)[number], flags: Flags): number {
  if (goods < 0) throw new RangeError("a cart holds no less than nothing");
  const discount = new Map([["SPRING", 100]]).get(coupon ?? "") ?? (flags.new_pricing ? Number.NaN : 0);
  return goods - discount;
}

/** Prices every cart and counts. The last is no good cart: refusing it is right. */
export function probe(flags: Flags): Tally {
  const results = CARTS.map((cart) => {
    try {
      return { good: cart.goods >= 0, failed: Number.isNaN(price(cart, flags)) };
    } catch {
      return { good: cart.goods >= 0, failed: cart.goods >= 0 };
    }
  });
  return {
    requests: results.length,
    failed: results.filter(({ failed }) => failed).length,
    good: results.filter(({ good }) => good).length,
    goodFailed: results.filter(({ good, failed }) => good && failed).length,
  };
}
