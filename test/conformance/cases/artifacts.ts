// Artifacts: every one that a receipt names is there, is the one named, and no other is.
import { canonicalize, digestOf, sha256Hex, toBase64 } from "../../../src/receipt/index.ts";
import { type ConformanceCase, type Fault, faults } from "../case.ts";
import { all, change, drop, type Edit, isRecord, type Json, put } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { alert, evidence, proposal, preview, execution, outcome, handoff } = SEQ;
const utf8 = (text: string) => new TextEncoder().encode(text);
const name = (text: string) => `artifacts.${sha256Hex(utf8(text))}`;

const PARENT = { run: "run-0", handoff: `sha256:${"a".repeat(64)}`, bundle: '{"a parent":"bundle"}' };
const ALERT = '{"alert":"checkout 5xx"}';
const NAMED: readonly (readonly [what: string, seq: number, text: string])[] = [
  ["the alert", alert, ALERT],
  ["the evidence's script", evidence, "async () => look();"],
  ["the second evidence item", evidence, '{"item":2}'],
  ["the proposed script", proposal, "async () => write(1);"],
  ["the file before", preview, "export const status = 500;\n"],
  ["the result", execution, '{"ok":true}'],
  ["the report", outcome, '{"probe":"report"}'],
  ["the summary", handoff, "What happened, for whoever comes next."],
  ["a file of the repository", handoff, "# Checkout\n"],
];

const missing: readonly Fault[] = NAMED.map(([what, seq, text]) => ({
  name: what,
  why: "Every artifact that a receipt names is in the bundle.",
  code: "ERR_ARTIFACT_MISSING",
  seq,
  options: { bundle: drop(name(text)) },
}));

const AT_ALERT: readonly (readonly [name: string, edit: Edit])[] = [
  ["one bit flipped", put(name(ALERT), toBase64(utf8(`${ALERT.slice(0, -1)}|`)))],
  ["another artifact's bytes", put(name(ALERT), toBase64(utf8("# Checkout\n")))],
  ["no bytes", put(name(ALERT), "")],
  ["a byte more", put(name(ALERT), toBase64(utf8(`${ALERT}\n`)))],
  ["base64 with a newline", change(name(ALERT), (old) => `${old}\n`)],
  ["base64 in the URL alphabet and a character too many", change(name(ALERT), (old) => `${old}_`)],
  ["text that is no base64", put(name(ALERT), ALERT)],
];

const UNNAMED: readonly (readonly [name: string, key: string])[] = [
  ["a name in upper case", sha256Hex(utf8("stray")).toUpperCase()],
  ["a name with a prefix", digestOf(utf8("stray"))],
  ["a name that is a path", "stray.txt"],
  ["an empty name", ""],
  ["the name __proto__", "__proto__"],
];

const STRAY = toBase64(utf8("stray"));
const repositoryOf = (bytes: string) =>
  canonicalize({
    "README.md": digestOf(utf8(bytes)),
    "src/checkout.js": digestOf(utf8("export const status = 401;\n")),
  });
const LOST = repositoryOf("no such file");

export const artifactCases: readonly ConformanceCase[] = [
  ...faults("artifact missing", missing),
  ...faults("artifact missing", [
    {
      name: "the bundle of the run that is continued",
      why: "Every artifact that a receipt names is in the bundle.",
      code: "ERR_ARTIFACT_MISSING",
      seq: alert,
      from: amend(SCENARIOS.approved, alert, { parent: PARENT }),
      options: { bundle: drop(name(PARENT.bundle)) },
    },
    {
      name: "a file that the repository names and nobody has",
      why: "The repository's files are artifacts too.",
      code: "ERR_ARTIFACT_MISSING",
      seq: handoff,
      edit: put("subject.1.digest.sha256", sha256Hex(utf8(LOST))),
      options: { store: [LOST] },
    },
    {
      name: "all of them",
      why: "Every artifact that a receipt names is in the bundle.",
      code: "ERR_ARTIFACT_MISSING",
      seq: alert,
      options: { bundle: put("artifacts", {}) },
    },
  ]),
  ...faults(
    "artifact altered",
    AT_ALERT.map(([how, bundle]) => ({
      name: `a named one: ${how}`,
      why: "An artifact whose bytes do not hash to its name is as good as missing.",
      code: "ERR_ARTIFACT_MISSING",
      seq: alert,
      options: { bundle },
    })),
  ),
  ...faults(
    "artifact altered",
    UNNAMED.map(([what, key]) => ({
      name: `one more, under ${what}`,
      why: "An artifact's name is the 64 lower-case hex digits of its bytes' SHA-256.",
      code: "ERR_ARTIFACT_ALTERED",
      options: { bundle: (value, written) => put("artifacts", addTo(value, key))(value, written) },
    })),
  ),
  ...faults("artifact unnamed", [
    {
      name: "a stray one",
      why: "A bundle holds what its receipts name, and nothing besides.",
      code: "ERR_ARTIFACT_UNNAMED",
      options: { bundle: put(name("stray"), STRAY) },
    },
    {
      name: "the parent of a run that continues none",
      why: "A bundle holds what its receipts name, and nothing besides.",
      code: "ERR_ARTIFACT_UNNAMED",
      options: { bundle: put(name(PARENT.bundle), toBase64(utf8(PARENT.bundle))) },
    },
    {
      name: "a stray one of no bytes, in a chain that is still open",
      why: "A bundle holds what its receipts name, and nothing besides.",
      code: "ERR_ARTIFACT_UNNAMED",
      from: SCENARIOS.approved.slice(0, 4),
      options: { bundle: all(put(name(""), "")) },
    },
  ]),
];

/** The artifacts of a bundle and a stray one; the name may hold dots. */
function addTo(bundle: Json, key: string): Json {
  const artifacts = isRecord(bundle) && isRecord(bundle.artifacts) ? bundle.artifacts : {};
  return Object.fromEntries([...Object.entries(artifacts), [key, STRAY]]);
}
