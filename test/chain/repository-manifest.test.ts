// The repository manifest: each file by its path, and nothing that is not one.
import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/chain/index.ts";
import { canonicalBytes, digestOf } from "../../src/receipt/index.ts";

const DIGEST = digestOf(new Uint8Array());
const SHAPE = "repository manifest: expected sha256:… by path";

const refusal = (value: unknown) => {
  const read = readManifest(canonicalBytes(value));
  return read.ok ? null : `${read.refusal.code} ${read.refusal.message}`;
};

describe("readManifest", () => {
  it("gives digests by path, also of files with the names of an object's own members", () => {
    const files = [
      ["README.md", DIGEST],
      ["__proto__", DIGEST],
      ["toString", DIGEST],
    ] as const;
    const read = readManifest(canonicalBytes(Object.fromEntries(files)));
    expect(read).toEqual({ ok: true, value: new Map(files) });
  });

  it("takes a repository of no files", () => {
    expect(readManifest(canonicalBytes({}))).toEqual({ ok: true, value: new Map() });
  });

  it.each([
    ["null", null],
    ["a list", []],
    ["a text", ""],
    ["a number", 0],
    ["a path of no characters", { "": DIGEST }],
    ["a path of 501 characters", { ["x".repeat(501)]: DIGEST }],
    ["a digest without its prefix", { a: DIGEST.slice(7) }],
    ["one file among others that has no digest", { a: DIGEST, b: null, c: DIGEST }],
  ])("refuses %s", (_, value) => {
    expect(refusal(value)).toBe(`ERR_REPOSITORY ${SHAPE}`);
  });

  it("refuses another spelling, and what is no JSON", () => {
    const read = (text: string) => readManifest(new TextEncoder().encode(text));
    expect(read("{ }")).toMatchObject({
      refusal: {
        code: "ERR_REPOSITORY",
        message:
          "repository manifest: expected RFC 8785 canonical JSON, got another spelling of the same value",
      },
    });
    expect(read("")).toMatchObject({
      refusal: { code: "ERR_REPOSITORY", message: "repository manifest: expected JSON" },
    });
  });
});
