// How many runs one starter may start in a while. A run costs sandboxes, storage and measurements, so starting is what has a price;
// the numbers are in wrangler.toml, and Cloudflare counts.
import type { Context, MiddlewareHandler } from "hono";
import { accept, type Result, refuse } from "../receipt/index.ts";
import type { Ctx, EdgeEnv } from "./edge-env.ts";
import { MISSING } from "./health.ts";
import { clientAddress, isLocal } from "./own-names.ts";
import { refused } from "./refused.ts";
import { VISITOR } from "./reviewer/identity.ts";

/** Longer than any period that the binding can have, in seconds. */
export const RETRY_AFTER = "60";

/** True for a request that would start a run. Alerts are counted where it shows whether they start any. */
export function startsRun(c: Context): boolean {
  return c.req.method === "POST" && /^(\/api)?\/runs(\/[^/]+\/(continue|revert))?$/.test(c.req.path);
}

/** Refuses a start too many. Stands behind the guard, so that strangers use up nobody's share. */
export const limitStarts: MiddlewareHandler<{ Bindings: EdgeEnv }> = async (c, next) => {
  if (!startsRun(c)) return next();
  const counted = await countStart(c);
  if (counted.ok) return next();
  const again = counted.refusal.code === "ERR_TOO_MANY_STARTS";
  return refused(c, counted.refusal, again ? { "retry-after": RETRY_AFTER } : {});
};

/** Counts a start against the share of whoever asks, and refuses one too many. */
export async function countStart(
  c: Ctx,
): Promise<Result<null, "ERR_TOO_MANY_STARTS" | "ERR_BINDING_MISSING">> {
  const key = shareOf(c);
  const present: Partial<EdgeEnv> = c.env;
  if (!present.START_LIMIT) return refuse("ERR_BINDING_MISSING", MISSING.START_LIMIT);
  if (key === null || (await c.env.START_LIMIT.limit({ key })).success) return accept(null);
  return refuse(
    "ERR_TOO_MANY_STARTS",
    `too many runs were started from here; try again in ${RETRY_AFTER} seconds`,
  );
}

/** Whose share a start uses up: a known starter's own, else the address's. Null, no limit, for a client on the same machine. */
function shareOf(c: Context): string | null {
  const actor = c.get("identity")?.actor;
  if (actor && actor !== VISITOR.actor) return `${actor.method}:${actor.id}`;
  return isLocal(c) ? null : `address:${network(clientAddress(c))}`;
}

/** An IPv4 address, or the /64 of an IPv6 one: one customer has all of it. */
function network(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const first = head.split(":").filter(Boolean);
  const last = (tail ?? "").split(":").filter(Boolean);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array<string>(zeros).fill("0"), ...last];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
