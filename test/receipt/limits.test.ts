// Every text, list and number of the predicates at its limit: the last value taken, and the first refused.
import { describe, expect, it } from "vitest";
import { digestOf, type Kind } from "../../src/receipt/index.ts";
import { PREDICATES } from "../../src/receipt/kinds.ts";
import { all, type Edit, type Json, put } from "../conformance/json-edit.ts";

const DIGEST = digestOf(new Uint8Array());
const FRAME = {
  run: "run-1",
  seq: 0,
  prev: null,
  kid: "A".repeat(43),
  issuedAt: "2026-11-23T05:30:00.000Z",
  policy: DIGEST,
};
const ACTOR = { id: "x", method: "y" };
const CHANGE = { path: "a", before: null, after: DIGEST };
const NOTES = { text: "t", applied: [], notApplied: [] };
const ITEM = { name: "n", connector: "c", method: "m" };
const TALLY = { requests: 1, failed: 0, good: 1, goodFailed: 0 };

const OWN: Readonly<Record<Kind, Json>> = {
  alert: { issuer: "i", source: "s", title: "t", firedAt: FRAME.issuedAt, startedBy: ACTOR, continues: null },
  evidence: { items: [], summary: "" },
  proposal: { revision: 1, supersedes: null, summary: "", risk: "low", feedback: null },
  preview: { proposal: DIGEST, execution: { id: "e", seq: 0 }, changes: [], expiresAt: FRAME.issuedAt },
  decision: { decision: "approve", proposal: DIGEST, preview: DIGEST, reason: "", reviewer: ACTOR },
  execution: {
    decision: null,
    execution: { id: "e", seq: 0 },
    status: "failed",
    reason: "",
    written: false,
    changes: [],
    more: false,
    recovered: false,
  },
  outcome: { execution: null, status: "not_run", reason: "", before: TALLY, after: null },
  handoff: { outcome: DIGEST },
};

/** Kind, path of a text, and its least and greatest length in UTF-16 code units. */
const TEXTS: readonly (readonly [kind: Kind, path: string, min: number, max: number])[] = [
  ["alert", "issuer", 1, 300],
  ["alert", "source", 1, 200],
  ["alert", "title", 1, 300],
  ["alert", "startedBy.id", 1, 200],
  ["alert", "startedBy.method", 1, 40],
  ["evidence", "items.0.name", 1, 200],
  ["evidence", "items.0.connector", 1, 100],
  ["evidence", "items.0.method", 1, 100],
  ["evidence", "summary", 0, 4000],
  ["proposal", "summary", 0, 4000],
  ["proposal", "feedback.text", 1, 2000],
  ["proposal", "feedback.applied.0", 1, 500],
  ["proposal", "feedback.notApplied.0", 1, 500],
  ["preview", "execution.id", 1, 200],
  ["preview", "changes.0.path", 1, 500],
  ["decision", "reason", 0, 2000],
  ["decision", "reviewer.id", 1, 200],
  ["decision", "reviewer.method", 1, 40],
  ["execution", "reason", 0, 2000],
  ["execution", "execution.id", 1, 200],
  ["execution", "changes.0.path", 1, 500],
  ["outcome", "reason", 0, 2000],
];

const LISTS: readonly (readonly [kind: Kind, path: string, item: Json, max: number])[] = [
  ["evidence", "items", ITEM, 200],
  ["proposal", "feedback.applied", "note", 20],
  ["proposal", "feedback.notApplied", "note", 20],
  ["preview", "changes", CHANGE, 100],
  ["execution", "changes", CHANGE, 100],
];

const NUMBERS: readonly (readonly [kind: Kind, path: string, min: number])[] = [
  ["alert", "seq", 0],
  ["proposal", "revision", 1],
  ["preview", "execution.seq", 0],
  ["execution", "execution.seq", 0],
  ["outcome", "before.requests", 0],
  ["outcome", "before.failed", 0],
  ["outcome", "before.good", 0],
  ["outcome", "before.goodFailed", 0],
];

/** Fills in what lists and nullable objects must hold for the path to be there. */
const filled: Edit = all(
  (value) => (has(value, "items") ? put("items", [ITEM])(value, NOTHING) : value),
  (value) => (has(value, "changes") ? put("changes", [CHANGE])(value, NOTHING) : value),
  (value) =>
    has(value, "feedback")
      ? put("feedback", { ...NOTES, applied: ["x"], notApplied: ["x"] })(value, NOTHING)
      : value,
);
const NOTHING = { digests: [] };

