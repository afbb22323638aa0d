// Texts that the probed source or a script chose, on a page: nothing in them reorders or hides what stands around.
import { describe, expect, it } from "vitest";
import { HandoffSection } from "../../src/view/outcome-section.tsx";
import { FailureTable } from "../../src/view/probe-report.tsx";

const TRICK = "src/a\u202egnp.js";

describe("a hidden character is spelled out", () => {
  it("in the requests that failed", () => {
    const failure = { id: "1", kind: "good", method: "GET", path: TRICK, status: 500, error: TRICK } as const;
    const html = String(FailureTable({ failures: [failure] }));
    expect(html).not.toContain("\u202e");
    expect(html.match(/U\+202E/g)).toHaveLength(2);
  });

  it("in the names of the files that are handed on", () => {
    const digest = `sha256:${"0".repeat(64)}` as const;
    const handoff = {
      receipt: { kind: "handoff", digest, statement: { predicate: { seq: 7 }, subject: [] } },
      summary: null,
      files: [[TRICK, digest]],
      artifact: { text: "", sha256: "" },
    };
    const html = String(HandoffSection({ run: "run-1", handoff: handoff as never }));
    expect(html).not.toContain("\u202e");
    expect(html).toContain("U+202E");
  });
});
