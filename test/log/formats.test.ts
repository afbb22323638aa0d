// What is no note, key, checkpoint, policy or proof, each wrong in one way.
import { describe, expect, it } from "vitest";
import {
  checkCheckpoint,
  checkpointText,
  checkTlogProof,
  cosign,
  inclusionProof,
  isQuorum,
  readCheckpoint,
  readLogPolicy,
  readNote,
  readTlogProof,
  readVkey,
  signNote,
  writeLogPolicy,
  writeTlogProof,
} from "../../src/log/index.ts";
import { noteSigner } from "./note-signers.ts";
import { EXAMPLE, SUMDB } from "./public-logs.ts";
import { logOf } from "./tree-log.ts";

const ORIGIN = "agent.example/log";
const log = noteSigner(ORIGIN, 0x01, 1);
const [w1, w2, w3] = [2, 3, 4].map((byte) => noteSigner(`witness.example/w${byte - 1}`, 0x04, byte)) as [
  typeof log,
  typeof log,
  typeof log,
];
const tree = logOf(10);
const text = checkpointText({ origin: ORIGIN, size: 10, root: tree.root() });
const signed = signNote(text, log.key, log.sign);
const TIME = 1_764_000_000;
const cosigned = (...by: readonly (typeof log)[]) =>
  signed + by.map(({ key, sign }) => cosign(text, TIME, key, sign)).join("");
const listed = ({ key }: typeof log) => ({ key, url: null });
const policyText = writeLogPolicy(listed(log), [w1, w2, w3].map(listed), 2);

function policyOf(written: string) {
  const policy = readLogPolicy(written);
  if (!policy.ok) throw new Error(policy.refusal.message);
  return policy.value;
}

describe("notes and keys", () => {
  const { note } = EXAMPLE;
  it.each([
    ["no blank line", note.replace("\n\n", "\n")],
    ["no signature", "text\n\n"],
    ["no newline at the end", note.slice(0, -1)],
    ["a hyphen for the dash", note.replace("—", "-")],
    ["two spaces", note.replace("foo ", "foo  ")],
    ["a name with a plus", note.replace("example.com/foo", "example.com+foo")],
    ["a name with a no-break space", note.replace("example.com/foo", "example\u00a0foo")],
    ["a signature that is not base64", note.replace("Uw2Q", "Uw-Q")],
    ["a signature without a key id", note.replace(/Uw2Q.*/, "Uw==")],
    ["a tab", note.replace("an ", "an\t")],
    ["a carriage return", note.replace(".\n", ".\r\n")],
    ["a lone surrogate", note.replace("This", "\ud800")],
    ["a line after the signatures", `${note}more\n`],
  ])("refuses a note with %s", (_, wrong) => {
    expect(readNote(wrong)).toMatchObject({ refusal: { code: "ERR_NOTE" } });
  });

  it.each([
    ["another id", EXAMPLE.key.replace("530d903a", "530d903b")],
    ["an id in capitals", EXAMPLE.key.replace("530d903a", "530D903A")],
    ["another name", EXAMPLE.key.replace("foo", "bar")],
    ["a name with a space", EXAMPLE.key.replace("/foo", " foo")],
    ["a type that is not ours", "a+00000000+Av////8="],
    [
      "a key of small order",
      `a+00000000+${Buffer.concat([Buffer.of(1, 1), Buffer.alloc(31)]).toString("base64")}`,
    ],
    ["nothing", ""],
  ])("refuses a key with %s", (_, wrong) => {
    expect(readVkey(wrong)).toMatchObject({ refusal: { code: "ERR_VKEY" } });
  });

  it.each([
    ["no root", "o\n1\n"],
    ["a leading zero", `o\n01\n${text.split("\n")[2]}\n`],
    ["a size that is no safe integer", `o\n9007199254740992\n${text.split("\n")[2]}\n`],
    ["an empty origin", text.replace(ORIGIN, "")],
    ["a root of 31 bytes", `o\n1\n${Buffer.alloc(31).toString("base64")}\n`],
    ["an empty extension line", `${text}\nmore\n`],
    ["no newline at its end", text.slice(0, -1)],
  ])("refuses a checkpoint with %s", (_, wrong) => {
    expect(readCheckpoint(wrong)).toMatchObject({ refusal: { code: "ERR_CHECKPOINT" } });
  });
});

