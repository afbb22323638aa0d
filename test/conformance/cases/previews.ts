// Previews (rules 43–47, 50, 51): about the open proposal, in the right execution, and for no longer than the policy allows.
import { accepted, type CorpusCase, faults, sound } from "../case.ts";
import { OPEN_TRUST } from "../fixed-keys.ts";
import { all, at, changeList, digestAt, type Edit, type Json, put, ZERO } from "../json-edit.ts";
import { sha256Hex, utf8 } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { preview, execution } = SEQ;
const { approved, revisedOnce, revisedTwice, twoWrites, edited, expired } = SCENARIOS;
const store = ["other action", "other code", "other plan"];
const subject = (i: number, text: string): Edit => put(`subject.${i}.digest.sha256`, sha256Hex(utf8(text)));
/** The preview of the second round, of every scenario that has one. */
const SECOND = 7;
const id = (value: string): Edit => put("predicate.execution.id", value);

const check = (name: string, total: number, failed: number, rehearsed: Json = null): Json => ({
  name,
  before: { total, failed },
  rehearsed,
});

/** The action of the first proposal. */
const FIRST_ACTION = sha256Hex(
  utf8(
    `{"args":{"before":"sha256:${sha256Hex(utf8("export const status = 500;\n"))}","content":"export const status = 401;\\n","path":"src/checkout.js"},"connector":"repository","method":"write_file"}`,
  ),
);

/** Three minutes after the start a preview is issued, and so many seconds later it ends. */
const turns: readonly (readonly [name: string, start: string, seconds: number, expiresAt: string])[] = [
  ["over the turn of the millennium", "1999-12-31T23:50:00.000Z", 900, "2000-01-01T00:08:00.000Z"],
  ["over the end of February 1900", "1900-02-28T11:57:00.000Z", 86_400, "1900-03-01T12:00:00.000Z"],
  ["over the end of February 2000", "2000-02-28T11:57:00.000Z", 172_800, "2000-03-01T12:00:00.000Z"],
  ["over the turn of the year 400", "0399-12-31T11:57:00.000Z", 31_536_000, "0400-12-30T12:00:00.000Z"],
];

const about = "A preview is about the open proposal, its action and its script.";
const noCode = changeList("subject", (old) => old.filter((each) => at(each, "name") !== "code"));