function takes(kind: Kind, path: string, value: Json): boolean {
  const whole = filled({ ...FRAME, ...toRecord(OWN[kind]) }, NOTHING);
  return PREDICATES[kind].safeParse(put(path, value)(whole, NOTHING)).success;
}

describe("texts", () => {
  it.each(TEXTS)("of %s %s have %i to %i code units", (kind, path, min, max) => {
    expect(takes(kind, path, "x".repeat(min))).toBe(true);
    expect(takes(kind, path, "x".repeat(max))).toBe(true);
    expect(takes(kind, path, "x".repeat(max + 1))).toBe(false);
    if (min > 0) expect(takes(kind, path, "x".repeat(min - 1))).toBe(false);
  });

  it.each(TEXTS)("of %s %s are counted in UTF-16 and well formed", (kind, path, _, max) => {
    expect(takes(kind, path, "😀".repeat(Math.floor(max / 2)))).toBe(true);
    expect(takes(kind, path, "😀".repeat(Math.floor(max / 2) + 1))).toBe(false);
    expect(takes(kind, path, "\ud83d")).toBe(false);
    expect(takes(kind, path, 7)).toBe(false);
  });
});

describe("lists", () => {
  it.each(LISTS)("of %s %s", (kind, path, item, max) => {
    expect(takes(kind, path, [])).toBe(true);
    expect(takes(kind, path, new Array(max).fill(item))).toBe(true);
    expect(takes(kind, path, new Array(max + 1).fill(item))).toBe(false);
  });
});

describe("numbers", () => {
  it.each(NUMBERS)("of %s %s", (kind, path, min) => {
    expect(takes(kind, path, min)).toBe(true);
    expect(takes(kind, path, Number.MAX_SAFE_INTEGER)).toBe(true);
    for (const value of [min - 1, 2 ** 53, min + 0.5, String(min), null, true]) {
      expect(takes(kind, path, value)).toBe(false);
    }
  });
});

describe("names of runs", () => {
  it.each(["r", "R-_9", "x".repeat(64)])("may be %s", (run) => {
    expect(takes("handoff", "run", run)).toBe(true);
  });

  it.each(["", "x".repeat(65), "a b", "a/b", "a.b", "é", "a\n"])("may not be %j", (run) => {
    expect(takes("handoff", "run", run)).toBe(false);
    expect(takes("alert", "continues", { run, handoff: DIGEST })).toBe(false);
  });
});

describe("digests and key ids", () => {
  it.each([
    DIGEST.toUpperCase(),
    DIGEST.slice(7),
    DIGEST.slice(0, -1),
    `${DIGEST}0`,
    `${DIGEST}\n`,
    ` ${DIGEST}`,
  ])("may not be %j", (digest) => {
    for (const path of ["prev", "policy", "outcome"]) expect(takes("handoff", path, digest)).toBe(false);
  });

  it("are texts, and nothing that could be written as one", () => {
    for (const path of ["prev", "policy", "outcome"]) expect(takes("handoff", path, [DIGEST])).toBe(false);
    expect(takes("handoff", "kid", [FRAME.kid])).toBe(false);
    expect(takes("handoff", "issuedAt", [FRAME.issuedAt])).toBe(false);
  });

  it.each(["", "A".repeat(42), "A".repeat(44), `${"A".repeat(42)}=`, `${"A".repeat(42)}+`])(
    "kid may not be %j",
    (kid) => {
      expect(takes("handoff", "kid", kid)).toBe(false);
    },
  );
});

describe("a word that is refused", () => {
  it.each([
    ["alert", "title", "", "expected 1 to 300 UTF-16 code units"],
    ["alert", "title", "\ud83d", "expected well-formed text, got a lone surrogate"],
    ["handoff", "kid", "", "expected a 43-character key id"],
    ["handoff", "run", "a b", "expected 1 to 64 letters, digits, _ or -"],
    ["handoff", "prev", "", "expected sha256:<64 lower-case hex digits>"],
    ["handoff", "issuedAt", "today", "expected a real instant such as 2026-11-23T05:30:00.000Z"],
  ] as const)("of %s %s: %j is told what was expected", (kind, path, value, message) => {
    const whole = put(path, value)({ ...FRAME, ...toRecord(OWN[kind]) }, NOTHING);
    expect(PREDICATES[kind].safeParse(whole).error?.issues).toMatchObject([{ message, path: [path] }]);
  });
});

function has(value: Json, name: string): boolean {
  return Object.hasOwn(toRecord(value), name);
}

function toRecord(value: Json): { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
