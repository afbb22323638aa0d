// Artifacts (rules 26, 85, 86): every one that a receipt names is there, is the one named, and no other is.
import { accepted, type CorpusCase, faults, type Row, sound, wholeFaults } from "../case.ts";
import { change, drop, type Edit, isRecord, type Json, put, ZERO } from "../json-edit.ts";
import { POLICY } from "../policy.ts";
import { canonicalBytes, digestOf, sha256Hex, toBase64, utf8 } from "../primitives.ts";
import { otherSsh } from "../reviewer-keys.ts";
import { INSTEAD, SCENARIOS, SEQ } from "../scenarios.ts";
import { ssh } from "../ssh.ts";
import { amend } from "../step.ts";

const { alert, evidence, proposal, preview, decision, execution, outcome, handoff } = SEQ;
const { approved, edited } = SCENARIOS;
const name = (text: string) => `artifacts.${sha256Hex(utf8(text))}`;

const PARENT = { run: "run-0", handoff: `sha256:${"a".repeat(64)}`, bundle: '{"a parent":"bundle"}' };
const ALERT = '{"alert":"checkout 5xx"}';

/** Names a subject by a digest that nothing in the bundle has. */
const lost = (i: number): Edit => put(`subject.${i}.digest.sha256`, "0".repeat(64));
const lostLast: Edit = (value, written) => {
  const subjects = isRecord(value) && Array.isArray(value.subject) ? value.subject : [];
  return lost(subjects.length - 1)(value, written);
};

const missing: readonly Row[] = [
  [26, "the alert", alert, lost(0)],
  [
    26,
    "the policy",
    alert,
    {},
    { options: { bundle: drop(`artifacts.${sha256Hex(canonicalBytes(POLICY))}`) } },
  ],
  [
    26,
    "the bundle of the run that is continued",
    alert,
    { parent: PARENT },
    { options: { bundle: drop(name(PARENT.bundle)) } },
  ],
  [26, "the evidence's script", evidence, lost(0)],
  [26, "the second evidence item", evidence, lost(2)],
  [
    26,
    "the transcript",
    evidence,
    { transcript: "I looked." },
    { options: { bundle: drop(name("I looked.")) } },
  ],
  [26, "the action", proposal, lost(0)],
  [26, "the proposed script", proposal, lost(1)],
  [26, "the file before", preview, {}, { options: { bundle: drop(name("export const status = 500;\n")) } }],
  [26, "the plan", preview, { plan: "WRITE" }, { options: { bundle: drop(name("WRITE")) } }],
  [26, "the rehearsal's report", preview, lostLast],
  [26, "the edit", decision, lost(1), { from: amend(edited, decision, { instead: INSTEAD }) }],
  [26, "the intent", decision, lost(1), { from: amend(approved, decision, { assert: ssh(otherSsh) }) }],
  [26, "the assertion", decision, lost(2), { from: amend(approved, decision, { assert: ssh(otherSsh) }) }],
  [26, "the result", execution, lost(1)],
  [26, "the outcome's report", outcome, lost(0)],
  [26, "the summary", handoff, lost(0)],
  [26, "the resources", handoff, lost(1)],
  [26, "all of them", alert, {}, { options: { bundle: put("artifacts", {}) } }],
];

const alteredAt: readonly (readonly [name: string, edit: Edit])[] = [
  ["one bit flipped", put(name(ALERT), toBase64(utf8(`${ALERT.slice(0, -1)}|`)))],
  ["another artifact's bytes", put(name(ALERT), toBase64(utf8("# Checkout\n")))],
  ["no bytes", put(name(ALERT), "")],
  ["a byte more", put(name(ALERT), toBase64(utf8(`${ALERT}\n`)))],
  ["base64 with a newline", change(name(ALERT), (old) => `${old}\n`)],
  ["base64 and a character too many", change(name(ALERT), (old) => `${old}_`)],
  ["text that is no base64", put(name(ALERT), ALERT)],
  ["a lone surrogate", put(name(ALERT), "\ud800")],
];

