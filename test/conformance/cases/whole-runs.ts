// Chains with nothing wrong: every lawful shape of a run, unusual but lawful content, and chains that are still open.
import { canonicalize } from "../../../src/receipt/index.ts";
import { type ConformanceCase, sound } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { all, put } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, type Step } from "../step.ts";

const { approved, revisedOnce, twoWrites, expired } = SCENARIOS;
const { alert, evidence, proposal, preview, outcome } = SEQ;

const parent = writeChain(SCENARIOS.unresolved, { run: "run-0" });
const continues = {
  run: "run-0",
  handoff: parent.digests.at(-1) ?? "",
  bundle: canonicalize(parent.bundle),
};

const OTHER_CALL = {
  connector: "pager",
  method: "page",
  args: [{ to: "oncall", after: 0.5, tries: 1e21, note: "\u2028é\u0000", nested: { "": null } }],
};

const whole = Object.entries(SCENARIOS).map(([name, from]) => ({
  name: name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
  why: "A whole lawful run.",
  from,
}));

const content = [
  {
    name: "a run that continues another",
    why: "It names the parent's handoff and holds its bundle.",
    from: amend(approved, alert, { parent: continues }),
  },
  {
    name: "a new file",
    why: "Nothing stands before it, so the preview names no such subject.",
    from: amend(approved, proposal, { path: "src/cart.js" }),
  },
  {
    name: "an empty file",
    why: "No bytes are bytes too.",
    from: amend(approved, proposal, { content: "" }),
  },
  {
    name: "a file named __proto__",
    why: "A path is a name like any other.",
    from: amend(approved, proposal, { path: "__proto__" }),
  },
  {
    name: "a second write to the same file",
    why: "It starts from what the first left behind.",
    from: amend(twoWrites, 6, { path: "src/checkout.js" }),
  },
  {
    name: "a gated call that changes no file",
    why: "Nothing can be derived, so nothing is claimed.",
    from: amend(approved, proposal, { call: OTHER_CALL }),
    options: { policy: all(put("connector", "pager"), put("method", "page")) },
  },
  {
    name: "write_file of another connector",
    why: "Only repository.write_file is known to change a file.",
    from: amend(approved, proposal, { call: { connector: "notes", method: "write_file", args: {} } }),
    options: { policy: put("connector", "notes") },
  },
  {
    name: "another method of the repository",
    why: "Only repository.write_file is known to change a file.",
    from: amend(approved, proposal, { call: { connector: "repository", method: "tag", args: null } }),
    options: { policy: put("method", "tag") },
  },
  {
    name: "no evidence found",
    why: "The list of items may be empty.",
    from: amend(approved, evidence, { items: 0 }),
  },
  {
    name: "twelve pieces of evidence",
    why: "Items are numbered, not sorted as text.",
    from: amend(approved, evidence, { items: 12 }),
  },
  {
    name: "texts of the greatest length, in surrogate pairs",
    why: "Lengths are counted in UTF-16 code units.",
    from: amend(approved, alert, { edit: put("predicate.title", "😀".repeat(150)) }),
  },
  {
    name: "texts of every kind of character",
    why: "Canonical JSON escapes only what it must.",
    from: amend(approved, alert, {
      edit: put("predicate.title", '\u0000\b\t\n\f\r\u001f"\\/\u007f\u0080é\u2028\u2029\ufeff\uffff😀'),
    }),
  },
  {
    name: "a reviewer's words of every kind of character",
    why: "The feedback repeats them exactly, not normalized.",
    from: amend(revisedOnce, 4, { reason: 'e\u0301 é "quoted"\r\n\u0000' }),
  },
  {
    name: "a run of 64 characters",
    why: "Names of runs are 1 to 64 letters, digits, _ or -.",
    options: { run: "_-".repeat(32) },
  },
  {
    name: "a shorter wait than the policy allows",
    why: "expiresAt is at most decisionSeconds after issuedAt.",
    from: amend(approved, preview, { edit: put("predicate.expiresAt", "2026-11-23T05:34:00.001Z") }),
  },
  {
    name: "times on 29 February, before 1970",
    why: "Any real instant will do; only the order counts.",
    from: amend(approved, alert, { edit: put("predicate.firedAt", "1968-02-29T23:59:59.999Z") }),
  },
  {
    name: "a tally of nothing",
    why: "No request failed where none was sent.",
    from: amend(approved, outcome, {
      edit: put("predicate.before", { requests: 0, failed: 0, good: 0, goodFailed: 0 }),
    }),
  },
];

const open: readonly (readonly [name: string, from: readonly Step[], lengths: readonly number[]])[] = [
  ["approved", approved, [1, 2, 3, 4, 5, 6, 7]],
  ["revised", revisedOnce, [6, 7, 8, 9, 11]],
  ["two writes", twoWrites, [6, 8, 10]],
  ["expired", expired, [5, 6]],
];

export const wholeRunCases: readonly ConformanceCase[] = [
  ...sound("whole run", whole),
  ...sound("content", content),
  ...sound(
    "incomplete",
    open.flatMap(([name, from, lengths]) =>
      lengths.map((length) => ({
        name: `${name}, up to the ${from[length - 1]?.kind} (${length} receipts)`,
        why: "Everything present verifies, and the run has not ended.",
        from: from.slice(0, length),
      })),
    ),
    "incomplete",
  ),
];
