// Rotating keys as docs/operations.md tells it: nothing that was signed is lost, and what a leaked key signed no longer counts.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { type TrustPolicy, verify } from "../../src/chain/index.ts";
import { app } from "../../src/http/app.ts";
import type { Env } from "../../src/run/env.ts";
import type { RunDurableObject } from "../../src/run/run-durable-object.ts";
import { loadSigningKeys } from "../../src/run/signing-keys.ts";
import { decided, startRun, stubOf } from "./client.ts";

function policyUnder(deployment: Env): TrustPolicy {
  const keys = loadSigningKeys(deployment);
  if (!keys.ok) throw new Error(keys.refusal.message);
  return keys.value.trustPolicy;
}

function freshSeed(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}

const OLD = policyUnder(env).keys;
const FRESH = {
  AGENT_SIGNING_KEY: freshSeed(),
  HUMAN_SIGNING_KEY: freshSeed(),
  RUNTIME_SIGNING_KEY: freshSeed(),
};

/** A deployment with fresh secrets that lists the old keys so. */
function rotated(window: Partial<(typeof OLD)[number]>, secrets: Partial<typeof FRESH> = FRESH): Env {
  return { ...env, ...secrets, RETIRED_KEYS: JSON.stringify(OLD.map((key) => ({ ...key, ...window }))) };
}

/** Does something in a run's next instance, under another deployment's secrets. */
async function under<Value>(
  deployment: Env,
  run: string,
  work: (instance: RunDurableObject) => Promise<Value>,
): Promise<Value> {
  await evictDurableObject(stubOf(run));
  return runInDurableObject(stubOf(run), (instance) => {
    Object.defineProperty(instance, "env", { value: deployment });
    return work(instance);
  });
}

async function bundleUnder(deployment: Env, run: string) {
  const bundle = await under(deployment, run, (instance) => instance.bundle());
  if (!bundle.ok) throw new Error(bundle.refusal.message);
  return bundle.value;
}

describe("after a rotation", () => {
  it("a run that waited goes on, its old receipts under the old keys and its new ones under the new", async () => {
    const view = await startRun();
    const deployment = rotated({ notAfter: new Date(Date.now() + 1000).toISOString() });
    const reviewer = { id: "reviewer", method: "test" };
    const proposal = view.pending?.proposal ?? "sha256:";
    const approved = await under(deployment, view.run, (instance) =>
      instance.decide({ decision: "approve", proposal, reason: "", reviewer }, { waitMs: 20_000 }),
    );
    expect(approved).toMatchObject({ ok: true, value: { status: "completed" } });
    const bundle = await bundleUnder(deployment, view.run);
    const policy = policyUnder(deployment);
    expect(await verify(bundle, policy)).toMatchObject({ verdict: "valid", count: 8 });
    const signers = bundle.receipts.map(({ signatures }) => signatures[0].keyid);
    const old = new Set(OLD.map(({ kid }) => kid));
    expect(signers.map((kid) => old.has(kid))).toEqual([true, true, true, true, false, false, false, false]);
    expect(policy.keys).toHaveLength(6);
  });

  it("a finished run still verifies, and is refused under the new keys alone", async () => {
    const view = await decided(await startRun(), "reject");
    const deployment = rotated({ notAfter: new Date(Date.now() + 1000).toISOString() });
    const bundle = await bundleUnder(deployment, view.run);
    expect(await verify(bundle, policyUnder(deployment))).toMatchObject({ verdict: "valid" });
    const alone = await verify(bundle, policyUnder({ ...env, ...FRESH }));
    expect(alone.checks).toContainEqual(expect.objectContaining({ code: "ERR_KEY_UNKNOWN", seq: 0 }));
  });

  it("what a leaked key signed no longer counts, and such a run can do nothing more", async () => {
    const errors = vi.spyOn(console, "error").mockReturnValue();
    const view = await startRun();
    const deployment = rotated({ revokedAt: "2026-11-23T00:00:00.000Z" });
    const opened = await under(deployment, view.run, (instance) => instance.view());
    expect(opened).toMatchObject({ ok: false, refusal: { code: "ERR_CHAIN_CORRUPT" } });
    const gate = await under(deployment, view.run, (instance) => instance.gate());
    expect(gate).toMatchObject({ ok: true, value: { verified: false, allowsWrite: false } });
    expect(errors.mock.calls.join()).toContain("chain_corrupt");
    const evidence = await verify(await bundleUnder(deployment, view.run), policyUnder(deployment));
    expect(evidence.verdict).toBe("invalid");
    expect(new Set(evidence.checks.flatMap(({ code }) => code ?? []))).toContain("ERR_KEY_REVOKED");
  });

  it.each([
    ["a secret is missing", { ...env, AGENT_SIGNING_KEY: "" }],
    ["RETIRED_KEYS is no list", { ...env, RETIRED_KEYS: "{" }],
    ["the key that signed is not listed yet", { ...env, ...FRESH }],
  ])("a run whose alarm goes off while %s comes back to itself", async (_, broken) => {
    vi.spyOn(console, "error").mockReturnValue();
    const view = await startRun();
    const next = await under(broken as Env, view.run, async (instance) => {
      const { ctx } = instance as unknown as { ctx: DurableObjectState };
      await ctx.storage.deleteAlarm();
      await instance.alarm();
      return ctx.storage.getAlarm();
    });
    expect(next).toBeGreaterThan(Date.now());
  });

  it("the JWKS lists a retired key, and none that is revoked", async () => {
    const listed = async (deployment: Env) => {
      const answer = await app.request("/.well-known/jwks.json", {}, deployment);
      return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    };
    const at = new Date().toISOString();
    const [retired, revoked] = [rotated({ notAfter: at }), rotated({ revokedAt: at })];
    expect(await listed(retired)).toEqual(policyUnder(retired).keys.map(({ kid }) => kid));
    expect(await listed(revoked)).toEqual(
      policyUnder(revoked)
        .keys.slice(0, 3)
        .map(({ kid }) => kid),
    );
  });

  it("a key may be listed as retired before it is replaced, so that it is never in neither place", () => {
    expect(policyUnder(rotated({}, {})).keys).toEqual(OLD);
  });
});

