// What a page may say about who decides here: from the settings and from who asks, for the reader of this one page.
import type { Context } from "hono";
import type { Env } from "../../run/env.ts";
import { loadSigningKeys } from "../../run/signing-keys.ts";
import type { Deciding } from "../../view/who-decides.tsx";
import { loadAuthSettings } from "./auth-settings.ts";

export function decidingOf(c: Context<{ Bindings: Env }>): Deciding {
  const settings = loadAuthSettings(c.env);
  if (!settings.ok) return { as: "nobody", message: settings.refusal.message };
  const keys = loadSigningKeys(c.env);
  if (!keys.ok) return { as: "nobody", message: keys.refusal.message };
  const { mode } = settings.value.auth;
  if (mode === "open") return { as: "anyone" };
  const why = c.get("unrecognizable");
  if (why) return { as: "nobody", message: why };
  const identity = c.get("identity");
  return identity ? { as: "known", mode, ...identity } : { as: "stranger", mode };
}
