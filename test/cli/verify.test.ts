// The command line: what it prints, what it exits with, and which arguments it takes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { type Report, verify } from "../../src/chain/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { continued } from "../conformance/continued.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { drop, put } from "../conformance/json-edit.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";
import { judge, judgeAt, runVerify, writeDocument } from "./run-cli.ts";

const approved = writeChain(SCENARIOS.approved).bundle;
const open = writeChain(SCENARIOS.approved.slice(0, 4)).bundle;
const broken = writeChain(
  amend(SCENARIOS.approved, SEQ.decision, { edit: put("predicate.proposal", `sha256:${"0".repeat(64)}`) }),
).bundle;

const digest = (of: string) => `sha256:${of.repeat(64)}`;
const { digests, store } = writeChain(SCENARIOS.approved);
const rejected = writeChain(
  amend(SCENARIOS.rejected, SEQ.decision, { edit: put("predicate.reviewer.id", "alice") }),
).bundle;
const unresolved = writeChain(SCENARIOS.unresolved).bundle;
const executed = writeChain(SCENARIOS.approved.slice(0, 6)).bundle;
const action = [...store].find(([, bytes]) => new TextDecoder().decode(bytes).startsWith('{"args"'))?.[0];

const receiptLine = (stdout: string, seq: number) =>
  stdout.split("\n").find((line) => line.slice(1).trimStart().startsWith(`${seq}  `)) ?? "";