describe("RETIRED_KEYS", () => {
  const CASES: [string, Env, RegExp][] = [
    ["that is no JSON", { ...env, RETIRED_KEYS: "{" }, /RETIRED_KEYS to be a JSON array/],
    ["of another form", { ...env, RETIRED_KEYS: '[{"kid":1}]' }, /RETIRED_KEYS is malformed at 0\./],
    [
      "with a key id that is not the key's",
      rotated({ kid: "a".repeat(43) }),
      /RETIRED_KEYS: expected the key id/,
    ],
    [
      "that revokes a key that still signs",
      rotated({ revokedAt: "2026-11-23T00:00:00.000Z" }, {}),
      /AGENT_SIGNING_KEY/,
    ],
    [
      "that ends a key that still signs",
      rotated({ notAfter: "2026-11-23T00:00:00.000Z" }, {}),
      /AGENT_SIGNING_KEY/,
    ],
    [
      "that gives a key another role",
      rotated({ role: "human" }, {}),
      /AGENT_SIGNING_KEY as a key of role human/,
    ],
  ];

  it.each(CASES)("%s stops the deployment and says what is wrong", async (_, deployment, words) => {
    const health = await app.request("/healthz", {}, deployment);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({
      code: "ERR_RETIRED_KEYS",
      detail: expect.stringMatching(words),
    });
  });
});

describe("the logs", () => {
  it("name the head of a run that awaits a decision or has ended, and hold no secret, reason or diff", async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    const waiting = await startRun();
    const view = await decided(waiting, "reject", { reason: "words that stay out of the logs" });
    log.mockRestore();
    const signed = lines.map((line) => JSON.parse(line)).filter(({ run }) => run === view.run);
    expect(signed).toEqual([
      { event: "receipts_signed", run: view.run, count: 4, last: "preview", head: waiting.head },
      { event: "receipts_signed", run: view.run, count: 8, last: "handoff", head: view.head },
    ]);
    for (const secret of [
      env.AGENT_SIGNING_KEY,
      "stay out of the logs",
      "checkout.js",
      waiting.pending?.diff ?? "@@",
    ]) {
      expect(lines.join("\n")).not.toContain(secret);
    }
  });
});