const STRAY = toBase64(utf8("stray"));
const underName = (key: string, text = STRAY): { options: { bundle: Edit } } => ({
  options: { bundle: (value, written) => put("artifacts", addTo(value, key, text))(value, written) },
});

const UNNAMED: readonly (readonly [name: string, key: string])[] = [
  ["a name in upper case", sha256Hex(utf8("stray")).toUpperCase()],
  ["a name with a prefix", digestOf("stray")],
  ["a name with a trailing newline", `${sha256Hex(utf8("stray"))}\n`],
  ["the name of other bytes", ZERO.slice(7)],
  ["a name that is a path", "../../stray.txt"],
  ["an empty name", ""],
  ["the name __proto__", "__proto__"],
  ["the name constructor", "constructor"],
  ["a name with a lone surrogate", "\udfff"],
];

export const artifactCases: readonly CorpusCase[] = [
  ...faults("artifact missing", "Every artifact that a receipt names is in the bundle.", missing),
  ...faults(
    "artifact altered",
    "An artifact whose bytes do not hash to its name is as good as missing.",
    alteredAt.map(([how, bundle]): Row => [26, `a named one: ${how}`, alert, {}, { options: { bundle } }]),
  ),
  ...wholeFaults(
    "artifact altered",
    "An artifact's name is the 64 lower-case hex digits of its bytes' SHA-256.",
    [
      ...UNNAMED.map(([what, key]) => [85, `one more, under ${what}`, null, underName(key)] as const),
      [
        85,
        "one more, in base64 with its padding left out",
        null,
        underName(sha256Hex(utf8("stray")), STRAY.replaceAll("=", "")),
      ],
      [85, "one more, in the URL alphabet", null, underName(sha256Hex(Uint8Array.of(251, 255, 254)), "-__-")],
    ],
  ),
  ...wholeFaults("artifact unnamed", "A bundle holds what its receipts name, and nothing besides.", [
    [86, "a stray one", null, { options: { bundle: put(name("stray"), STRAY) } }],
    [
      86,
      "the parent of a run that continues none",
      null,
      { options: { bundle: put(name(PARENT.bundle), toBase64(utf8(PARENT.bundle))) } },
    ],
    [
      86,
      "a stray one of no bytes, in a chain that is still open",
      null,
      { from: approved.slice(0, 4), options: { bundle: put(name(""), "") } },
    ],
    [
      86,
      "what a run will hand on, before it does",
      null,
      {
        from: approved.slice(0, 4),
        options: { bundle: put(name("# Checkout\n"), toBase64(utf8("# Checkout\n"))) },
      },
    ],
    [
      86,
      "the content of an effect, which no subject is",
      null,
      {
        from: approved.slice(0, 4),
        options: {
          bundle: put(name("export const status = 401;\n"), toBase64(utf8("export const status = 401;\n"))),
        },
      },
    ],
  ]),
  ...sound("artifact", "Bytes are bytes.", [
    ["a script of no bytes", { from: amend(approved, evidence, { code: "", items: [] }) }],
    [
      "one artifact under many names",
      { from: amend(amend(approved, evidence, { code: "x", transcript: "x" }), proposal, { code: "x" }) },
    ],
  ]),
  ...accepted("artifact", "No rule reads what a script or a transcript says.", [
    [
      "a script that is not UTF-8",
      evidence,
      put("subject.0.digest.sha256", sha256Hex(Uint8Array.of(0xff))),
      { options: { store: [Uint8Array.of(0xff)] } },
    ],
  ]),
];

/** The artifacts of a bundle and one more; the name may hold dots. */
function addTo(bundle: Json, key: string, text: string): Json {
  const artifacts = isRecord(bundle) && isRecord(bundle.artifacts) ? bundle.artifacts : {};
  return Object.fromEntries([...Object.entries(artifacts), [key, text]]);
}
