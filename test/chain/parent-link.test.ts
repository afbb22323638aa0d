// The parent's bundle as bytes, and whose chain it says it is.
import { describe, expect, it } from "vitest";
import { claimedIssuer, readBundle, readParentBundle } from "../../src/chain/index.ts";
import { canonicalBytes, canonicalize } from "../../src/receipt/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { ISSUER } from "../conformance/fixed-keys.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";

const { bundle, envelopes } = writeChain(SCENARIOS.rejected, { run: "run-0" });
const text = canonicalize(bundle);
const utf8 = (value: string) => new TextEncoder().encode(value);

describe("readParentBundle", () => {
  it("reads a bundle in canonical JSON", () => {
    expect(readParentBundle(canonicalBytes(bundle))).toEqual({ ok: true, value: bundle });
  });

  it.each([
    ["with a byte order mark", utf8(`\uFEFF${text}`), "expected JSON"],
    [
      "with a space more",
      utf8(`${text} `),
      "expected RFC 8785 canonical JSON, got another spelling of the same value",
    ],
    ["with a byte that is not UTF-8", utf8(text).with(text.indexOf("run-0"), 0xff), "expected UTF-8"],
    ["that is no JSON", utf8(text.slice(1)), "expected JSON"],
  ])("refuses bytes %s", (_, bytes, why) => {
    expect(readParentBundle(bytes)).toEqual({
      ok: false,
      refusal: { code: "ERR_PARENT_BUNDLE", message: `the parent's bundle: ${why}` },
    });
  });
});

describe("claimedIssuer", () => {
  const issuerOf = (receipts: readonly unknown[]) => {
    const read = readBundle({ ...Object(bundle), receipts });
    if (!read.ok) throw new Error(read.refusal.message);
    return claimedIssuer(read.value);
  };

  it("is what the first receipt says", () => {
    expect(issuerOf(envelopes)).toBe(ISSUER);
  });

  it("is nobody where the first receipt is no alert, cannot be read, or is not there", () => {
    expect(issuerOf(envelopes.slice(1))).toBeNull();
    expect(issuerOf([null, ...envelopes])).toBeNull();
    expect(issuerOf([])).toBeNull();
  });
});