export const previewCases: readonly CorpusCase[] = [
  ...faults(
    "preview",
    about,
    [
      [43, "about a proposal that is not there", preview, put("predicate.proposal", ZERO)],
      [43, "about the evidence", preview, put("predicate.proposal", digestAt(1))],
      [
        43,
        "about the proposal before",
        SECOND,
        put("predicate.proposal", digestAt(2)),
        { from: revisedOnce },
      ],
      [44, "of another action", preview, subject(0, "other action")],
      [
        44,
        "of the action before",
        SECOND,
        put("subject.0.digest.sha256", FIRST_ACTION),
        { from: revisedOnce },
      ],
      [45, "of another script", preview, subject(1, "other code")],
      [45, "without the script of its proposal", preview, all(noCode, put("predicate.execution", null))],
      [
        45,
        "with a script, of a reviewer's proposal",
        SECOND,
        all(
          put("predicate.execution", { id: "exec-2", seq: 2 }),
          changeList("subject", ([action = null, ...rest]) => [
            action,
            { name: "code", digest: { sha256: sha256Hex(utf8("other code")) } },
            ...rest,
          ]),
        ),
        { from: edited },
      ],
    ],
    { options: { store } },
  ),
  ...faults("execution id", "A revision comes from an execution never seen before.", [
    [46, "a revision in the execution of the first", SECOND, id("exec-1"), { from: revisedOnce }],
    [46, "a third proposal in the execution of the first", 11, id("exec-1"), { from: revisedTwice }],
    [46, "a third proposal in the execution of the second", 11, id("exec-2"), { from: revisedTwice }],
    [
      46,
      "a second write's revision in the execution of both",
      11,
      id("exec-1"),
      { from: SCENARIOS.secondWriteRevised },
    ],
    [
      46,
      "a revision of an edit, in the execution before it",
      11,
      id("exec-1"),
      { from: SCENARIOS.editedThenRevised },
    ],
  ]),
  ...faults("execution id", "A second write is a later call of the same execution.", [
    [46, "a second write in another execution", SECOND, id("exec-2"), { from: twoWrites }],
    [46, "a second write at the same call", SECOND, put("predicate.execution.seq", 1), { from: twoWrites }],
    [46, "a second write at an earlier call", SECOND, put("predicate.execution.seq", 0), { from: twoWrites }],
  ]),
  ...faults("expiry", "expiresAt is at most decisionSeconds after issuedAt.", [
    [
      47,
      "a millisecond longer than the policy allows",
      preview,
      put("predicate.expiresAt", "2026-11-23T05:48:00.001Z"),
    ],
    [47, "a year", preview, put("predicate.expiresAt", "2027-11-23T05:33:00.000Z")],
    [47, "until the end of time", preview, put("predicate.expiresAt", "9999-12-31T23:59:59.999Z")],
    [
      47,
      "a second longer than the one allowed",
      preview,
      put("predicate.expiresAt", "2026-11-23T05:33:02.000Z"),
      { options: { policy: put("decisionSeconds", 1) } },
    ],
  ]),
  ...turns.flatMap(([name, start, decisionSeconds, expiresAt]) => {
    const story = { options: { start, policy: put("decisionSeconds", decisionSeconds) }, trust: OPEN_TRUST };
    const late = put("predicate.expiresAt", expiresAt.replace(".000Z", ".001Z"));
    return [
      ...accepted("expiry", "Days and years have the length that the calendar gives them.", [
        [name, preview, put("predicate.expiresAt", expiresAt), story],
      ]),
      ...faults("expiry", "Days and years have the length that the calendar gives them.", [
        [47, `${name}, and a millisecond`, preview, late, story],
      ]),
    ];
  }),
  ...faults("plan", "The field and the subject name one plan.", [
    [
      50,
      "another than the subject",
      preview,
      subject(3, "other plan"),
      { from: amend(approved, preview, { plan: "WRITE" }), options: { store } },
    ],
    [
      50,
      "another than the field",
      preview,
      put("predicate.plan", ZERO),
      { from: amend(approved, preview, { plan: "WRITE" }) },
    ],
  ]),
  ...faults("checks", "Each check has a name of its own, and no more fails than there is.", [
    [51, "one name twice", preview, { checks: [check("a", 1, 0), check("b", 1, 0), check("a", 2, 0)] }],
    [51, "more failed than there are, before", preview, { checks: [check("a", 1, 0), check("b", 1, 2)] }],
    [
      51,
      "more failed than there are, rehearsed",
      preview,
      { checks: [check("a", 1, 0, { total: 0, failed: 1 })] },
    ],
  ]),
  ...accepted("checks", "Each check has a name of its own, and no more fails than there is.", [
    [
      "names in two letter cases and two normalizations",
      preview,
      { checks: [check("é", 1, 0), check("e\u0301", 1, 0), check("É", 0, 0), check("__proto__", 0, 0)] },
    ],
    ["all failed, before and rehearsed", preview, { checks: [check("a", 3, 3, { total: 3, failed: 3 })] }],
    ["another total when rehearsed", preview, { checks: [check("a", 3, 3, { total: 4, failed: 1 })] }],
    ["none", preview, { checks: [] }],
    ["other checks in a later preview", SECOND, { checks: [check("z", 1, 0)] }, { from: revisedOnce }],
  ]),
  ...sound("preview", "A preview stays open no longer than its policy allows.", [
    [
      "a shorter wait",
      { from: amend(approved, preview, { edit: put("predicate.expiresAt", "2026-11-23T05:34:00.001Z") }) },
    ],
    ["a year's wait", { options: { policy: put("decisionSeconds", 31_536_000) } }],
    [
      "one that had expired when it was written",
      {
        from: amend(
          amend(expired, preview, { edit: put("predicate.expiresAt", "2025-01-01T00:00:00.000Z") }),
          execution - 1,
          { wait: 0 },
        ),
      },
    ],
    ["with a plan", { from: amend(approved, preview, { plan: "WRITE src/checkout.js" }) }],
    ["with a plan of no bytes", { from: amend(approved, preview, { plan: "" }) }],
    ["without checks", { from: amend(amend(approved, preview, { checks: [] }), 6, { after: "unmeasured" }) }],
    [
      "a second write a thousand calls later",
      {
        from: amend(amend(twoWrites, SECOND, { edit: put("predicate.execution.seq", 1001) }), 9, {
          edit: put("predicate.execution.seq", 1001),
        }),
      },
    ],
    [
      "a revision in an execution whose calls count from 0",
      {
        from: amend(amend(revisedOnce, SECOND, { edit: put("predicate.execution.seq", 0) }), 9, {
          edit: put("predicate.execution.seq", 0),
        }),
      },
    ],
    [
      "an execution of another letter case",
      { from: amend(amend(revisedOnce, SECOND, { edit: id("Exec-1") }), 9, { edit: id("Exec-1") }) },
    ],
  ]),
];
