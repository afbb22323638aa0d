// What a caller may expect and require of a run: met or not is a check of the report, and only a wrong head makes it invalid.
import { describe, expect, it } from "vitest";
import { type ExpectedHead, follow, type Requirement, verify } from "../../src/chain/index.ts";
import { type Digest, digestOf } from "../../src/receipt/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { continued } from "../conformance/continued.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { drop, put } from "../conformance/json-edit.ts";
import { SCENARIOS, type ScenarioName, SEQ } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";

const NOTHING = { digests: [] };
const chain = (name: ScenarioName) => writeChain(SCENARIOS[name]);
const asDigest = (text = "") => text as Digest;
const ZERO = asDigest(`sha256:${"0".repeat(64)}`);

/** The digests of the actions that a chain proposes, in order. */
function actionsOf({ envelopes }: ReturnType<typeof chain>): Digest[] {
  return envelopes.flatMap((envelope) => {
    const { payload } = envelope as { payload: string };
    const { predicateType, subject } = JSON.parse(Buffer.from(payload, "base64").toString());
    if (predicateType !== "urn:countersign:receipt:proposal:v1") return [];
    return [asDigest(`sha256:${subject[0].digest.sha256}`)];
  });
}

/** Verdict, and which of the requirements are met. */
async function ask(bundle: unknown, ...require: readonly Requirement[]) {
  const { verdict, checks } = await verify(bundle, TRUST, { require });
  return { verdict, met: checks.filter(({ id }) => id === "require").map(({ ok, code }) => code ?? ok) };
}

describe("a requirement", () => {
  it.each([
    ["approved", true, true],
    ["unresolved", true, false],
    ["rejected", false, false],
    ["revisedTwice", true, true],
    ["revisedThenRejected", false, false],
    ["expired", false, false],
    ["failed", false, false],
    ["twoWrites", true, true],
    ["secondWriteRejected", true, true],
    ["notRun", false, false],
    ["recovered", true, true],
  ] as const)(
    "of execution and resolution is judged of a run that is %s",
    async (name, executed, resolved) => {
      expect(await ask(chain(name).bundle, "executed", "resolved")).toEqual({
        verdict: "valid",
        met: [executed || "ERR_REQUIRE", resolved || "ERR_REQUIRE"],
      });
    },
  );

  it("of an action is met only where exactly that one was executed", async () => {
    const revised = chain("revisedOnce");
    const [first = ZERO, second = ZERO] = actionsOf(revised);
    expect(first).not.toBe(second);
    const asked = [{ action: first }, { action: second }, { action: ZERO }];
    expect((await ask(revised.bundle, ...asked)).met).toEqual(["ERR_REQUIRE", true, "ERR_REQUIRE"]);
    const both = chain("twoWrites");
    expect((await ask(both.bundle, ...actionsOf(both).map((action) => ({ action })))).met).toEqual([
      true,
      true,
    ]);
    for (const name of ["rejected", "failed", "expired"] as const) {
      const [action = ZERO] = actionsOf(chain(name));
      expect(action).not.toBe(ZERO);
      expect((await ask(chain(name).bundle, { action })).met).toEqual(["ERR_REQUIRE"]);
    }
  });

  it("of a call is met only where one of exactly that name was executed", async () => {
    const calls = ["repository.write_file", "repository.write", "write_file", "repository.write_file.", ""];
    const asked = calls.map((call) => ({ call }));
    const wrong = Array(4).fill("ERR_REQUIRE");
    expect((await ask(chain("approved").bundle, ...asked)).met).toEqual([true, ...wrong]);
    expect((await ask(chain("rejected").bundle, ...asked)).met).toEqual(["ERR_REQUIRE", ...wrong]);
  });

  it("leaves an open chain incomplete, whether met or not", async () => {
    const written = writeChain(SCENARIOS.approved.slice(0, 6)).bundle;
    expect(await ask(written, "executed", "resolved")).toEqual({
      verdict: "incomplete",
      met: [true, "ERR_REQUIRE"],
    });
  });

  it("is not judged of a chain that is invalid", async () => {
    const broken = put("receipts.5.signatures.0.sig", `${"A".repeat(86)}==`)(
      chain("approved").bundle,
      NOTHING,
    );
    expect(await ask(broken, "executed")).toEqual({ verdict: "invalid", met: [] });
    const { verdict, checks } = await verify(chain("approved").bundle, TRUST, {
      run: "run-2",
      require: ["executed"],
    });
    expect(verdict).toBe("invalid");
    expect(checks.map(({ id }) => id)).not.toContain("require");
  });

  it("is of the newest run of a lineage alone", async () => {
    const parent = writeChain(SCENARIOS.approved, { run: "run-0" });
    const files = { "README.md": "# Checkout\n", "src/checkout.js": "export const status = 401;\n" };
    const child = continued(parent, { steps: SCENARIOS.rejected, files });
    const { verdict, runs } = await follow(child.bundle, [TRUST], { require: ["executed"] });
    const required = runs.map(({ report }) =>
      report.checks.filter(({ id }) => id === "require").map(({ ok }) => ok),
    );
    expect({ verdict, required }).toEqual({ verdict: "valid", required: [[false], []] });
  });
});

