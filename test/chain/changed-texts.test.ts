// The change that a round proposes, as two texts and as one diff, from the signed bytes alone.
import { describe, expect, it } from "vitest";
import { changedTexts, unifiedDiff } from "../../src/chain/index.ts";
import { canonicalBytes, subjectDigest } from "../../src/receipt/index.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { openChain } from "./open-chain.ts";

describe("changedTexts and unifiedDiff", () => {
  const round = async (length: number) => {
    const { states, artifacts } = await openChain(SCENARIOS.approved.slice(0, length));
    const open = states.at(-1)?.round;
    if (!open) throw new Error("expected an open round");
    return { open, artifacts };
  };

  it("give a file as it is and as it would be", async () => {
    const { open, artifacts } = await round(4);
    expect(changedTexts(open, artifacts)).toEqual({
      path: "src/checkout.js",
      before: "export const status = 500;\n",
      after: "export const status = 401;\n",
      isText: true,
    });
  });

  it.each([
    ["a byte order mark", "\uFEFFrun();\n", "run();\n", true, "-\uFEFFrun();\n+run();\n"],
    ["bytes that are no character", Uint8Array.of(0x61, 0xff, 0x0a), "a\uFFFD\n", false, ""],
  ])("show what is there and goes: %s", async (_, before, after, isText, lines) => {
    const { open, artifacts } = await round(4);
    const bytes = typeof before === "string" ? new TextEncoder().encode(before) : before;
    const args = { path: "src/checkout.js", content: after, before: null };
    const action = canonicalBytes({ connector: "repository", method: "write_file", args });
    const given = (sha256: string) =>
      sha256 === subjectDigest(open.proposal.statement, "action")
        ? action
        : open.preview && sha256 === subjectDigest(open.preview.statement, "before")
          ? bytes
          : artifacts(sha256);
    expect(changedTexts(open, given)).toMatchObject({ after, isText });
    expect(unifiedDiff(open, given)).toMatch(
      lines === "" ? /./ : new RegExp(`@@\\n${lines.replace(/[+()]/g, "\\$&")}`),
    );
  });

  it("give nothing before there is a preview, nor where the action is not at hand", async () => {
    const proposed = await round(3);
    expect(changedTexts(proposed.open, proposed.artifacts)).toBeNull();
    expect(unifiedDiff(proposed.open, proposed.artifacts)).toBe("");
    const { open } = await round(4);
    expect(changedTexts(open, () => undefined)).toBeNull();
    expect(unifiedDiff(open, () => undefined)).toBe("");
  });
});