describe("exit codes", () => {
  it.each([
    ["0: a whole run", approved, [], 0],
    ["1: a broken run", broken, [], 1],
    ["3: an open run", open, [], 3],
    ["0: an open run, where that is allowed", open, ["--allow-incomplete"], 0],
    ["1: a broken run, also where an open one is allowed", broken, ["--allow-incomplete"], 1],
    ["0: the run that was expected", approved, ["--expect-run", "run-1"], 0],
    ["1: a sound run that is not the one expected", approved, ["--expect-run", "run-2"], 1],
    ["2: what is no bundle", { mediaType: "text/plain" }, [], 2],
    ["0: a rejected run, when nothing is required", rejected, [], 0],
    ["4: a rejected run, when something must be executed", rejected, ["--require", "executed"], 4],
    ["0: an executed run, when something must be", approved, ["--require", "executed"], 0],
    ["4: an unresolved run, when it must be resolved", unresolved, ["--require", "resolved"], 4],
    ["0: a resolved run, when it must be", approved, ["--require", "resolved", "--require", "executed"], 0],
    [
      "4: when one of two requirements is not met",
      unresolved,
      ["--require", "executed", "--require", "resolved"],
      4,
    ],
    ["0: the action that was executed", approved, ["--require-action", `sha256:${action}`], 0],
    ["4: another action", approved, ["--require-action", digest("0")], 4],
    ["4: the action of a rejected run", rejected, ["--require-action", `sha256:${action}`], 4],
    ["0: the call that was executed", approved, ["--require-call", "repository.write_file"], 0],
    ["4: another call", approved, ["--require-call", "repository.delete_file"], 4],
    ["4: the call of a rejected run", rejected, ["--require-call", "repository.write_file"], 4],
    ["4: an open run that is not as required, before 3", open, ["--require", "executed"], 4],
    ["4: also where an open run is allowed", open, ["--require", "executed", "--allow-incomplete"], 4],
    ["3: an open run that is as required", executed, ["--require", "executed"], 3],
    ["1: a broken run, whatever is required", broken, ["--require", "executed"], 1],
    ["0: the head that was expected", approved, ["--expect-head", `7:${digests[7]}`], 0],
    ["0: an earlier head", approved, ["--expect-head", `3:${digests[3]}`], 0],
    ["1: another head", approved, ["--expect-head", `7:${digest("0")}`], 1],
    ["1: a head in another place", approved, ["--expect-head", `6:${digests[7]}`], 1],
    ["1: a head that was cut off", open, ["--expect-head", `7:${digests[7]}`], 1],
    [
      "1: another head, whatever is required",
      rejected,
      ["--expect-head", `0:${digest("0")}`, "--require", "executed"],
      1,
    ],
  ])("are %s", async (_, bundle, flags, code) => {
    expect(await judge(bundle, ...flags)).toMatchObject({ code });
  });

  it("are 2 for an unsound trust policy, whatever the bundle", async () => {
    const trust = writeDocument(put("keys.0.kid", "A".repeat(43))(TRUST, { digests: [] }), "trust.json");
    const { code, stdout, stderr } = await runVerify([writeDocument(approved), "--trust", trust]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("ERR_TRUST_POLICY: expected the key id");
  });
});

describe("arguments", () => {
  it("must pin a trust policy, for nothing is valid without one", async () => {
    const { code, stdout, stderr } = await runVerify([writeDocument(approved)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("no trust policy is pinned: expected --trust <file or URL>");
    expect(stderr).toContain("usage: countersign-verify");
  });

  it.each([
    ["no bundle", ["--trust", "trust.json"], "expected one bundle, got 0"],
    ["two bundles", ["a.json", "b.json", "--trust", "trust.json"], "expected one bundle, got 2"],
    ["an unknown flag", ["a.json", "--trust", "trust.json", "--quiet"], "Unknown option '--quiet'"],
    ["a flag without its value", ["a.json", "--trust"], "'--trust <value>' argument missing"],
    [
      "two runs",
      ["a.json", "--trust", "t.json", "--expect-run", "run-1", "--expect-run", "run-2"],
      "expected --expect-run once, got it 2 times",
    ],
    [
      "two heads",
      ["a.json", "--trust", "t.json", "--expect-head", "0:a", "--expect-head", "1:b"],
      "expected --expect-head once",
    ],
    ...["", "7", `:${digest("0")}`, `-1:${digest("0")}`, `07:${digest("0")}`, `7.0:${digest("0")}`].map(
      (head): [string, string[], string] => [
        `the head ${JSON.stringify(head)}`,
        ["a.json", "--trust", "t.json", `--expect-head=${head}`],
        "expected --expect-head <seq>:<digest>, such as 7:sha256:…",
      ],
    ),
    ...["7:", `7:${"0".repeat(64)}`, `7:${digest("A")}`, `7:${digest("0")} `].map(
      (head): [string, string[], string] => [
        `the head ${JSON.stringify(head)}`,
        ["a.json", "--trust", "t.json", "--expect-head", head],
        "expected --expect-head <seq>:<digest> with sha256: and 64 lower-case hex digits",
      ],
    ),
    [
      "an unknown result",
      ["a.json", "--trust", "t.json", "--require", "valid"],
      "expected --require executed or",
    ],
    [
      "an action by half",
      ["a.json", "--trust", "t.json", "--require-action", "sha256:0"],
      "expected --require-action",
    ],
    [
      "a call without its connector",
      ["a.json", "--trust", "t.json", "--require-call", "write"],
      "expected --require-call",
    ],
  ])("may not be %s", async (_, args, why) => {
    const { code, stdout, stderr } = await runVerify(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(why);
  });

  it("print the usage when asked for help", async () => {
    const { code, stdout } = await runVerify(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "exit codes: 0 valid, 1 invalid, 2 unusable input or arguments, 3 incomplete, 4 a requirement is not met",
    );
  });

  it("take the bundle from standard input", async () => {
    const trust = writeDocument(TRUST, "trust.json");
    const { code } = await runVerify(["-", "--trust", trust], JSON.stringify(approved));
    expect(code).toBe(0);
  });
});

/** The last line, which names what the run came to. */
const lastLine = (stdout: string) => stdout.trimEnd().split("\n").at(-1);

describe("the last line", () => {
  const REVIEWER = "reviewer@example.com";
  const PROBED = "6 of 40 requests failed before";
  it.each([
    ["unresolved", `valid: approved by ${REVIEWER} and executed, unresolved: ${PROBED}, 6 of 40 after`],
    ["rejected", `valid: rejected by ${REVIEWER}, nothing was executed`],
    ["revisedOnce", `valid: approved by ${REVIEWER} and executed, resolved: ${PROBED}, 0 of 40 after`],
    ["revisedThenRejected", `valid: rejected by ${REVIEWER}, nothing was executed`],
    ["revisedThenNothing", `valid: changes requested by ${REVIEWER}, nothing was executed`],
    ["revisedThenExpired", "valid: expired without a decision, nothing was executed"],
    ["expired", "valid: expired without a decision, nothing was executed"],
    ["failed", `valid: approved by ${REVIEWER} but failed, nothing was executed`],
    [
      "twoWrites",
      `valid: approved by ${REVIEWER} and executed, 1 earlier call executed, resolved: ${PROBED}, 0 of 40 after`,
    ],
    [
      "secondWriteRejected",
      `valid: rejected by ${REVIEWER}, 1 earlier call executed, resolved: ${PROBED}, 0 of 40 after`,
    ],
    ["notRun", "valid: no call was proposed, nothing was executed"],
  ] as const)("of a run that is %s names the result", async (name, line) => {
    expect(lastLine((await judge(writeChain(SCENARIOS[name]).bundle)).stdout)).toBe(line);
  });

  it.each([
    [2, "no call is proposed so far, nothing was executed so far"],
    [4, "a proposal awaits a decision, nothing was executed so far"],
    [5, "approved by reviewer@example.com, nothing was executed so far"],
    [6, "approved by reviewer@example.com and executed, no outcome so far"],
    [
      7,
      "approved by reviewer@example.com and executed, resolved: 6 of 40 requests failed before, 0 of 40 after",
    ],
  ])("of a run that is open after %i receipts says how far it came", async (count, result) => {
    const { stdout } = await judge(writeChain(SCENARIOS.approved.slice(0, count)).bundle);
    expect(lastLine(stdout)).toBe(`incomplete: ${result}; the chain does not end in a handoff`);
  });

  it("says that a requirement is not met", async () => {
    const { stdout } = await judge(rejected, "--require", "executed");
    expect(stdout).toContain("  ✗ ERR_REQUIRE: required an executed call, got none\n");
    expect(lastLine(stdout)).toBe(
      "valid, but not what was required: rejected by alice, nothing was executed",
    );
  });

  it("cannot be made to say something else by the reviewer's name", async () => {
    const id = 'alice and executed, resolved" ';
    const named = amend(SCENARIOS.rejected, SEQ.decision, { edit: put("predicate.reviewer.id", id) });
    const { stdout } = await judge(writeChain(named).bundle);
    expect(lastLine(stdout)).toBe(
      'valid: rejected by "alice and executed, resolved\\"", nothing was executed',
    );
  });

  it("names the result of the newest run of a lineage", async () => {
    const parent = writeChain(SCENARIOS.rejected, { run: "run-0" });
    const child = continued(parent).bundle;
    const { code, stdout } = await judge(child, "--follow", "--require", "executed");
    expect(code).toBe(0);
    expect(stdout).toContain("\nlineage valid: run-1 valid ← run-0 valid\n");
    expect(lastLine(stdout)).toMatch(/^valid: approved by reviewer@example.com and executed, resolved: /);
    const unmet = await judge(
      continued(parent, { steps: SCENARIOS.expired }).bundle,
      "--follow",
      "--require",
      "executed",
    );
    expect(unmet.code).toBe(4);
    expect(lastLine(unmet.stdout)).toMatch(/^valid, but not what was required: expired without a decision, /);
  });
});

describe("what is printed", () => {
  it("is a line per receipt: seal, kind, time, signer, and what it bound", async () => {
    const { stdout } = await judgeAt(200, writeChain(SCENARIOS.revisedOnce).bundle);
    const lines = Array.from({ length: 12 }, (_, seq) => receiptLine(stdout, seq));
    const words = [
      '▲ agent    alert      2026-11-23T05:30:00.000Z  vaJPtef-  "Checkout answers 500", from workers-observability; policy ',
      "▲ agent    evidence   2026-11-23T05:31:00.000Z  vaJPtef-  2 items: browser.run_checkout",
      "▲ agent    proposal   2026-11-23T05:32:00.000Z  vaJPtef-  revision 1, low risk: repository.write_file, action ",
      "■ runtime  preview    2026-11-23T05:33:00.000Z  b7dKD2-D  src/checkout.js 0b7a924f3c43 → 3e8c0ad1a143; open until 2026-11-23T05:48:00.000Z",
      "● human    decision   2026-11-23T05:34:00.000Z  f3zNtNnY  request_changes by reviewer@example.com (session), action ",
      "■ runtime  execution  2026-11-23T05:35:00.000Z  b7dKD2-D  withheld: nothing was written",
      "▲ agent    proposal   2026-11-23T05:36:00.000Z  vaJPtef-  revision 2",
      "■ runtime  preview    ",
      "● human    decision   2026-11-23T05:38:00.000Z  f3zNtNnY  approve by reviewer@example.com (session)",
      "■ runtime  execution  2026-11-23T05:39:00.000Z  b7dKD2-D  executed: src/checkout.js 0b7a924f3c43 → f57cd756aaa6",
      "■ runtime  outcome    2026-11-23T05:40:00.000Z  b7dKD2-D  resolved: 6 of 40 requests failed before, 0 of 40 after",
      "▲ agent    handoff    2026-11-23T05:41:00.000Z  vaJPtef-  repository ",
    ];
    for (const [seq, line] of lines.entries()) {
      expect(line).toContain(`✓ ${String(seq).padStart(4)}  ${words[seq]}`);
    }
  });

  it("says what was not checked, and ends with the head, the verdict and the result", async () => {
    const { head, notChecked } = await verify(approved, TRUST);
    const { stdout } = await judge(approved);
    const [, after = ""] = stdout.split("\nnot checked\n");
    expect(after.split("\n").slice(0, notChecked.length)).toEqual(notChecked.map((line) => `  · ${line}`));
    expect(stdout.trimEnd().split("\n").slice(-2)).toEqual([
      `8 receipts, head ${head}`,
      "valid: approved by reviewer@example.com and executed, resolved: 6 of 40 requests failed before, 0 of 40 after",
    ]);
  });

  it("marks the receipt that fails, and those whose place cannot be judged after it", async () => {
    const { stdout } = await judge(broken);
    const marks = Array.from({ length: 8 }, (_, seq) => receiptLine(stdout, seq)[0]);
    expect(marks.join("")).toBe("✓✓✓✓✗···");
    expect(stdout).toContain("✗ ERR_PROPOSAL at receipt 4: decision: expected the open proposal sha256:");
    expect(stdout).toContain("· the places of the 3 receipts after receipt 4, where the chain breaks");
    expect(stdout).toMatch(/\ninvalid: .*\n$/);
  });

  it("repeats nothing of a receipt whose signature does not hold", async () => {
    const forged = writeChain(
      amend(SCENARIOS.approved, 0, {
        edit: put("predicate.title", "All is well"),
        forge: () => new Uint8Array(64).fill(2),
      }),
    ).bundle;
    const { code, stdout } = await judge(forged);
    expect(code).toBe(1);
    expect(receiptLine(stdout, 0)).toBe("✗    0  ERR_SIGNATURE");
    expect(stdout).not.toContain("All is well");
  });

  it("names no call from an artifact that is altered or missing", async () => {
    const { bundle } = writeChain(SCENARIOS.approved, {
      bundle: (value) => put("artifacts", {})(value, { digests: [] }),
    });
    const { code, stdout } = await judgeAt(200, bundle);
    expect(code).toBe(1);
    expect(receiptLine(stdout, 2)).toContain("low risk: a call that is not in the bundle, action ");
  });

  it("with --json is the library's report and nothing else", async () => {
    for (const bundle of [approved, open, broken, drop("receipts.3.payload")(approved, { digests: [] })]) {
      const { stdout, stderr } = await judge(bundle, "--json");
      expect(JSON.parse(stdout)).toEqual(await verify(bundle, TRUST));
      expect(stderr).toBe("");
    }
  });

  it("with --json has a check for what was expected, and one for each requirement", async () => {
    const head = `3:${digests[3]}`;
    const flags = ["--json", "--expect-head", head, "--require", "executed", "--require-call", "a.b"];
    const report: Report = JSON.parse((await judge(rejected, ...flags)).stdout);
    const checks = report.checks.filter(({ id }) => id === "head" || id === "require");
    expect(report.verdict).toBe("valid");
    expect(checks).toEqual([
      { id: "head", ok: true, message: `receipt 3 is the expected ${digests[3]}` },
      { id: "require", ok: false, code: "ERR_REQUIRE", message: "required an executed call, got none" },
      {
        id: "require",
        ok: false,
        code: "ERR_REQUIRE",
        message: "required that a.b was executed; it was not",
      },
    ]);
    const other: Report = JSON.parse(
      (await judge(rejected, "--json", "--expect-head", `3:${digest("0")}`)).stdout,
    );
    expect(other.verdict).toBe("invalid");
    expect(other.checks.filter(({ ok }) => !ok)).toMatchObject([{ id: "head", code: "ERR_HEAD" }]);
  });

  it("is nothing at all with --json, when the input is unusable", async () => {
    const { code, stdout, stderr } = await judge("not JSON", "--json");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("expected JSON, got other text");
  });

  it("may go to a reader that stops reading", async () => {
    const many = put("receipts", new Array(20_000).fill(null))(approved, { digests: [] });
    const command = `"$0" src/cli/verify.ts "$1" --trust "$2" | head -n 1`;
    const paths = [writeDocument(many), writeDocument(TRUST, "trust.json")];
    const child = spawn("sh", ["-c", command, process.execPath, ...paths], { stdio: "pipe" });
    let printed = "";
    let complaint = "";
    child.stdout.on("data", (chunk) => (printed += chunk));
    child.stderr.on("data", (chunk) => (complaint += chunk));
    await once(child, "close");
    expect({ printed, complaint }).toEqual({ printed: "run run-1\n", complaint: "" });
  });
});
