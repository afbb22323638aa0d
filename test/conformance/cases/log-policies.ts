// Log policies that are none (§13.3): a trust policy with one is unsound.
import type { Json } from "../json-edit.ts";
import { LOG, noteSigner, ORIGIN, vkeyOf, WITNESSES } from "../log-writer.ts";

const stranger = noteSigner("witness.example/w9", 4, 0x99);
const [w1, w2, w3] = WITNESSES.map((witness, i) => `witness w${i + 1} ${vkeyOf(witness)}\n`);
const POLICY = `log ${vkeyOf(LOG)}\n${w1}${w2}${w3}group any-two 2 w1 w2 w3\nquorum any-two\n`;

/** Texts that are no log policy: the trust policy is unsound. */
export const badLogPolicies: readonly (readonly [name: string, log: Json])[] = [
  ["false", false],
  ["an empty text", ""],
  ["100001 units", `${POLICY}#${"x".repeat(100_000 - POLICY.length)}`],
  ["a lone surrogate", `${POLICY}# \ud800\n`],
  ["a carriage return", POLICY.replaceAll("\n", "\r\n")],
  ["a U+007F", `${POLICY}# \u007f\n`],
  ["no quorum", POLICY.replace("quorum any-two\n", "")],
  ["two quorums", `${POLICY}quorum any-two\n`],
  ["a quorum that is defined later", `quorum w1\n${w1}`],
  ["an unknown quorum", "quorum w1\n"],
  ["an unknown word", `${POLICY}policy x\n`],
  ["a word in capitals", POLICY.replace("log", "LOG")],
  ["a log without a key", `log\n${POLICY}`],
  ["a log with too much", POLICY.replace("\n", " https://x more\n")],
  ["a log twice", `log ${vkeyOf(LOG)}\n${POLICY}`],
  ["a log's key under two names", `log ${vkeyOf(noteSigner("x", 1, 0x91))}\n${POLICY}`],
  ["a witness's key as a log's", `log ${vkeyOf(stranger)}\n${POLICY}`],
  ["a log's key as a witness's", `witness x ${vkeyOf(LOG)}\n${POLICY}`],
  ["a witness twice", `${w1}${POLICY}`],
  ["a witness's key under two names", `witness x ${vkeyOf(noteSigner("x", 4, 0x92))}\n${POLICY}`],
  ["two witnesses of one name", `witness w1 ${vkeyOf(stranger)}\n${POLICY}`],
  ["a witness called none", `witness none ${vkeyOf(stranger)}\n${POLICY}`],
  ["a group without members", `group g any\n${POLICY}`],
  ["a group of none", `${w1}group g 0 w1\nquorum g\n`],
  ["a group of more than all", `${w1}group g 2 w1\nquorum g\n`],
  ["a threshold with a leading zero", `${w1}group g 01 w1\nquorum g\n`],
  ["an unknown member", `group g any x\n${POLICY}`],
  ["a member twice", `${w1}group g any w1 w1\nquorum g\n`],
  ["a member of two groups", `${w1}group g any w1\ngroup h any w1\nquorum g\n`],
  ["a key with another id", POLICY.replace(/(?<=\+)[0-9a-f]{8}(?=\+)/, "00000000")],
  [
    "a key id in capitals",
    POLICY.replace(/(?<=\+)[0-9a-f]{8}(?=\+)/, (id) => `F${id.slice(1).toUpperCase()}`),
  ],
  [
    "a key in base64url",
    POLICY.replace(
      /(?<=\+)A[\w+/]+(?==*\n)/,
      (key) => `${key.replaceAll("/", "_").replaceAll("+", "-").slice(0, -1)}-`,
    ),
  ],
  ["a key without a name", POLICY.replace(`log ${ORIGIN}`, "log ")],
  ["a key with a line separator in its name", POLICY.replace(`log ${ORIGIN}`, "log a\u2028b")],
  ["a key of another type", `log x+${"0".repeat(8)}+Bg==\n${POLICY}`],
];
