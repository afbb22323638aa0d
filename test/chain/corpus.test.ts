// The corpus of format 2 itself: the published file is what the generator writes, and every rule has its negative.
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { corpusCases, corpusJson } from "../conformance/corpus.ts";
import { bytesOf, ORDER, pointOf, sign } from "../conformance/p256.ts";
import { utf8 } from "../conformance/primitives.ts";
import { publish, readPublished } from "../conformance/published-form.ts";
import { readCorpus } from "../conformance/read-corpus.ts";
import { CODE_OF } from "../conformance/rules.ts";
import { derOf, jwkOf } from "../conformance/webauthn.ts";

const folder = join(import.meta.dirname, "../conformance");
const published = readFileSync(join(folder, "corpus.json"), "utf8");

/** Its failure is no code: the verdict is `incomplete`. */
const INCOMPLETE = 87;
const RULES = Array.from({ length: 97 }, (_, i) => i + 1).filter((rule) => rule !== INCOMPLETE);

describe("the corpus", () => {
  it("has a negative for every rule, which states that rule's code", () => {
    const negatives = corpusCases.filter(({ rule }) => rule !== undefined);
    const broken = new Set(negatives.map(({ rule }) => rule));
    expect(RULES.filter((rule) => !broken.has(rule))).toEqual([]);
    const otherwise = negatives.filter(
      ({ rule = 0, expect: said }) => !("code" in said) || said.code !== CODE_OF.get(rule),
    );
    expect(otherwise.map(({ name }) => name)).toEqual([]);
  });

  it("knows the code of every rule as the page has it", () => {
    const page = readFileSync("docs/receipts.md", "utf8");
    const table = page.slice(page.indexOf("## 10. Codes"), page.indexOf("## 11."));
    const rows = [...table.matchAll(/`(ERR_\w+)` \| ([\d, ]+) (?=\|)/g)];
    const stated = rows.flatMap(([, code = "", rules = ""]) =>
      rules.split(",").map((rule): [number, string] => [Number(rule), code]),
    );
    const known = [...CODE_OF].sort(([a], [b]) => a - b);
    expect(stated.filter(([rule]) => rule !== INCOMPLETE).sort(([a], [b]) => a - b)).toEqual(known);
  });

  it("names each case once", () => {
    const names = corpusCases.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe("corpus.json", { timeout: 120_000 }, () => {
  // A plain comparison, for a difference of megabytes is nothing to print.
  it("is what generate.ts writes", () => {
    expect(published === corpusJson(), "run `npx node test/conformance/generate.ts`").toBe(true);
  });

  it("gives every case back as it was, once it is read", () => {
    const cases = readCorpus(published);
    expect(cases.length).toBe(corpusCases.length);
    const differ = corpusCases.filter((each, i) => JSON.stringify(each) !== JSON.stringify(cases[i]));
    expect(differ.map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ["a period of one group", `ab${"cdef".repeat(5000)}gh`],
    ["a period of several groups, twice", `${"abcdefgh".repeat(2000)}xyz${"12345678abcd".repeat(999)}`],
    ["no period", Array.from({ length: 2000 }, (_, i) => i).join()],
    ["a period that is not one of groups", "abc".repeat(3001)],
  ])("writes a long text of %s so that it can be read again", (_, text) => {
    expect(readPublished(publish([{ text }]))).toEqual([{ text }]);
  });
});

describe("the corpus's P-256", () => {
  // RFC 6979, appendix A.2.5: SHA-256, message "sample".
  it("signs as RFC 6979 does", () => {
    const secret = bytesOf(0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721n);
    expect(sign(secret, utf8("sample"))).toEqual({
      r: 0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716n,
      s: 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n,
    });
    expect(pointOf(secret)[0]).toBe(4);
    expect(ORDER.toString(16)).toMatch(/^ffffffff00000000f{16}bce6/);
  });

  it("writes DER that node:crypto takes", () => {
    const secret = new Uint8Array(32).fill(0x81);
    const key = createPublicKey({ key: jwkOf(secret), format: "jwk" });
    const messages = Array.from({ length: 16 }, (_, i) => utf8(`message ${i}`));
    expect(messages.map((bytes) => verify("sha256", bytes, key, derOf(sign(secret, bytes))))).toEqual(
      messages.map(() => true),
    );
  });
});
