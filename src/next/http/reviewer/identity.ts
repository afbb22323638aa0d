// Who sends a request, once somebody has checked it. The guard writes it down; the routes put it into receipts.
import type { Context } from "hono";
import type { Actor } from "../../receipt/index.ts";

/** Somebody recognized. `actor` goes into signed receipts; who may not decide may still start runs and read. */
export interface Identity {
  readonly actor: Actor;
  readonly mayDecide: boolean;
}

/** Everyone who comes while the deployment is open to all. The receipts say so. */
export const VISITOR: Identity = { actor: { id: "visitor", method: "open" }, mayDecide: true };

declare module "hono" {
  interface ContextVariableMap {
    /** Set by the guard for every request that it looks at; null for somebody unknown. */
    identity: Identity | null | undefined;
    /** Why nobody can be recognized just now, whoever asks; a page then does not tell people to sign in. */
    unrecognizable: string | undefined;
  }
}

/**
 * The actor to name in a receipt.
 * @throws when the guard did not let this request through as somebody's: a route must never make up who acted.
 */
export function actorOf(c: Context): Actor {
  const identity = c.get("identity");
  if (!identity) throw new Error(`expected the guard to know who asks for ${c.req.method} ${c.req.path}`);
  return identity.actor;
}
