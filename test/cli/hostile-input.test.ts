// Files that mean harm: each ends in a refusal with a reason, within the memory that run-cli.ts allows.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plainJson, plainText } from "../../src/cli/plain-text.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { all, put } from "../conformance/json-edit.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";
import { judge, makeFolder, runVerify, UNSEEN, writeDocument } from "./run-cli.ts";

const MiB = 1024 * 1024;
const NOTHING = { digests: [] };
const chain = writeChain(SCENARIOS.approved);

/** The text of a bundle with this text as its receipts. */
const withReceipts = (receipts: string) =>
  `{"mediaType":"application/vnd.countersign.bundle+json;version=1","run":"run-1","receipts":${receipts},"artifacts":{}}`;

describe("a file of 50 MB", () => {
  it.each([
    ["junk", () => "x".repeat(50 * MiB), "expected JSON, got other text"],
    ["ten million receipts", () => withReceipts(`[${"null,".repeat(10 * MiB)}null]`), "JSON values"],
    ["a nest that closes", () => "[".repeat(25 * MiB) + "]".repeat(25 * MiB), "JSON values"],
    ["a nest inside a receipt", () => withReceipts(`[${'{"a":'.repeat(10 * MiB)}`), "JSON values"],
    [
      "a million names",
      () => `{${Array.from({ length: MiB }, (_, i) => `"${`${i}`.padStart(40, "x")}":0`)}}`,
      "ERR_BUNDLE",
    ],
    ["one name", () => `{"${"\\u001b".repeat(8 * MiB)}":0}`, "ERR_BUNDLE"],
  ])("of %s is unusable", async (_, make, why) => {
    const { code, stdout, stderr } = await judge(make());
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(why);
    expect(stderr.length).toBeLessThan(1000);
  });

  it("as one artifact is invalid, for it is altered", async () => {
    const [sha256 = ""] = [...chain.store.keys()];
    const { code, stdout } = await judge(
      put(`artifacts.${sha256}`, "A".repeat(50 * MiB))(chain.bundle, NOTHING),
    );
    expect(code).toBe(1);
    expect(stdout).toContain(`✗ ERR_ARTIFACT_ALTERED: the artifact ${sha256} does not hash to its name`);
  });

  it("of one lawful receipt, over and over, is invalid where it comes again", async () => {
    const last = JSON.stringify(chain.envelopes.at(-1));
    const copies = Math.floor((10 * MiB) / last.length);
    const receipts = [
      ...chain.envelopes.map((each) => JSON.stringify(each)),
      ...new Array(copies).fill(last),
    ];
    const { code, stdout } = await judge(withReceipts(`[${receipts}]`));
    expect(code).toBe(1);
    expect(stdout).toContain("ERR_ARTIFACT_MISSING at receipt 0");
  });
});

