// A reviewer's key or role comes to its end, or is lost: what a verifier then says of old chains, and what a deployment does with runs that
// wait. The statements are those of docs/operations.md.
import { describe, expect, it } from "vitest";
import { type TrustPolicy, verify } from "../../src/chain/index.ts";
import { ownFlags, switcher } from "./flag-domains.ts";
import { inRun } from "./in-run.ts";
import { intentFor } from "./intent-for.ts";
import { type Passkey, passkeyOf } from "./passkey.ts";
import { type TestRun, trusting } from "./worker.ts";

type Reviewer = TrustPolicy["reviewers"][number];
type End = Partial<{ notAfter: string; revokedAt: string }>;

const START = Date.parse("2026-11-23T05:30:00.000Z");
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();
const PASSKEYS = { alice: passkeyOf("alice"), bob: passkeyOf("bob") };
type Name = keyof typeof PASSKEYS;

function listed(id: Name, key: End = {}, role: Pick<End, "notAfter"> = {}): Reviewer {
  const open = { notBefore: null, notAfter: null };
  return {
    id,
    roles: [{ role: "reviewer", ...open, ...role }],
    keys: [{ ...PASSKEYS[id].entry, ...key }],
  };
}

const BOTH = trusting([listed("alice"), listed("bob")]);
/** Alice's key or role as the file has it later; Bob's are as they were. */
const later = (key: End, role: Pick<End, "notAfter"> = {}) =>
  trusting([listed("alice", key, role), listed("bob")]);

/** Inside a run that waits for so many reviewers, each with a passkey. `clock` sets the minutes since it began. */
function waiting(
  count: number,
  work: (run: TestRun, clock: (minutes: number) => void) => Promise<void>,
): Promise<void> {
  return inRun(async (run) => {
    let minutes = 0;
    run.now = () => START + minutes * 60_000;
    run.configure({ domain: ownFlags, planner: switcher, trust: BOTH });
    run.create({ reviewerKey: "present", approvals: [{ role: "reviewer", count }] });
    await run.drive();
    await work(run, (to) => {
      minutes = to;
    });
  });
}

async function approve(run: TestRun, id: Name): Promise<string> {
  const reviewer = { id, method: "test" };
  const passkey: Passkey = PASSKEYS[id];
  const assertion = await passkey.sign(await intentFor(run, { reviewer, role: "reviewer" }));
  const answer = await run.decide("approve", { reviewer, role: "reviewer", assertion });
  return answer.ok ? "ok" : answer.refusal.code;
}

/** Deploys another reviewers' file: every instance starts anew. */
function deploy(run: TestRun, trust: TrustPolicy): void {
  run.configure({ domain: ownFlags, planner: switcher, trust });
  run.forget();
}

async function judged(
  run: TestRun,
  trust: TrustPolicy,
): Promise<[verdict: string, code: string | undefined]> {
  const { report } = await verify(await run.bundle(), trust);
  return [report.verdict, report.checks.find(({ ok, code }) => !ok && code !== "ERR_INCOMPLETE")?.code];
}

const isOn = async (run: TestRun) => (await run.engine()).context.own.contents().get("flag:new_pricing");

describe.each([
  ["key", later({ notAfter: at(10) }), "ERR_REVIEWER_KEY"],
  ["role", later({}, { notAfter: at(10) }), "ERR_ROLE"],
])("a %s that has ended", (_, ended, code) => {
  it("leaves old chains valid", async () => {
    await waiting(1, async (run) => {
      expect(await approve(run, "alice")).toBe("ok");
      await run.drive();
      expect(await judged(run, ended)).toEqual(["valid", undefined]);
      deploy(run, ended);
      expect(await isOn(run)).toBe(false);
    });
  });

  it("decides nothing more, and a run that waits goes on with what it was given before, and with others", async () => {
    await waiting(2, async (run, clock) => {
      expect(await approve(run, "alice")).toBe("ok");
      deploy(run, ended);
      clock(20);
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(await approve(run, "bob")).toBe("ok");
      expect(await run.drive()).toEqual({ for: "end" });
      expect(await isOn(run)).toBe(false);
      expect(await judged(run, ended)).toEqual(["valid", undefined]);
    });
    await waiting(1, async (run, clock) => {
      deploy(run, ended);
      clock(20);
      expect(await approve(run, "alice")).toBe(code);
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(await approve(run, "bob")).toBe("ok");
    });
  });

  it("ended before it decided makes the chain invalid: an end is never dated back", async () => {
    await waiting(1, async (run, clock) => {
      clock(20);
      expect(await approve(run, "alice")).toBe("ok");
      await run.drive();
      expect(await judged(run, ended)).toEqual(["invalid", code]);
    });
  });
});

describe("a key that was revoked", () => {
  const revoked = later({ revokedAt: at(10) });

  it("makes every chain with a decision under it invalid, and no other; who has the old file believes it still", async () => {
    await waiting(1, async (run) => {
      expect(await approve(run, "alice")).toBe("ok");
      await run.drive();
      expect(await judged(run, revoked)).toEqual(["invalid", "ERR_REVIEWER_KEY"]);
      expect(await judged(run, BOTH)).toEqual(["valid", undefined]);
    });
    await waiting(1, async (run) => {
      expect(await approve(run, "bob")).toBe("ok");
      await run.drive();
      expect(await judged(run, revoked)).toEqual(["valid", undefined]);
    });
  });

  it("stops a run that holds an approval under it, and nothing is executed", async () => {
    await waiting(2, async (run) => {
      expect(await approve(run, "alice")).toBe("ok");
      expect(await judged(run, revoked)).toEqual(["invalid", "ERR_REVIEWER_KEY"]);
      deploy(run, revoked);
      await expect(run.drive()).rejects.toThrow("ERR_REVIEWER_KEY: this key was revoked");
    });
  });

  it("leaves a run without a decision under it waiting for others, and where there are none it expires", async () => {
    await waiting(1, async (run) => {
      deploy(run, revoked);
      expect(await approve(run, "alice")).toBe("ERR_REVIEWER_KEY");
      expect(await approve(run, "bob")).toBe("ok");
      await run.drive();
      expect(await isOn(run)).toBe(false);
    });
    await waiting(1, async (run, clock) => {
      deploy(run, trusting([listed("alice", { revokedAt: at(10) })]));
      clock(70);
      expect(await run.drive()).toEqual({ for: "end" });
      expect(await isOn(run)).toBe(true);
      expect(await judged(run, revoked)).toEqual(["valid", undefined]);
    });
  });
});

describe("an entry that was taken out of the file", () => {
  it("stops runs that hold its decisions, and put back lets them go on", async () => {
    await waiting(2, async (run) => {
      expect(await approve(run, "alice")).toBe("ok");
      deploy(run, trusting([listed("bob")]));
      await expect(run.engine()).rejects.toThrow("ERR_REVIEWER_KEY");
      deploy(run, BOTH);
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect(await approve(run, "bob")).toBe("ok");
    });
  });
});
