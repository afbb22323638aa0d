// The reviewer's own key in the decision: a passkey signs the very intent, and where the policy asks for it nothing happens without.
import { describe, expect, it } from "vitest";
import type { DecisionRequest } from "../../src/engine/index.ts";
import { ownFlags, switcher } from "./flag-domains.ts";
import { inRun, verified } from "./in-run.ts";
import { intentFor } from "./intent-for.ts";
import { passkeyOf } from "./passkey.ts";
import { type TestRun, trusting } from "./worker.ts";

const alices = passkeyOf("alices");
const bobs = passkeyOf("bobs");
const strangers = passkeyOf("strangers");
const roles = [{ role: "reviewer", notBefore: null, notAfter: null }];
const trust = trusting([
  { id: "alice", roles, keys: [alices.entry] },
  { id: "bob", roles, keys: [bobs.entry] },
]);
const bob = { id: "bob", method: "test" };

function waiting(reviewerKey: "required" | "present", work: (run: TestRun) => Promise<void>): Promise<void> {
  return inRun(async (run) => {
    run.configure({ domain: ownFlags, planner: switcher, trust });
    run.create({ reviewerKey });
    await run.drive();
    await work(run);
  });
}

describe.each(["required", "present"] as const)("a key that is %s", (reviewerKey) => {
  it("has the call made when the reviewer's passkey signs the decision", async () => {
    await waiting(reviewerKey, async (run) => {
      const assertion = await alices.sign(await intentFor(run));
      expect((await run.decide("approve", { assertion })).ok).toBe(true);
      run.forget();
      expect(await run.drive()).toEqual({ for: "end" });
      const { rounds } = await verified(run);
      expect(rounds[0]?.decisions[0]?.signed).toEqual({ type: "webauthn", listed: true });
      expect(rounds[0]?.execution?.status).toBe("executed");
    });
  });

  it.each<[what: string, code: string, sign: (run: TestRun) => Promise<Partial<DecisionRequest>>]>([
    ["nothing", "ERR_REVIEWER_KEY", async () => ({})],
    [
      "another reviewer's key",
      "ERR_REVIEWER_KEY",
      async (run) => ({ assertion: await bobs.sign(await intentFor(run)) }),
    ],
    [
      "a key that nobody lists",
      "ERR_REVIEWER_KEY",
      async (run) => ({ assertion: await strangers.sign(await intentFor(run)) }),
    ],
    [
      "another decision",
      "ERR_ASSERTION",
      async (run) => ({ assertion: await alices.sign(await intentFor(run, { decision: "reject" })) }),
    ],
    [
      "another reason",
      "ERR_ASSERTION",
      async (run) => ({ reason: "fine", assertion: await alices.sign(await intentFor(run)) }),
    ],
    [
      "another reviewer's intent",
      "ERR_ASSERTION",
      async (run) => ({ reviewer: bob, assertion: await bobs.sign(await intentFor(run)) }),
    ],
    [
      "another page",
      "ERR_ASSERTION",
      async (run) => ({ assertion: await alices.sign(await intentFor(run), "https://evil.test") }),
    ],
    ["nonsense", "ERR_ASSERTION", async () => ({ assertion: { type: "webauthn" } })],
    ["what is no JSON", "ERR_ASSERTION", async () => ({ assertion: new Map() })],
  ])("is not had by signing %s", async (_, code, sign) => {
    await waiting(reviewerKey, async (run) => {
      const answer = await run.decide("approve", await sign(run));
      expect(answer.ok ? "ok" : answer.refusal.code).toBe(code);
      expect((await run.engine()).context.chain.all("decision")).toEqual([]);
      expect(await run.drive()).toMatchObject({ for: "human" });
    });
  });

  it("signs an edit, too", async () => {
    await waiting(reviewerKey, async (run) => {
      const edit = { connector: "flags", method: "set", args: { flag: "b", on: true } };
      const assertion = await alices.sign(await intentFor(run, { decision: "request_changes", edit }));
      expect((await run.decide("request_changes", { edit, assertion })).ok).toBe(true);
      await run.drive();
      const again = await alices.sign(await intentFor(run));
      expect((await run.decide("approve", { assertion: again })).ok).toBe(true);
      await run.drive();
      expect((await verified(run)).rounds[1]?.execution?.status).toBe("executed");
    });
  });
});

describe("one key", () => {
  it("does not sign for an earlier preview", async () => {
    await waiting("required", async (run) => {
      const early = await alices.sign(await intentFor(run));
      const send = { decision: "request_changes", reason: "say why" } as const;
      await run.decide("request_changes", {
        ...send,
        assertion: await alices.sign(await intentFor(run, send)),
      });
      await run.drive();
      const answer = await run.decide("approve", { assertion: early });
      expect(answer.ok ? "ok" : answer.refusal.code).toBe("ERR_ASSERTION");
    });
  });
});