describe("a file", () => {
  it.each([
    [
      "of more than 64 MiB",
      () => writeDocument(new Uint8Array(64 * MiB + 1).fill(0x20)),
      "at most 67108864 bytes",
    ],
    ["that is a folder", () => makeFolder(), "EISDIR"],
    ["that is not there", () => join(makeFolder(), "bundle.json"), "ENOENT"],
  ])("%s is unusable", async (_, make, why) => {
    const { code, stdout, stderr } = await runVerify([make(), "--trust", writeDocument(TRUST, "trust.json")]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(why);
  });

  it.skipIf(!existsSync("/dev/zero"))("that never ends is unusable", async () => {
    const { code, stderr } = await runVerify(["/dev/zero", "--trust", writeDocument(TRUST, "trust.json")]);
    expect(code).toBe(2);
    expect(stderr).toContain("cannot read /dev/zero: expected at most 67108864 bytes, got more");
  });

  it.each([{ value: null }, { value: [[]] }, { value: { receipts: {} } }])(
    "that holds %j is unusable as a bundle and as a trust policy",
    async ({ value }) => {
      expect(await judge(value)).toMatchObject({ code: 2, stdout: "" });
      const args = [writeDocument(chain.bundle), "--trust", writeDocument(value, "trust.json")];
      expect(await runVerify(args)).toMatchObject({ code: 2, stdout: "" });
    },
  );
});

describe("a name that stands twice", () => {
  const text = JSON.stringify(chain.bundle);
  const trust = JSON.stringify(TRUST);

  it.each([
    ["in a bundle", text.replace('"run":', '"run":"run-0","run":'), trust],
    ["in a receipt", text.replace('"payload":', '"payload":"","payload":'), trust],
    ["in a signature, spelled otherwise", text.replace('"sig":', '"\\u0073ig":"","sig":'), trust],
    ["among the artifacts", text.replace(/"artifacts":{("[0-9a-f]{64}":)/, '"artifacts":{$1"",$1'), trust],
    ["in a trust policy", text, trust.replace('"issuer":', '"issuer":"somebody","issuer":')],
    ["in a key", text, trust.replace('"role":', '"role":"agent","role":')],
  ])("%s is unusable, though its last value would do", async (_, bundleText, trustText) => {
    expect([JSON.parse(bundleText), JSON.parse(trustText)]).toEqual([chain.bundle, TRUST]);
    expect(`${bundleText}${trustText}`).not.toBe(`${text}${trust}`);
    const args = [writeDocument(bundleText), "--trust", writeDocument(trustText, "trust.json")];
    const { code, stdout, stderr } = await runVerify(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^ERR_DOCUMENT: cannot use .*: expected each name once in an object, got "/);
  });
});

describe("100,000 junk receipts", () => {
  it("are invalid, and told without repeating each", async () => {
    const { code, stdout } = await judge(
      put("receipts", new Array(100_000).fill({ payloadType: 1 }))(chain.bundle, NOTHING),
    );
    expect(code).toBe(1);
    expect(stdout).toContain("✗ 99999  ERR_ENVELOPE\n");
    expect(stdout).toContain("  ✗ and 99980 more; --json has them all\n");
    expect(stdout.split("\n").length).toBeLessThan(100_100);
  });
});

describe("text that means harm to a terminal", () => {
  /** Clears the screen, sets the title, C1's CSI, turns the reading direction, breaks the line, hides, and lone surrogates. */
  const HARM =
    "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202evalid\u2066\u2028\r\nvalid: 8 receipts\u200b\u0000\u00ad";

  const signed = writeChain(
    amend(
      amend(
        amend(SCENARIOS.approved, 0, {
          edit: all(
            put("predicate.title", `title${HARM}`),
            put("predicate.source", HARM),
            put("predicate.startedBy.id", HARM),
          ),
        }),
        SEQ.evidence,
        { edit: put("predicate.items.0.connector", HARM.slice(0, 90)) },
      ),
      SEQ.decision,
      { edit: all(put("predicate.reason", HARM), put("predicate.reviewer.id", HARM)) },
    ),
  ).bundle;

  it("does not reach it from a signed receipt", async () => {
    const { code, stdout, stderr } = await judge(signed);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toContain("title�[2J�]0;owned");
    expect(stdout).not.toMatch(UNSEEN);
    expect(stdout.split("\n").filter((line) => line.startsWith("valid:"))).toHaveLength(1);
  });

  it.each([
    ["the issuer", (bundle: unknown) => [bundle, put("issuer", HARM)(TRUST, NOTHING)]],
    ["a bundle's unknown name", (bundle: unknown) => [{ ...(bundle as object), [HARM]: 1 }, TRUST]],
    [
      "an artifact's name",
      () => [put(`artifacts.${HARM.replaceAll(".", "")}`, "")(chain.bundle, NOTHING), TRUST],
    ],
    ["a payload type", () => [put("receipts.0.payloadType", HARM)(chain.bundle, NOTHING), TRUST]],
    ["a trust policy's unknown name", (bundle: unknown) => [bundle, put(HARM, 1)(TRUST, NOTHING)]],
  ])("does not reach it from %s, nor with --json", async (_, make) => {
    const [bundle, trust] = make(chain.bundle);
    const args = [writeDocument(bundle), "--trust", writeDocument(trust, "trust.json")];
    for (const flags of [[], ["--json"]]) {
      const { code, stdout, stderr } = await runVerify([...args, ...flags]);
      expect([1, 2]).toContain(code);
      expect(`${stdout}${stderr}`).not.toMatch(UNSEEN);
      expect(`${stdout}${stderr}`).toContain(stdout && flags.length > 0 ? "u001b" : "�");
    }
  });

  it("does not reach it from a file's name, nor from an argument", async () => {
    const name = "\u001b[31m\u202e.json";
    const { code, stderr } = await runVerify([name, "--trust", name]);
    expect(code).toBe(2);
    expect(stderr).not.toMatch(UNSEEN);
    expect((await runVerify([`--\u001b[2J`])).stderr).not.toMatch(UNSEEN);
  });

  it("is the same text to a reader of the JSON", () => {
    const value = { text: `${HARM}\u{e0001}é “”` };
    expect(plainJson(value)).not.toMatch(UNSEEN);
    expect(JSON.parse(plainJson(value))).toEqual(value);
  });

  it("is cut to a line that says it was cut", () => {
    expect(plainText("a".repeat(400))).toBe("a".repeat(400));
    expect(plainText("a".repeat(401))).toBe(`${"a".repeat(399)}…`);
    expect(plainText(`${"a".repeat(5)}😀`, 6)).toBe("aaaaa…");
  });

  it("shows that there is something where what stands there is drawn as nothing", () => {
    expect(plainText("ok\u3164\u115f\u2800\ufe0f\u{e0100}x")).toBe("ok�����x");
  });
});
