// The source as the incident finds it: the checkout Worker's modules by path, ready for a module loader.
// The fault in `src/checkout.js` is genuine: nothing else about the failures is made up.
import { CART_SOURCE } from "./cart.ts";
import { CHECKOUT_SOURCE } from "./checkout.ts";
import { HTTP_SOURCE } from "./http.ts";
import { METRICS_SOURCE } from "./metrics.ts";
import { PRICING_SOURCE } from "./pricing.ts";
import { SESSION_SOURCE } from "./session.ts";
import { WORKER_SOURCE } from "./worker.ts";

/** The module that exports the fetch handler. */
export const MAIN = "src/worker.js";

/** Module path to its source; imports are relative to the path. */
export const SOURCE: Readonly<Record<string, string>> = {
  "src/cart.js": CART_SOURCE,
  "src/checkout.js": CHECKOUT_SOURCE,
  "src/http.js": HTTP_SOURCE,
  "src/metrics.js": METRICS_SOURCE,
  "src/pricing.js": PRICING_SOURCE,
  "src/session.js": SESSION_SOURCE,
  "src/worker.js": WORKER_SOURCE,
};
