// What a deployment publishes about itself: its keys as a JWKS, its trust policy, and whether it can work.
import type { Hono } from "hono";
import { accept, type Result, refuse } from "../receipt/index.ts";
import type { Env } from "../run/env.ts";
import { logFailure } from "../run/log.ts";
import { loadSigningKeys } from "../run/signing-keys.ts";
import { readReceiver } from "../run/webhook.ts";
import { readPolicySettings } from "./policy-settings.ts";
import { problem } from "./problem.ts";
import { resource } from "./resource.ts";
import { loadAuthSettings } from "./reviewer/auth-settings.ts";

export function addWellKnown(app: Hono<{ Bindings: Env }>): void {
  resource(app, "/.well-known/countersign.json", {
    GET: (c) => {
      const keys = loadSigningKeys(c.env);
      return keys.ok ? Response.json(keys.value.trustPolicy) : problem(keys.refusal, c.req.path);
    },
  });
  resource(app, "/.well-known/jwks.json", {
    GET: (c) => {
      const keys = loadSigningKeys(c.env);
      if (!keys.ok) return problem(keys.refusal, c.req.path);
      // A JWKS has no word for a key that is revoked, so that whoever reads only this must not find it here.
      const jwks = keys.value.trustPolicy.keys
        .filter(({ revokedAt }) => revokedAt === null)
        .map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid, alg: "EdDSA", use: "sig" }));
      return Response.json({ keys: jwks }, { headers: { "content-type": "application/jwk-set+json" } });
    },
  });
  resource(app, "/healthz", {
    GET: async (c) => {
      const keys = loadSigningKeys(c.env);
      if (!keys.ok) return problem(keys.refusal, c.req.path);
      const unusable = [loadAuthSettings, readPolicySettings, checkReceiver]
        .map((read) => read(c.env))
        .find((settings) => !settings.ok);
      if (unusable && !unusable.ok) return problem(unusable.refusal, c.req.path);
      const storage = await checkStorage(c.env);
      if (!storage.ok) return problem(storage.refusal, c.req.path);
      return Response.json({ keys: "loaded", storage: "reachable" });
    },
  });
}

/** Any run's storage will do; this one is never started, so it leaves nothing behind. */
async function checkStorage(env: Env): Promise<Result<null, "ERR_UNAVAILABLE">> {
  try {
    const answer = await env.RUN.getByName("healthz").view();
    if (!answer.ok && answer.refusal.code === "ERR_RUN_UNKNOWN") return accept(null);
  } catch (error) {
    logFailure("request_failed", error);
  }
  return refuse("ERR_UNAVAILABLE", "the storage of runs cannot be reached");
}

/** A run goes on without it, and whoever should decide is told nothing. */
function checkReceiver(env: Env): Result<null, "ERR_WEBHOOK_CONFIG"> {
  try {
    readReceiver(env);
    return accept(null);
  } catch (error) {
    return refuse("ERR_WEBHOOK_CONFIG", error instanceof Error ? error.message : String(error));
  }
}
