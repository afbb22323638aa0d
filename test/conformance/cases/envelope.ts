// The envelope around a receipt: its shape, its payload type, and the one spelling of its base64.
import { type ConformanceCase, faults } from "../case.ts";
import { all, change, changeList, changeText, drop, type Edit, type Json, put } from "../json-edit.ts";
import { SEQ } from "../scenarios.ts";

const { evidence, preview, handoff } = SEQ;

const shapes: readonly (readonly [name: string, edit: Edit])[] = [
  ["a number in its place", put("", 7)],
  ["null in its place", put("", null)],
  ["an array in its place", change("", (old) => [old])],
  ["its JSON text in its place", change("", (old) => JSON.stringify(old))],
  ["an unknown member", put("comment", "hello")],
  ["a member named __proto__", put("__proto__", {})],
  ["no payload", drop("payload")],
  ["a payload that is an object", put("payload", {})],
  ["no payload type", drop("payloadType")],
  ["a payload type that is null", put("payloadType", null)],
  ["no signatures", drop("signatures")],
  ["an empty list of signatures", put("signatures", [])],
  ["the signature twice", changeList("signatures", (old) => [...old, ...old])],
  ["a signature that is not in a list", changeList("signatures", ([only = null]) => [[only]])],
  ["an unknown member of the signature", put("signatures.0.cert", "x")],
  ["no key id", drop("signatures.0.keyid")],
  ["an empty key id", put("signatures.0.keyid", "")],
  ["a padded key id", changeText("signatures.0.keyid", (old) => `${old}=`)],
  ["no sig", drop("signatures.0.sig")],
  ["a sig that is a list of bytes", put("signatures.0.sig", new Array<Json>(64).fill(0))],
];

export const envelopeCases: readonly ConformanceCase[] = [
  ...faults(
    "envelope",
    shapes.map(([name, envelope]) => ({
      name,
      why: "An envelope has exactly payloadType, payload and one signature of keyid and sig.",
      code: "ERR_ENVELOPE",
      seq: evidence,
      step: { envelope },
    })),
  ),
  ...faults(
    "payload type",
    [
      ["another type, and signed so", "application/json"],
      ["other letter case, and signed so", "application/vnd.in-toto+JSON"],
      ["a parameter, and signed so", "application/vnd.in-toto+json;charset=utf-8"],
      ["an empty type, and signed so", ""],
    ].map(([name = "", payloadType = ""]) => ({
      name,
      why: "The payload type is application/vnd.in-toto+json, to the letter.",
      code: "ERR_PAYLOAD_TYPE",
      seq: preview,
      step: { payloadType },
    })),
  ),
  ...faults(
    "base64",
    spellings().map(([name, envelope]) => ({
      name,
      why: "Base64 is the standard alphabet, padded, and encoding it again gives the same text.",
      code: "ERR_BASE64",
      seq: handoff,
      step: { envelope },
    })),
  ),
];

function spellings(): (readonly [name: string, edit: Edit])[] {
  const sig = "signatures.0.sig";
  return [
    ["a payload with a trailing newline", changeText("payload", (old) => `${old}\n`)],
    ["a payload with a leading space", changeText("payload", (old) => ` ${old}`)],
    [
      "a payload broken into lines",
      changeText("payload", (old) => `${old.slice(0, 76)}\r\n${old.slice(76)}`),
    ],
    [
      "a payload with four spaces inside",
      changeText("payload", (old) => `${old.slice(0, 8)}    ${old.slice(8)}`),
    ],
    ["a payload cut within a group", changeText("payload", (old) => old.slice(0, -3))],
    ["a payload with a character outside the alphabet", changeText("payload", (old) => `*${old.slice(1)}`)],
    ["a payload with a letter that is not ASCII", changeText("payload", (old) => `é${old.slice(1)}`)],
    ["a payload with a group of nothing but padding", changeText("payload", (old) => `${old}====`)],
    ["a payload with padding in the middle", changeText("payload", (old) => `ew==${old}`)],
    ["a signature without padding", changeText(sig, (old) => old.replaceAll("=", ""))],
    ["a signature with half its padding", changeText(sig, (old) => old.slice(0, -1))],
    ["a signature in the URL alphabet", changeText(sig, (old) => old.replace("+", "-").replace("/", "_"))],
    ["a signature with trailing bits set", changeText(sig, setTrailingBits)],
    ["a signature of 63 bytes", changeText(sig, (old) => `${old.slice(0, 84)}`)],
    ["a signature of 65 bytes", changeText(sig, (old) => `${old.slice(0, 84)}AAA=`)],
    ["an empty signature", put(sig, "")],
    ["a signature in hexadecimal", all(put(sig, "0123456789abcdef".repeat(5)))],
  ];
}

/** 64 bytes leave four bits of the last letter unused; strict base64 has them zero. */
function setTrailingBits(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const last = text.charAt(85);
  return `${text.slice(0, 85)}${alphabet.charAt(alphabet.indexOf(last) + 1)}==`;
}
