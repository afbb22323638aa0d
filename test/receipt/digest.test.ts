// SHA-256 by its published vectors, from the host's own code and from JavaScript's: the same everywhere.
import { createHash, randomBytes } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";

const VECTORS = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
] as const;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe.each([
  ["the host lends node:crypto", () => process],
  ["there is no process, as in a browser", () => undefined],
  ["process is somebody's stand-in", () => ({ env: {} })],
  ["the host knows no node:crypto", () => ({ getBuiltinModule: () => undefined })],
])("SHA-256 where %s", (_, host) => {
  const load = () => {
    vi.stubGlobal("process", host());
    return import("../../src/receipt/digest.ts");
  };

  it.each(VECTORS)("of %j is that of FIPS 180-4", async (text, hex) => {
    const { digestOf, sha256Hex } = await load();
    expect(sha256Hex(new TextEncoder().encode(text))).toBe(hex);
    expect(digestOf(new TextEncoder().encode(text))).toBe(`sha256:${hex}`);
  });

  it("is right at every length about its blocks, and of a part of a buffer", async () => {
    const { sha256Hex } = await load();
    const bytes = new Uint8Array(randomBytes(300));
    for (let length = 0; length < 200; length += 1) {
      const part = bytes.subarray(7, 7 + length);
      expect(sha256Hex(part)).toBe(createHash("sha256").update(part).digest("hex"));
    }
  });
});
