// What a deployment publishes about itself: its keys as a JWKS, its trust policy under each of its names, and whether it can work.
import type { Hono } from "hono";
import { underName } from "../run/deployment-names.ts";
import type { Env } from "../run/env.ts";
import { loadSigningKeys } from "../run/signing-keys.ts";
import { getHealth } from "./health.ts";
import { problem } from "./problem.ts";
import { resource } from "./resource.ts";

export function addWellKnown(app: Hono<{ Bindings: Env }>): void {
  resource(app, "/.well-known/countersign.json", {
    GET: (c) => {
      const keys = loadSigningKeys(c.env);
      if (!keys.ok) return problem(keys.refusal, c.req.path);
      const issuer = c.req.query("issuer") ?? keys.value.present;
      if (keys.value.issuers.has(issuer)) return Response.json(underName(keys.value, issuer).trustPolicy);
      const message = `this deployment neither bears nor bore the name ${JSON.stringify(issuer.slice(0, 300))}`;
      return problem({ code: "ERR_NOT_FOUND", message }, c.req.path);
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
  resource(app, "/healthz", { GET: getHealth });
}
