// The envelope around a receipt (rules 1–4): its shape, its payload type, and the one spelling of its base64.
import { accepted, faults, type Row } from "../case.ts";
import { change, changeList, changeText, drop, type Edit, isRecord, type Json, put } from "../json-edit.ts";
import { SEQ } from "../scenarios.ts";

const { evidence, preview, handoff } = SEQ;
const keyid = "signatures.0.keyid";
const sig = "signatures.0.sig";
/** A payload of so many bytes that is canonical JSON, a text, and no statement. */
const longText = (bytes: number) => ({ payload: () => `"${"a".repeat(bytes - 2)}"` });

const shapes: readonly (readonly [name: string, edit: Edit])[] = [
  ["a number in its place", put("", 7)],
  ["null in its place", put("", null)],
  ["an array in its place", change("", (old) => [old])],
  ["its JSON text in its place", change("", (old) => JSON.stringify(old))],
  ["an unknown member", put("comment", "hello")],
  ["a member named __proto__", put("__proto__", {})],
  ["no payload", drop("payload")],
  ["a payload that is an object", put("payload", {})],
  ["a payload that is null", put("payload", null)],
  ["no payload type", drop("payloadType")],
  ["a payload type that is null", put("payloadType", null)],
  ["no signatures", drop("signatures")],
  ["an empty list of signatures", put("signatures", [])],
  ["the signature twice", changeList("signatures", (old) => [...old, ...old])],
  ["a signature that is not in a list", changeList("signatures", ([only = null]) => [[only]])],
  [
    "signatures by number",
    change("signatures", (old) => ({ "0": Array.isArray(old) ? (old[0] ?? null) : null })),
  ],
  ["an unknown member of the signature", put("signatures.0.cert", "x")],
  ["no key id", drop(keyid)],
  ["an empty key id", put(keyid, "")],
  ["a key id of 42 characters", changeText(keyid, (old) => old.slice(1))],
  ["a padded key id", changeText(keyid, (old) => `${old}=`)],
  ["a key id with a trailing newline", changeText(keyid, (old) => `${old.slice(0, 42)}\n`)],
  ["a key id and a newline", changeText(keyid, (old) => `${old}\n`)],
  ["a key id in the standard alphabet", changeText(keyid, (old) => `+${old.slice(1)}`)],
  ["a key id with a letter that is not ASCII", changeText(keyid, (old) => `é${old.slice(1)}`)],
  ["a key id with a lone surrogate", changeText(keyid, (old) => `\ud800${old.slice(1)}`)],
  ["no sig", drop(sig)],
  ["a sig that is a list of bytes", put(sig, new Array<Json>(64).fill(0))],
  ["a sig of 67 bytes, in 92 characters", changeText(sig, (old) => `${old.slice(0, 84)}AAAAAA==`)],
  ["a sig with a space after it, 89 characters", changeText(sig, (old) => `${old} `)],
];

const payloads: readonly (readonly [name: string, how: (old: string) => string])[] = [
  ["a trailing newline", (old) => `${old}\n`],
  ["a leading space", (old) => ` ${old}`],
  ["a line break inside", (old) => `${old.slice(0, 76)}\r\n${old.slice(76)}`],
  ["four spaces inside", (old) => `${old.slice(0, 8)}    ${old.slice(8)}`],
  ["a group cut short", (old) => old.slice(0, -3)],
  ["a character outside the alphabet", (old) => `*${old.slice(1)}`],
  ["the URL alphabet's minus", (old) => `-${old.slice(1)}`],
  ["a letter that is not ASCII", (old) => `é${old.slice(1)}`],
  ["a lone surrogate", (old) => `\ud800${old.slice(1)}`],
  ["a letter of full width", (old) => `Ａ${old.slice(1)}`],
  ["a group of nothing but padding", (old) => `${old}====`],
  ["padding in the middle", (old) => `ew==${old}`],
  ["nothing but padding", () => "=="],
];

const sigs: readonly (readonly [name: string, edit: Edit])[] = [
  ["without padding", changeText(sig, (old) => old.replaceAll("=", ""))],
  ["with half its padding", changeText(sig, (old) => old.slice(0, -1))],
  ["in the URL alphabet", changeText(sig, (old) => `-_${old.slice(2)}`)],
  ["with trailing bits set", changeText(sig, setTrailingBits)],
  ["of 63 bytes", changeText(sig, (old) => `${old.slice(0, 84)}`)],
  ["of 65 bytes, in 88 characters", changeText(sig, (old) => `${old.slice(0, 84)}AAA=`)],
  ["of no bytes", put(sig, "")],
  ["in hexadecimal", put(sig, "0123456789abcdef".repeat(5))],
  ["with a lone surrogate", changeText(sig, (old) => `\udc00${old.slice(1)}`)],
];

const types: readonly (readonly [name: string, payloadType: string])[] = [
  ["another type", "application/json"],
  ["other letter case", "application/vnd.in-toto+JSON"],
  ["a parameter", "application/vnd.in-toto+json;charset=utf-8"],
  ["a trailing space", "application/vnd.in-toto+json "],
  ["an empty type", ""],
];

const row =
  (rule: number, seq: number) =>
  ([name, envelope]: readonly [string, Edit]): Row => [rule, name, seq, { envelope }];

export const envelopeCases = [
  ...faults(
    "envelope",
    "An envelope has exactly payloadType, payload and one signature of keyid and sig.",
    shapes.map(row(1, evidence)),
  ),
  ...faults("payload", "A payload has at most 1,398,104 characters of base64.", [
    [10, "the longest payload, which is no statement", evidence, longText(1_048_578)],
    [1, "a group of base64 more than the longest payload", evidence, longText(1_048_579)],
    [
      1,
      "a character more than the longest payload, and so no base64",
      evidence,
      { ...longText(1_048_578), envelope: changeText("payload", (old) => `${old}A`) },
    ],
  ]),
  ...faults(
    "payload type",
    "The payload type is application/vnd.in-toto+json, to the letter.",
    types.map(([name, payloadType]): Row => [2, `${name}, and signed so`, preview, { payloadType }]),
  ),
  ...faults("payload type", "The payload type is application/vnd.in-toto+json, to the letter.", [
    [2, "a lone surrogate", preview, { envelope: put("payloadType", "\ud800") }],
  ]),
  ...faults(
    "base64 of the payload",
    "Base64 is the standard alphabet, padded, and encoding it again gives the same text.",
    payloads.map(([name, how]): Row => [3, name, handoff, { envelope: changeText("payload", how) }]),
  ),
  ...faults(
    "base64 of the signature",
    "A signature is 64 bytes, in base64 that is spelled in one way.",
    sigs.map(row(4, handoff)),
  ),
  ...accepted("envelope", "A bundle's own spelling is never hashed.", [
    [
      "members in another order",
      evidence,
      {
        envelope: change("", (old) =>
          isRecord(old) ? Object.fromEntries(Object.entries(old).reverse()) : old,
        ),
      },
    ],
  ]),
];

/** 64 bytes leave four bits of the last letter unused; strict base64 has them zero. */
function setTrailingBits(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const last = text.charAt(85);
  return `${text.slice(0, 85)}${alphabet.charAt(alphabet.indexOf(last) + 1)}==`;
}
