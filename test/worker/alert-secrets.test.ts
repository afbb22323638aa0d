// Secrets as people set them: from a pipe or a file, which end with a line break that no header can carry.
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { ALERTMANAGER, CLOUDFLARE, STANDARD } from "./alert-payloads.ts";
import { codeOf, deploy } from "./client.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function signed(body: string): Record<string, string> {
  const at = new Date();
  return {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(SECRET).sign("msg_1", at, body),
  };
}

const SOURCES: [string, object, (body: string) => Record<string, string>][] = [
  ["cloudflare", CLOUDFLARE, () => ({ "cf-webhook-auth": SECRET })],
  ["alertmanager", ALERTMANAGER, () => ({ authorization: `Bearer ${SECRET}` })],
  ["grafana", ALERTMANAGER, () => ({ authorization: `Bearer ${SECRET}` })],
  ["webhook", STANDARD, signed],
];

describe.each(SOURCES)("the secret of %s", (source, sent, prove) => {
  const body = JSON.stringify(sent);
  const under = (secret: string, headers: Record<string, string>) =>
    deploy({ [`ALERT_SECRET_${source.toUpperCase()}`]: secret }).ask(`/api/alerts/${source}`, {
      method: "POST",
      body,
      headers,
    });

  it.each([`${SECRET}\n`, `${SECRET}\r\n`, ` ${SECRET} \n`])(
    "is the same with white space around it: %j",
    async (set) => {
      expect((await under(set, prove(body))).status).toBe(200);
      expect((await under(set, { authorization: "Bearer other", "cf-webhook-auth": "other" })).status).toBe(
        401,
      );
    },
  );

  it.each(["\n", "  "])("is not left out by white space alone: %j", async (set) => {
    for (const headers of [prove(body), {}]) {
      const refused = await under(set, headers);
      expect([refused.status, await codeOf(refused)]).toEqual([503, "ERR_ALERT_SECRET"]);
    }
  });
});