describe("an expected head", () => {
  const { bundle, digests, envelopes } = chain("approved");
  const judge = async (value: unknown, expectHead: ExpectedHead) => {
    const { verdict, checks } = await verify(value, TRUST, { expectHead });
    return { verdict, head: checks.filter(({ id }) => id === "head").map(({ ok, code }) => code ?? ok) };
  };

  it("is met at its own place, however far the chain has come since", async () => {
    for (const [seq, digest] of digests.entries()) {
      expect(await judge(bundle, { seq, digest: asDigest(digest) })).toEqual({
        verdict: "valid",
        head: [true],
      });
    }
    const open = writeChain(SCENARIOS.approved.slice(0, 4)).bundle;
    expect(await judge(open, { seq: 3, digest: asDigest(digests[3]) })).toEqual({
      verdict: "incomplete",
      head: [true],
    });
  });

  it.each([
    ["another receipt", 7, ZERO],
    ["one that stands elsewhere", 6, asDigest(digests[7])],
    ["one beyond the end", 8, asDigest(digests[7])],
    ["no place at all", -1, asDigest(digests[7])],
    ["the envelope's own bytes", 7, digestOf(new TextEncoder().encode(JSON.stringify(envelopes[7])))],
  ])("makes a chain invalid that has %s", async (_, seq, digest) => {
    expect(await judge(bundle, { seq, digest })).toEqual({ verdict: "invalid", head: ["ERR_HEAD"] });
  });

  it("finds a chain that was cut, and one that took another way", async () => {
    const cut = writeChain(SCENARIOS.approved.slice(0, 6)).bundle;
    expect(await judge(cut, { seq: 6, digest: asDigest(digests[6]) })).toMatchObject({ verdict: "invalid" });
    const fork = writeChain(amend(SCENARIOS.approved, SEQ.decision, { reason: "Another." })).bundle;
    expect(await judge(fork, { seq: 3, digest: asDigest(digests[3]) })).toMatchObject({ verdict: "valid" });
    expect(await judge(fork, { seq: 4, digest: asDigest(digests[4]) })).toMatchObject({ verdict: "invalid" });
  });

  it("is a failure of its own where the receipt cannot be opened", async () => {
    const broken = drop("receipts.7.payload")(bundle, NOTHING);
    const report = await verify(broken, TRUST, { expectHead: { seq: 7, digest: asDigest(digests[7]) } });
    const failed = report.checks.filter(({ ok }) => !ok);
    expect(failed.map(({ code }) => code)).toEqual(["ERR_ENVELOPE", "ERR_HEAD"]);
    expect(failed[1]?.message).toBe(`expected ${digests[7]} as receipt 7, got one that cannot be opened`);
  });

  it("leaves less unchecked", async () => {
    const line = "that there is no other or longer chain of this run";
    const { notChecked } = await verify(bundle, TRUST, {
      expectHead: { seq: 3, digest: asDigest(digests[3]) },
    });
    expect(notChecked.filter((each) => each.startsWith(line))).toEqual([`${line} from receipt 4 on`]);
    const without = await verify(bundle, TRUST);
    expect(without.notChecked.filter((each) => each.startsWith(line))).toEqual([
      `${line}: compare the head with one that you keep`,
    ]);
  });
});
