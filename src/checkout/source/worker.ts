// Source of the checkout Worker's `src/worker.js`: which handler answers which request.
// It is data here; only a sandbox or a test ever runs it.

export const WORKER_SOURCE = `import { readCart } from "./cart.js";
import { checkout } from "./checkout.js";
import { json } from "./http.js";
import { count, counts } from "./metrics.js";

const ROUTES = {
  "/cart": { GET: readCart },
  "/checkout": { POST: checkout },
  "/health": { GET: () => json(200, { ok: true }) },
  "/metrics": { GET: () => json(200, counts()) },
};

export default {
  async fetch(request) {
    const route = ROUTES[new URL(request.url).pathname];
    if (!route) {
      count("worker.path_unknown");
      return json(404, { error: "path_unknown", message: "Nothing is served here." });
    }
    const handler = route[request.method];
    if (!handler) {
      const allow = Object.keys(route).join(", ");
      return json(405, { error: "method_not_allowed", message: "Use " + allow + "." }, { allow });
    }
    return handler(request);
  },
};
`;
