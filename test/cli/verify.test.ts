// The command line of format 2: what it exits with, what its last line says, and which arguments it takes.
// Longer than other files: its cases judge the same few chains, which are signed once.
import { describe, expect, it } from "vitest";
import { verify } from "../../src/chain/index.ts";
import { readArguments } from "../../src/cli/verify-arguments.ts";
import { FOREIGN_TRUST } from "../conformance/abroad.ts";
import { type ChainOptions, writeChain } from "../conformance/chain-writer.ts";
import { continued } from "../conformance/continued.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { edited, type Json, put } from "../conformance/json-edit.ts";
import { digestOf } from "../conformance/primitives.ts";
import { aliceSsh, LISTED, otherPasskey } from "../conformance/reviewer-keys.ts";
import { QUORUM, QUORUMS, SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { ssh } from "../conformance/ssh.ts";
import { amend, type Step } from "../conformance/step.ts";
import { webauthn } from "../conformance/webauthn.ts";
import { judge, judgeUnder, runVerify, writeDocument } from "./run-cli.ts";

const bundleOf = (steps: readonly Step[], options?: ChainOptions): Json => writeChain(steps, options).bundle;
const lastLine = (stdout: string) => stdout.trimEnd().split("\n").at(-1);

const approved = bundleOf(SCENARIOS.approved);
const rejected = bundleOf(amend(SCENARIOS.rejected, SEQ.decision, { reviewer: "alice" }));
const open = bundleOf(SCENARIOS.approved.slice(0, 4));
const executed = bundleOf(SCENARIOS.approved.slice(0, 6));
const broken = bundleOf(
  amend(SCENARIOS.approved, SEQ.decision, { edit: put("predicate.proposal", digestOf("none")) }),
);
const { digests, store } = writeChain(SCENARIOS.approved);
const [action = ""] =
  [...store].find(([, bytes]) => new TextDecoder().decode(bytes).startsWith('{"args"')) ?? [];
const NONE = digestOf("nothing of this run");

describe("exit codes", () => {
  it.each([
    ["0: a whole run", approved, [], 0],
    ["1: a broken run", broken, [], 1],
    ["3: an open run", open, [], 3],
    ["0: an open run, where that is allowed", open, ["--allow-incomplete"], 0],
    ["1: a broken run, also there", broken, ["--allow-incomplete"], 1],
    ["0: the run that was expected", approved, ["--expect-run", "run-1"], 0],
    ["1: another run", approved, ["--expect-run", "run-2"], 1],
    ["2: what is no bundle", { mediaType: "text/plain" }, [], 2],
    [
      "2: a bundle of version 1",
      edited(approved, put("mediaType", "application/vnd.countersign.bundle+json;version=1")),
      [],
      2,
    ],
    ["0: a rejected run, when nothing is required", rejected, [], 0],
    ["4: a rejected run, when something must be executed", rejected, ["--require", "executed"], 4],
    ["0: an executed run, when something must be", approved, ["--require", "executed"], 0],
    ["4: a run of which nobody knows", bundleOf(SCENARIOS.unknown), ["--require", "executed"], 4],
    [
      "4: an unresolved run, when it must be resolved",
      bundleOf(SCENARIOS.unresolved),
      ["--require", "resolved"],
      4,
    ],
    [
      "4: when one of two is not met",
      bundleOf(SCENARIOS.unresolved),
      ["--require", "executed", "--require", "resolved"],
      4,
    ],
    ["0: the action that was executed", approved, ["--require-action", `sha256:${action}`], 0],
    ["4: the action of a rejected run", rejected, ["--require-action", `sha256:${action}`], 4],
    [
      "4: two actions, one of them executed",
      approved,
      ["--require-action", `sha256:${action}`, "--require-action", NONE],
      4,
    ],
    ["0: the call that was executed", approved, ["--require-call", "repository.write_file"], 0],
    ["4: another call", approved, ["--require-call", "repository.delete_file"], 4],
    [
      "4: two calls, one of them executed",
      approved,
      ["--require-call", "repository.write_file", "--require-call", "flags.set"],
      4,
    ],
    ["4: an open run that is not as required, before 3", open, ["--require", "executed"], 4],
    ["4: also where an open run is allowed", open, ["--require", "executed", "--allow-incomplete"], 4],
    ["3: an open run that is as required", executed, ["--require", "executed"], 3],
    ["1: a broken run, whatever is required", broken, ["--require", "executed"], 1],
    ["0: the head that was expected", approved, ["--expect-head", `7:${digests[7]}`], 0],
    ["0: an earlier head", approved, ["--expect-head", `3:${digests[3]}`], 0],
    ["1: another head", approved, ["--expect-head", `7:${NONE}`], 1],
    ["1: a head that was cut off", open, ["--expect-head", `7:${digests[7]}`], 1],
    [
      "1: another head, whatever is required",
      rejected,
      ["--expect-head", `0:${NONE}`, "--require", "executed"],
      1,
    ],
  ] satisfies [string, Json, string[], number][])("are %s", async (_, bundle, flags, code) => {
    expect(await judge(bundle, ...flags)).toMatchObject({ code });
  });

  it("are 2 for an unsound trust policy, whatever the bundle", async () => {
    const { code, stdout, stderr } = await judgeUnder(
      edited(TRUST, put("keys.0.kid", "A".repeat(43))),
      approved,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("ERR_TRUST_POLICY: ");
  });
});

describe("arguments", () => {
  const TRUSTED = ["a.json", "--trust", "t.json"];
  it.each([
    [["a.json"], "no trust policy is pinned: expected --trust <file or URL>"],
    [["--trust", "t.json"], "expected one bundle, got 0"],
    [["b.json", ...TRUSTED], "expected one bundle, got 2"],
    [[...TRUSTED, "--quiet"], "Unknown option '--quiet'"],
    [["a.json", "--trust"], "'--trust <value>' argument missing"],
    [[...TRUSTED, "--trust", "u.json"], "expected one --trust; more than one goes with --follow"],
    [[...TRUSTED, "--parent", "p.json"], "expected --parent only with --follow"],
    [[...TRUSTED, "--expect-run", "a", "--expect-run", "b"], "expected --expect-run once, got it 2 times"],
    [[...TRUSTED, "--expect-head", "0:a", "--expect-head", "1:b"], "expected --expect-head once"],
    ...["", "7", `:${NONE}`, `-1:${NONE}`, `07:${NONE}`].map((head): [string[], string] => [
      [...TRUSTED, `--expect-head=${head}`],
      "expected --expect-head <seq>:<digest>, such as 7:sha256:…",
    ]),
    ...["7:", `7:${"0".repeat(64)}`, `7:${NONE.toUpperCase()}`, `7:${NONE} `].map(
      (head): [string[], string] => [
        [...TRUSTED, "--expect-head", head],
        "expected --expect-head <seq>:<digest> with sha256: and 64 lower-case hex digits",
      ],
    ),
    [[...TRUSTED, "--require", "valid"], "expected --require executed or"],
    [[...TRUSTED, "--require-action", "sha256:0"], "expected --require-action"],
    [[...TRUSTED, "--require-call", "write"], "expected --require-call"],
  ] satisfies [string[], string][])("may not be %j", (args, why) => {
    expect(readArguments(args)).toContain(why);
  });

  it("that will not do exit 2, with the usage", async () => {
    const { code, stdout, stderr } = await runVerify(["a.json"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^no trust policy is pinned: [\s\S]*\nusage: countersign-verify /);
  });

  it("take the bundle from standard input, and print the usage when asked", async () => {
    const args = ["-", "--trust", writeDocument(TRUST, "trust.json")];
    expect(await runVerify(args, JSON.stringify(approved))).toMatchObject({ code: 0 });
    const help = await runVerify(["--help"]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain(
      "exit codes: 0 valid, 1 invalid, 2 unusable input or arguments, 3 incomplete, 4 a",
    );
  });
});

const R = "reviewer@example.com";
const CURED =
  'resolved: checkouts failed 6 of 40 before, 0 of 40 after; "good sessions" failed 0 of 30 before, 0 of 30 after';

describe("the last line names the result", () => {
  it.each([
    ["approved", `approved by ${R} and executed, ${CURED}`],
    ["unresolved", `approved by ${R} and executed, un${CURED.replace("0 of 40", "6 of 40")}`],
    [
      "unmeasured",
      `approved by ${R} and executed, unmeasured: checkouts failed 6 of 40 before; "good sessions" failed 0 of 30 before`,
    ],
    ["rejected", `rejected by ${R}, nothing was executed`],
    ["revisedOnce", `approved by ${R} and executed, ${CURED}`],
    ["revisedThenRejected", `rejected by ${R}, nothing was executed`],
    ["revisedThenNothing", `changes requested by ${R}, nothing was executed`],
    ["expired", "expired without a decision, nothing was executed"],
    ["failed", `approved by ${R} but failed, nothing was executed`],
    [
      "unknown",
      `approved by ${R}, and nobody knows whether it happened, unmeasured: checkouts failed 6 of 40 before; "good sessions" failed 0 of 30 before`,
    ],
    ["twoWrites", `approved by ${R} and executed, 1 earlier call executed, ${CURED}`],
    ["secondWriteRejected", `rejected by ${R}, 1 earlier call executed, ${CURED}`],
    ["notRun", "no call was proposed, nothing was executed"],
  ] as const)("of a run that is %s", async (name, result) => {
    expect(lastLine((await judge(bundleOf(SCENARIOS[name]))).stdout)).toBe(`valid: ${result}`);
  });

  it.each([
    ["approved", "approved by alice, carol and bob and executed, "],
    ["rejected", "rejected by bob, nothing was executed"],
    ["expired", "expired with 1 of 3 approvals, by alice, nothing was executed"],
  ] as const)("of a run under a quorum that is %s", async (name, result) => {
    const { stdout } = await judgeUnder(LISTED, bundleOf(QUORUMS[name], QUORUM));
    expect(lastLine(stdout)).toContain(`valid: ${result}`);
  });

  it.each([
    [2, "no call is proposed so far, nothing was executed so far"],
    [4, "a proposal awaits a decision, nothing was executed so far"],
    [5, "a proposal has 1 of 3 approvals, by alice, nothing was executed so far"],
    [7, "approved by alice, carol and bob, nothing was executed so far"],
    [8, "approved by alice, carol and bob and executed, no outcome so far"],
  ])("of a run that is open after %i receipts", async (count, result) => {
    const { stdout } = await judgeUnder(LISTED, bundleOf(QUORUMS.approved.slice(0, count), QUORUM));
    expect(lastLine(stdout)).toBe(`incomplete: ${result}; the chain does not end in a handoff`);
  });

  it("and that a requirement is not met", async () => {
    const { stdout } = await judge(rejected, "--require", "executed");
    expect(stdout).toContain("  ✗ required, and not met: a call was executed\n");
    expect(lastLine(stdout)).toBe(
      "valid, but not what was required: rejected by alice, nothing was executed",
    );
  });

  it("and cannot be made to say something else by the reviewer's name", async () => {
    const named = amend(SCENARIOS.rejected, SEQ.decision, { reviewer: 'alice and executed, resolved" ' });
    expect(lastLine((await judge(bundleOf(named))).stdout)).toBe(
      'valid: rejected by "alice and executed, resolved\\"\\u{20}", nothing was executed',
    );
  });

  it("of the newest run of a lineage, of which alone something is required", async () => {
    const parent = writeChain(SCENARIOS.rejected, { run: "run-0" });
    const met = await judge(continued(parent).bundle, "--follow", "--require", "executed");
    expect(met.code).toBe(0);
    expect(met.stdout).toContain("\nlineage valid: run-1 valid ← run-0 valid\n");
    expect(lastLine(met.stdout)).toMatch(/^valid: approved by reviewer@example.com and executed, resolved: /);
    const child = continued(parent, { steps: SCENARIOS.expired }).bundle;
    const unmet = await judge(child, "--follow", "--require", "executed");
    expect(unmet.code).toBe(4);
    expect(lastLine(unmet.stdout)).toMatch(/^valid, but not what was required: expired without a decision, /);
  });

  it("of no lineage whose parent's deployment is not trusted", async () => {
    const child = continued(writeChain(SCENARIOS.rejected, { run: "run-0" })).bundle;
    const { code, stdout } = await judgeUnder(FOREIGN_TRUST, child, "--follow");
    expect(code).toBe(1);
    expect(lastLine(stdout)).toBe("invalid: do not rely on this chain; what failed is marked ✗");
  });
});

describe("the report", () => {
  it("has a line per receipt, and what each bound", async () => {
    const { stdout } = await judge(bundleOf(SCENARIOS.edited), { columns: 200 });
    const words = [
      '■ runtime  alert      2026-11-23T05:30:00.000Z  b7dKD2-D  "Checkout answers 500", from workers-observability; policy ',
      "▲ agent    evidence   2026-11-23T05:31:00.000Z  vaJPtef-  2 items by scripted: browser.run_checkout, repository.read_file",
      "▲ agent    proposal   2026-11-23T05:32:00.000Z  vaJPtef-  revision 1, low risk: repository.write_file, action ",
      "■ runtime  preview    2026-11-23T05:33:00.000Z  b7dKD2-D  file:src/checkout.js 0b7a924f3c43 → 3e8c0ad1a143; open until ",
      `● human    decision   2026-11-23T05:34:00.000Z  f3zNtNnY  request_changes by ${R} (session) as reviewer, action `,
      '■ runtime  execution  2026-11-23T05:35:00.000Z  b7dKD2-D  withheld: "As it went."',
      `▲ agent    proposal   2026-11-23T05:36:00.000Z  vaJPtef-  revision 2, by the reviewer ${R}, high risk: `,
      "■ runtime  preview    ",
      "● human    decision   ",
      '■ runtime  execution  2026-11-23T05:39:00.000Z  b7dKD2-D  executed: "As it went."',
      "■ runtime  outcome    2026-11-23T05:40:00.000Z  b7dKD2-D  resolved; checkouts failed 6 of 40 before, 0 of 40 after",
      "▲ agent    handoff    2026-11-23T05:41:00.000Z  vaJPtef-  resources ",
    ];
    for (const [seq, line] of words.entries())
      expect(stdout).toContain(`✓ ${String(seq).padStart(4)}  ${line}`);
  });

  it("tells each round: the call, its effects and checks, who decided, and the end", async () => {
    const { stdout } = await judge(bundleOf(SCENARIOS.edited), { columns: 200 });
    const [, told = ""] = /what was proposed in the domain checkout\n(.*?)\n\nchecked\n/s.exec(stdout) ?? [];
    const action = /action +(sha256:\w+)/g;
    const [first, second] = [...told.matchAll(action)].map(([, digest]) => digest);
    expect(told.split("\n")).toEqual([
      '  round 1: repository.write_file, "Answer 422"',
      `    action    ${first}`,
      "    changes   0b7a924f3c43 → 3e8c0ad1a143 at file:src/checkout.js",
      "    check     6 of 40 failed before, 0 of 40 rehearsed: checkouts",
      '    check     0 of 30 failed before, not rehearsed: "good sessions"',
      `    decision  request_changes by ${R} as reviewer, on the server's word, wants the call ${second} instead`,
      '    execution withheld: "As it went."',
      '  round 2: repository.write_file, "repository.write_file"',
      `    action    ${second}`,
      "    changes   0b7a924f3c43 → 48d8cd3f7590 at file:src/checkout.js",
      "    check     6 of 40 failed before, 0 of 40 rehearsed: checkouts",
      '    check     0 of 30 failed before, not rehearsed: "good sessions"',
      `    decision  approve by ${R} as reviewer, on the server's word`,
      '    execution executed: "As it went."',
      '  outcome: resolved: "As measured."',
      "    check     6 of 40 failed before, 0 of 40 after: checkouts",
      '    check     0 of 30 failed before, 0 of 30 after: "good sessions"',
    ]);
  });

  it.each([
    ["no key of theirs", TRUST, {}, `on the server's word`, "alice and"],
    [
      "a listed key",
      LISTED,
      { assert: ssh(aliceSsh) },
      "signed with their own SSH key",
      "alice (own SSH key) and",
    ],
    [
      "a key that is not listed",
      TRUST,
      { assert: webauthn(otherPasskey) },
      "signed with a passkey that nobody vouches for",
      "alice and",
    ],
  ] satisfies [string, Json, Partial<Step>, string, string][])(
    "says that a reviewer decided with %s",
    async (_, trust, step, words, name) => {
      const steps = amend(SCENARIOS.approved, SEQ.decision, { reviewer: "alice", ...step });
      const { code, stdout } = await judgeUnder(trust, bundleOf(steps), { columns: 200 });
      expect(code).toBe(0);
      expect(stdout).toContain(`    decision  approve by alice as reviewer, ${words}\n`);
      expect(lastLine(stdout)).toContain(`valid: approved by ${name} executed, `);
    },
  );

  it("marks the receipt that fails and those after it, and tells no round of a chain that is invalid", async () => {
    const { stdout } = await judge(broken);
    const marks = [...stdout.matchAll(/^([✓✗·]) +\d+ {2}/gmu)].map(([, mark]) => mark);
    expect(marks.join("")).toBe("✓✓✓✓✗···");
    expect(stdout).toContain("✗ ERR_PROPOSAL at receipt 4: decision: ");
    expect(stdout).not.toContain("what was proposed");
  });

  it("repeats nothing of a receipt whose signature does not hold", async () => {
    const forged = amend(SCENARIOS.approved, 0, {
      edit: put("predicate.title", "All is well"),
      forge: () => new Uint8Array(64).fill(2),
    });
    const { code, stdout } = await judge(bundleOf(forged));
    expect(code).toBe(1);
    expect(stdout).toContain("✗    0  ERR_SIGNATURE\n");
    expect(stdout).not.toContain("All is well");
  });

  it("with --json is the library's, with what the chain says beside it", async () => {
    for (const bundle of [approved, open, broken]) {
      const { stdout, stderr } = await judge(bundle, "--json");
      const { report, run } = await verify(bundle, TRUST);
      expect(JSON.parse(stdout)).toEqual({ ...report, says: run && JSON.parse(JSON.stringify(run)) });
      expect(stderr).toBe("");
    }
    const lineage = await judge(
      continued(writeChain(SCENARIOS.rejected, { run: "run-0" })).bundle,
      "--follow",
      "--json",
    );
    expect(JSON.parse(lineage.stdout)).toMatchObject({
      verdict: "valid",
      runs: [
        { run: "run-1", says: { status: "completed" } },
        { run: "run-0", says: { status: "rejected" } },
      ],
    });
  });
});
