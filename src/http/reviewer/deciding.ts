// What a page may say about who decides here: from the settings and from who asks, for the reader of this one page.
import { passkeysOf, rolesOf } from "../../chain/index.ts";
import { loadSigningKeys } from "../../host/index.ts";
import type { Deciding } from "../../view/who-decides.tsx";
import type { Ctx } from "../edge-env.ts";
import { loadAuthSettings } from "./auth-settings.ts";

export function decidingOf(c: Ctx): Deciding {
  const settings = loadAuthSettings(c.env);
  if (!settings.ok) return { as: "nobody", message: settings.refusal.message };
  const keys = loadSigningKeys(c.env);
  if (!keys.ok) return { as: "nobody", message: keys.refusal.message };
  const { mode } = settings.value.auth;
  if (mode === "open") return { as: "anyone" };
  const why = c.get("unrecognizable");
  if (why) return { as: "nobody", message: why };
  const identity = c.get("identity");
  if (!identity) return { as: "stranger", mode };
  const { trust } = keys.value;
  const { id } = identity.actor;
  const now = new Date().toISOString();
  return {
    as: "known",
    mode,
    ...identity,
    roles: rolesOf(trust, id, now),
    hasPasskey: passkeysOf(trust, id, new URL(c.req.url).origin, now).length > 0,
  };
}