describe("policies", () => {
  it("reads comments, white space and nested groups", () => {
    const policy = policyOf(
      `# ours\n\t log  ${log.key.text}\thttps://agent.example/log\n\nwitness a ${w1.key.text}\nwitness b ${w2.key.text}\nwitness c ${w3.key.text}\ngroup g any a b\ngroup all all g c\nquorum all`,
    );
    expect(policy.logs[0]?.url).toBe("https://agent.example/log");
    expect(["a,b", "a,c", "c,b", "c"].map((names) => isQuorum(policy, new Set(names.split(","))))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isQuorum(policyOf("quorum none"), new Set())).toBe(true);
  });

  it.each([
    ["no quorum", `log ${log.key.text}\n`],
    ["two quorums", "quorum none\nquorum none\n"],
    ["a quorum that is defined later", `quorum a\nwitness a ${w1.key.text}\n`],
    ["a key twice", `log ${log.key.text}\nlog ${log.key.text}\nquorum none\n`],
    ["a witness's key under two names", `witness a ${w1.key.text}\nwitness b ${w1.key.text}\nquorum none\n`],
    ["a name twice", `witness a ${w1.key.text}\nwitness a ${w2.key.text}\nquorum a\n`],
    ["a witness called none", `witness none ${w1.key.text}\nquorum none\n`],
    ["a log's key as a witness's", `witness a ${log.key.text}\nquorum a\n`],
    ["a witness's key as a log's", `log ${w1.key.text}\nquorum none\n`],
    ["a threshold of 0", `witness a ${w1.key.text}\ngroup g 0 a\nquorum g\n`],
    ["a threshold above its members", `witness a ${w1.key.text}\ngroup g 2 a\nquorum g\n`],
    ["a group without members", "group g any\nquorum g\n"],
    ["a member of two groups", `witness a ${w1.key.text}\ngroup g any a\ngroup h any a\nquorum g\n`],
    ["an unknown member", "group g any a\nquorum g\n"],
    ["an unknown word", "logs\nquorum none\n"],
    ["something after a url", `log ${log.key.text} url more\nquorum none\n`],
    ["a carriage return", "quorum none\r\n"],
  ])("refuses one with %s", (_, wrong) => {
    expect(readLogPolicy(wrong)).toMatchObject({ refusal: { code: "ERR_TLOG_POLICY" } });
  });
});

describe("proofs", () => {
  const index = 3;
  const entry = tree.entries[index] ?? new Uint8Array();
  const proof = writeTlogProof({
    index,
    hashes: inclusionProof(tree.read, index, 10),
    checkpoint: cosigned(w1, w3),
  });
  const policy = policyOf(policyText);

  /** The same signature under a time a second later. */
  const later = (encoded: string) => {
    const bytes = Buffer.from(encoded, "base64");
    bytes.writeUInt8(bytes.readUInt8(11) + 1, 11);
    return bytes.toString("base64");
  };

  it("says which log has the entry, and which witnesses saw it when", async () => {
    expect(await checkTlogProof(policy, entry, proof)).toEqual({
      ok: true,
      value: {
        origin: ORIGIN,
        index,
        size: 10,
        witnesses: [w1, w3].map(({ key }) => ({ name: key.name, time: TIME })),
      },
    });
    const extra = proof.replace("index", "extra aGVsbG8=\nindex");
    expect(await checkTlogProof(policy, entry, extra)).toMatchObject({ ok: true });
  });

  it.each([
    ["another header", proof.replace("@v1", "@v2")],
    ["extra data that is not base64", proof.replace("index", "extra *\nindex")],
    ["no index", proof.replace("index 3\n", "")],
    ["an index with a leading zero", proof.replace("index 3", "index 03")],
    ["a hash that is not base64", proof.replace(/(index 3\n)./, "$1-")],
    [
      "64 hashes",
      proof.replace("index 3\n", `index 3\n${`${SUMDB.checkpoint.split("\n")[2]}\n`.repeat(64)}`),
    ],
    ["nothing", ""],
  ])("refuses to read one with %s", (_, wrong) => {
    expect(readTlogProof(wrong)).toMatchObject({ refusal: { code: "ERR_TLOG_PROOF" } });
  });

  it.each([
    ["another place", proof.replace("index 3", "index 2"), "not at 2"],
    ["a hash too few", proof.replace(/(index 3\n).*\n/, "$1"), "not at 3"],
    ["another size", proof.replace("\n10\n", "\n11\n"), "signed this"],
    ["one witness", proof.replace(cosigned(w1, w3), cosigned(w1)), "no quorum"],
    ["one witness twice", proof.replace(cosigned(w1, w3), cosigned(w1, w1)), "no quorum"],
    ["witnesses alone", proof.replace(/— agent.*\n/, ""), "signed this"],
    ["a cosignature at another time", proof.replace(/(?<=w1 )\S+/, later), "does not hold"],
    ["no checkpoint", proof.replace(cosigned(w1, w3), ""), "blank line"],
  ])("refuses one with %s", async (_, wrong, why) => {
    expect(wrong).not.toBe(proof);
    expect(await checkTlogProof(policy, entry, wrong)).toMatchObject({
      refusal: { code: "ERR_TLOG_PROOF", message: expect.stringContaining(why) },
    });
  });

  it("refuses another entry, a log that the policy does not list, and one that signed under another origin", async () => {
    expect(await checkTlogProof(policy, Uint8Array.of(1), proof)).toMatchObject({ ok: false });
    expect(await checkTlogProof(policyOf("quorum none"), entry, proof)).toMatchObject({ ok: false });
    const other = checkpointText({ origin: "other.example", size: 10, root: tree.root() });
    const anyWitness = policyOf(`log ${log.key.text}\nquorum none\n`);
    expect(await checkCheckpoint(anyWitness, signNote(other, log.key, log.sign))).toMatchObject({
      ok: false,
    });
    expect(await checkCheckpoint(anyWitness, signed)).toMatchObject({ ok: true });
  });
});
