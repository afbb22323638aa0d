// The command line: what it prints, what it exits with, and which arguments it takes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { verify } from "../../src/chain/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { drop, put } from "../conformance/json-edit.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";
import { judge, runVerify, writeDocument } from "./run-cli.ts";

const approved = writeChain(SCENARIOS.approved).bundle;
const open = writeChain(SCENARIOS.approved.slice(0, 4)).bundle;
const broken = writeChain(
  amend(SCENARIOS.approved, SEQ.decision, { edit: put("predicate.proposal", `sha256:${"0".repeat(64)}`) }),
).bundle;

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
  ])("may not be %s", async (_, args, why) => {
    const { code, stdout, stderr } = await runVerify(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(why);
  });

  it("print the usage when asked for help", async () => {
    const { code, stdout } = await runVerify(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("exit codes: 0 valid, 1 invalid, 2 unusable input or arguments, 3 incomplete");
  });

  it("take the bundle from standard input", async () => {
    const trust = writeDocument(TRUST, "trust.json");
    const { code } = await runVerify(["-", "--trust", trust], JSON.stringify(approved));
    expect(code).toBe(0);
  });
});

describe("what is printed", () => {
  it("is a line per receipt: seal, kind, time, signer, and what it bound", async () => {
    const { stdout } = await judge(writeChain(SCENARIOS.revisedOnce).bundle);
    const lines = Array.from({ length: 12 }, (_, seq) => receiptLine(stdout, seq));
    const words = [
      "▲ agent    alert      2026-11-23T05:30:00.000Z  vaJPtef-  Checkout answers 500, from workers-observability; policy ",
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

  it("says what was not checked, and ends with the verdict and the head", async () => {
    const { head, notChecked } = await verify(approved, TRUST);
    const { stdout } = await judge(approved);
    const [, after = ""] = stdout.split("\nnot checked\n");
    expect(after.split("\n").slice(0, notChecked.length)).toEqual(notChecked.map((line) => `  · ${line}`));
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(`valid: 8 receipts, head ${head}`);
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
    const { code, stdout } = await judge(bundle);
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
