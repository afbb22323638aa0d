// Without three sound, different keys no run starts, and the error names the secret without showing it.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { loadSigningKeys } from "../../src/run/signing-keys.ts";
import { stubOf } from "./client.ts";
import { runRequest } from "./instances.ts";

const GOOD = env.HUMAN_SIGNING_KEY ?? "";

const CASES = [
  ["AGENT_SIGNING_KEY", undefined, "ERR_KEY_MISSING"],
  ["HUMAN_SIGNING_KEY", "", "ERR_KEY_MISSING"],
  ["RUNTIME_SIGNING_KEY", "not a key", "ERR_KEY_MALFORMED"],
  ["AGENT_SIGNING_KEY", GOOD.slice(0, 20), "ERR_KEY_MALFORMED"],
  ["RUNTIME_SIGNING_KEY", `${GOOD}=`, "ERR_KEY_MALFORMED"],
  ["AGENT_SIGNING_KEY", GOOD, "ERR_KEYS_EQUAL"],
] as const;

describe("a deployment", () => {
  it.each(CASES)("with %s=%s starts no run and says which secret is wrong", async (name, value, code) => {
    const broken = { ...env, [name]: value };
    const run = nameRun(null);
    const refused = await runInDurableObject(stubOf(run), async (instance, state) => {
      Object.defineProperty(instance, "env", { value: broken });
      const answer = await instance.start(run, runRequest(), { waitMs: 0 });
      const tables = state.storage.sql
        .exec("SELECT name FROM sqlite_master WHERE name = 'request'")
        .toArray();
      return { answer, tables };
    });
    expect(refused).toMatchObject({ answer: { ok: false, refusal: { code } }, tables: [] });
    const message = refused.answer.ok ? "" : refused.answer.refusal.message;
    expect(message).toContain(name);
    if (value) expect(message).not.toContain(value);
    const health = await app.request("/healthz", {}, broken);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ code });
  });

  it("without an issuer starts no run", () => {
    expect(loadSigningKeys({ ...env, ISSUER: "" })).toMatchObject({
      ok: false,
      refusal: { code: "ERR_ISSUER_MISSING" },
    });
  });
});
