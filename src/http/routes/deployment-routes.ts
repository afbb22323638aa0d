// What a deployment says of itself, and what monitoring systems tell it.
import { z } from "zod";
import { loadSigningKeys, underName } from "../../host/index.ts";
import { alertmanager } from "../alerts/alertmanager.ts";
import { cloudflareForm } from "../alerts/cloudflare.ts";
import { raiseAlerts } from "../alerts/raise-alerts.ts";
import { standardWebhook } from "../alerts/standard-webhook.ts";
import { fail } from "../ask-run.ts";
import type { Ctx } from "../edge-env.ts";
import { getHealth } from "../health.ts";
import * as answers from "../openapi/answers.ts";
import { json, type Route } from "../route.ts";
import { BODY } from "./refusals.ts";

/** What the sources send. Of a signed webhook a header says which event it is, and not its body. */
const NOTIFICATIONS = [
  cloudflareForm.meta({ id: "CloudflareNotification" }),
  alertmanager.meta({
    id: "AlertmanagerNotification",
    description: "Grafana's is the same but for additions.",
  }),
  standardWebhook("").meta({ id: "StandardWebhook" }),
] as const;

export const DEPLOYMENT_ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/api/alerts/{source}",
    id: "raiseAlerts",
    tag: "Alerts",
    summary: "Take a notification from a monitoring system",
    description:
      "`source` is `cloudflare`, `alertmanager`, `grafana` or `webhook`, each with the body that its sender documents. A firing alert starts one run, however often it is repeated.",
    body: { type: "application/json", schema: z.union(NOTIFICATIONS), required: true },
    answers: [json(200, "What became of each alert.", answers.alertsTaken)],
    refuses: {
      400: BODY[400],
      401: "The source's secret is set, and the request does not prove to know it.",
      404: "There is no such source.",
      413: BODY[413],
      422: "The body is not of the source's documented form.",
    },
    handle: raiseAlerts,
  },
  {
    method: "get",
    path: "/.well-known/countersign.json",
    id: "getTrustPolicy",
    tag: "Deployment",
    summary: "The trust policy: whose keys sign here, and who its reviewers are",
    query: z.object({
      issuer: z.string().optional().meta({
        description: "The name in the chains to be verified, where it is a former one of the deployment.",
      }),
    }),
    answers: [json(200, "The trust policy.", answers.trustPolicy)],
    refuses: { 404: "The deployment neither bears nor bore this name." },
    handle: getTrustPolicy,
  },
  {
    method: "get",
    path: "/.well-known/jwks.json",
    id: "getJwks",
    tag: "Deployment",
    summary: "The same keys as a JWK set",
    answers: [json(200, "The keys.", answers.jwks, "application/jwk-set+json")],
    refuses: {},
    handle: getJwks,
  },
  {
    method: "get",
    path: "/healthz",
    id: "getHealth",
    tag: "Deployment",
    summary: "Whether the deployment can work: its settings, keys and bindings, and the names of its runs",
    answers: [json(200, "It can work.", answers.health)],
    refuses: { 503: "It cannot, or not with each stored run. `detail` says all that is missing or fails." },
    handle: getHealth,
  },
];

function getTrustPolicy(c: Ctx): Response {
  const keys = loadSigningKeys(c.env);
  if (!keys.ok) return fail(c, keys.refusal);
  const issuer = c.req.query("issuer") ?? keys.value.present;
  if (keys.value.issuers.has(issuer)) return Response.json(underName(keys.value, issuer).trustPolicy);
  const message = `this deployment neither bears nor bore the name ${JSON.stringify(issuer.slice(0, 300))}`;
  return fail(c, { code: "ERR_NOT_FOUND", message });
}

function getJwks(c: Ctx): Response {
  const keys = loadSigningKeys(c.env);
  if (!keys.ok) return fail(c, keys.refusal);
  // A JWKS has no word for a key that is revoked, so that whoever reads only this must not find it here.
  const jwks = keys.value.trustPolicy.keys
    .filter(({ revokedAt }) => revokedAt === null)
    .map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid, alg: "EdDSA", use: "sig" }));
  return Response.json({ keys: jwks }, { headers: { "content-type": "application/jwk-set+json" } });
}
