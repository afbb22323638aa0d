// Documents of unknown origin: read in bounded time and memory, or refused with a sentence that says why.
import { describe, expect, it } from "vitest";
import { MAX_ENTRIES } from "../../src/chain/bundle.ts";
import { MAX_DOCUMENT, readBundle, readDocument, readTrustPolicy } from "../../src/chain/index.ts";
import { MAX_VALUES } from "../../src/chain/read-document.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function refusal(document: Uint8Array): string {
  const read = readDocument(document);
  return read.ok ? `accepted ${JSON.stringify(read.value)}` : read.refusal.message;
}

describe("a document", () => {
  it("is JSON in UTF-8, with or without a byte order mark", () => {
    expect(readDocument(bytes('{"a":["é"]}'))).toEqual({ ok: true, value: { a: ["é"] } });
    expect(readDocument(bytes('\uFEFF{"a":1}'))).toEqual({ ok: true, value: { a: 1 } });
  });

  it("keeps a member named __proto__ as one of its own", () => {
    const read = readDocument(bytes('{"__proto__":1}'));
    expect(read.ok && Object.keys(read.value as object)).toEqual(["__proto__"]);
  });

  it.each([
    ["nothing", bytes(""), "an empty document"],
    ["white space", bytes(" \n"), "an empty document"],
    ["a web page", bytes("\n<!doctype html><title>Sign in</title>"), "what looks like a web page"],
    ["half a document", bytes('{"mediaType":'), "other text"],
    ["an endless nest", bytes("[".repeat(1_000_000)), "other text"],
    ["a malformed sequence", Uint8Array.of(0x22, 0xff, 0x22), "expected JSON in UTF-8, got other bytes"],
    ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0), "expected JSON in UTF-8, got other bytes"],
  ])("is not %s", (_, document, why) => {
    expect(refusal(document)).toContain(why);
  });

  it.each([
    ["at the top", '{"run":"run-1","run":"run-2"}', '"run" again at character 15'],
    ["with the same value", '{"a":1,"a":1}', '"a" again at character 7'],
    ["in another spelling", '{"a":1,"\\u0061":2}', '"a" again at character 7'],
    ["at any depth", '{"a":[[{"b":{"a":1,"c":2,"a":3}}]]}', '"a" again at character 25'],
    ["behind a byte order mark", '\uFEFF{"__proto__":1,"__proto__":2}', '"__proto__" again at character 15'],
    ["however long the name", `{${'"\\n":1,'.replace("n", "n".repeat(999)).repeat(2)}"":0}`, 'n" again'],
  ])("has no name twice in one object, %s", (_, text, why) => {
    expect(readDocument(bytes(text))).toMatchObject({ ok: false, refusal: { code: "ERR_DOCUMENT" } });
    expect(refusal(bytes(text))).toContain(`expected each name once in an object, got `);
    expect(refusal(bytes(text))).toContain(why);
    expect(refusal(bytes(text)).length).toBeLessThan(200);
  });

  it("may have one name in many objects", () => {
    const text = '[{"a":{"a":["a","a",{"a":"a"}]}},{"a":"a"}]';
    expect(readDocument(bytes(text))).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it("has at most 64 MiB and two million values", () => {
    expect([MAX_DOCUMENT, MAX_VALUES]).toEqual([67_108_864, 2_000_000]);
  });

  it("has a largest size, which is refused unread", () => {
    const spaces = (length: number) => {
      const document = new Uint8Array(length).fill(0x20);
      document[0] = 0x30;
      return document;
    };
    expect(readDocument(spaces(MAX_DOCUMENT))).toEqual({ ok: true, value: 0 });
    expect(refusal(spaces(MAX_DOCUMENT + 1))).toBe(
      `expected at most ${MAX_DOCUMENT} bytes, got ${MAX_DOCUMENT + 1}`,
    );
  });

  it.each([
    ["an array of nulls", (n: number) => `[${"null,".repeat(n - 2)}null]`],
    ["an array of arrays", (n: number) => `[${"[0],".repeat(Math.floor((n - 1) / 2) - 1)}[0]]`],
    ["an object of texts", (n: number) => `{${Array.from({ length: n - 1 }, (_, i) => `"${i}":""`)}}`],
    ["a nest of arrays", (n: number) => "[".repeat(n - 1) + "]".repeat(n - 1)],
    ["a nest of objects", (n: number) => `${'{"":'.repeat(n - 1)}1${"}".repeat(n - 1)}`],
  ])("holds a bounded number of values, as %s too", (_, write) => {
    expect(readDocument(bytes(write(MAX_VALUES))).ok).toBe(true);
    expect(refusal(bytes(write(MAX_VALUES + 2)))).toContain(`at most ${MAX_VALUES} JSON values`);
  });
});

describe("the largest documents that are read", () => {
  const bundle = (receipts: unknown, artifacts: unknown) => ({
    mediaType: "application/vnd.countersign.bundle+json;version=2",
    run: "run-1",
    receipts,
    artifacts,
    anchors: [],
  });
  const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, ""]));

  it("make a bundle of a bounded number of receipts", () => {
    expect(readBundle(bundle(new Array(MAX_ENTRIES).fill(null), {})).ok).toBe(true);
    expect(readBundle(bundle(new Array(MAX_ENTRIES + 1).fill(null), {}))).toMatchObject({
      refusal: { code: "ERR_BUNDLE" },
    });
  });

  it("make a bundle of a bounded number of artifacts", () => {
    expect(readBundle(bundle([], named(MAX_ENTRIES))).ok).toBe(true);
    expect(readBundle(bundle([], named(MAX_ENTRIES + 1)))).toMatchObject({ refusal: { code: "ERR_BUNDLE" } });
  });

  it.each([
    ["a nest", () => JSON.parse("[".repeat(500_000) + "]".repeat(500_000))],
    ["many names", () => ({ ...bundle([], {}), ...named(200_000) })],
    ["a long name", () => ({ ...bundle([], {}), ["x".repeat(10_000_000)]: 1 })],
  ])("are refused briefly as a bundle and as a trust policy, when they are %s", (_, make) => {
    const value: unknown = make();
    for (const read of [readBundle(value), readTrustPolicy(value)]) {
      expect(read.ok).toBe(false);
      if (!read.ok) expect(read.refusal.message.length).toBeLessThan(500);
    }
  });
});
