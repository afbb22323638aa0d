// The policy that a run stands under (rules 22, 27–29): an artifact of fixed shape, the same in every receipt.
import { accepted, type CorpusCase, faults, type Row } from "../case.ts";
import { TRUST } from "../fixed-keys.ts";
import { all, changeList, drop, type Edit, edited, type Json, put } from "../json-edit.ts";
import { POLICY } from "../policy.ts";
import { canonicalize, digestOf, utf8 } from "../primitives.ts";
import { SEQ } from "../scenarios.ts";
import { KINDS } from "../step.ts";

const { alert, evidence } = SEQ;
const OTHER = `sha256:${"b".repeat(64)}`;

const entry = (connector: string, method: string): Json => ({ connector, method, own: false, effects: [] });
const call = (connector: string, method: string): Json => ({ connector, method });
const role = (name: string, count: Json): Json => ({ role: name, count });
const add = (path: string, ...more: readonly Json[]): Edit => changeList(path, (old) => [...old, ...more]);
const numbered = (count: number, each: (i: number) => Json): readonly Json[] =>
  Array.from({ length: count }, (_, i) => each(i));

const contents: readonly (readonly [name: string, policy: Edit])[] = [
  ["version 1", put("version", 1)],
  ["version 3", put("version", 3)],
  ["version 2 in quotes", put("version", "2")],
  ["an unknown member", put("exception", "friday")],
  ["a member named __proto__", put("__proto__", {})],
  ...["domain", "rule", "effects", "free", "decisionSeconds", "revisions", "approvals"].map(
    (name) => [`no ${name}`, drop(name)] as const,
  ),
  ...["separateReviewer", "reviewerKey", "logged"].map((name) => [`no ${name}`, drop(name)] as const),
  ["an empty domain", put("domain", "")],
  ["a domain of 101 units", put("domain", "d".repeat(101))],
  ["a rule of 2001 units", put("rule", "r".repeat(2001))],
  ["effects by name", put("effects", {})],
  [
    "501 effects",
    put(
      "effects",
      numbered(501, (i) => entry("c", `${i}`)),
    ),
  ],
  ["an unknown member of an entry", put("effects.0.note", "")],
  ["an entry without own", drop("effects.0.own")],
  ["an entry whose own is null", put("effects.0.own", null)],
  ["an entry without effects", drop("effects.0.effects")],
  ["an empty connector in effects", add("effects", entry("", "m"))],
  ["an empty method in effects", add("effects", entry("c", ""))],
  ["a connector of 101 units in effects", add("effects", entry("c".repeat(101), "m"))],
  ["a method of 101 units in effects", add("effects", entry("c", "m".repeat(101)))],
  [
    "101 templates",
    put(
      "effects.0.effects",
      numbered(101, (i) => template(`r${i}`)),
    ),
  ],
  ["free by name", put("free", {})],
  [
    "501 free calls",
    put(
      "free",
      numbered(501, (i) => call("c", `${i}`)),
    ),
  ],
  ["an unknown member of a free call", put("free.0.effects", [])],
  ["an empty connector in free", add("free", call("", "m"))],
  ["an empty method in free", add("free", call("c", ""))],
  ["a connector of 101 units in free", add("free", call("c".repeat(101), "m"))],
  ["a method of 101 units in free", add("free", call("c", "m".repeat(101)))],
  ["a call twice in effects", add("effects", entry("repository", "write_file"))],
  ["a call twice in free", add("free", call("browser", "run_checkout"))],
  ["a call in effects and in free", add("free", call("repository", "write_file"))],
  ["no time to decide", put("decisionSeconds", 0)],
  ["a second more than a year to decide", put("decisionSeconds", 31_536_001)],
  ["half a second to decide", put("decisionSeconds", 0.5)],
  ["a time to decide in quotes", put("decisionSeconds", "900")],
  ["0 revisions", put("revisions", 0)],
  ["1001 revisions", put("revisions", 1001)],
  ["revisions that are true", put("revisions", true)],
  ["an empty list of approvals", put("approvals", [])],
  [
    "11 roles",
    put(
      "approvals",
      numbered(11, (i) => role(`r${i}`, 1)),
    ),
  ],
  ["a role twice", put("approvals", [role("reviewer", 1), role("reviewer", 2)])],
  ["an empty role", put("approvals", [role("", 1)])],
  ["a role of 41 units", put("approvals", [role("r".repeat(41), 1)])],
  ["a count of 0", put("approvals", [role("reviewer", 0)])],
  ["a count of 21", put("approvals", [role("reviewer", 21)])],
  ["a count that is true", put("approvals", [role("reviewer", true)])],
  ["an unknown member of an approval", put("approvals.0.by", "x")],
  ["approvals by role", put("approvals", { reviewer: 1 })],
  ["separateReviewer as a word", put("separateReviewer", "yes")],
  ["separateReviewer as a number", put("separateReviewer", 1)],
  ["a reviewerKey outside its words", put("reviewerKey", "no")],
  ["a reviewerKey that is false", put("reviewerKey", false)],
  ["a word of logged that is none", put("logged", "yes")],
  ["logged that is false", put("logged", false)],
  ["a list", put("", [])],
  ["null", put("", null)],
];

function template(resource: string, before = "absent", after = "absent"): Json {
  return { resource, before, after };
}

const withTemplate = (value: Json): Edit => put("effects.0.effects", [value]);
const spellings: readonly (readonly [name: string, how: (text: string) => string | Uint8Array])[] = [
  ["a rule that is not UTF-8", brokenRule],
  ["a trailing newline", (text) => `${text}\n`],
  ["a byte order mark", (text) => `\ufeff${text}`],
  ["a member twice", (text) => text.replace('"version":2', '"version":2,"version":2')],
  ["version 2.0", (text) => text.replace('"version":2', '"version":2.0')],
  ["900 as 9e2", (text) => text.replace(":900,", ":9e2,")],
  ["no JSON", () => "allow everything"],
  ["nothing", () => ""],
];

/** Puts a byte that is no UTF-8 where the rule ends. */
function brokenRule(text: string): Uint8Array {
  const bytes = utf8(text);
  bytes[utf8(text.slice(0, text.indexOf("every write") + 10)).length] = 0xff;
  return bytes;
}

const why = "A policy is canonical JSON of exactly its twelve members.";
const atAlert = (name: string, policy: Edit): Row => [28, name, alert, {}, { options: { policy } }];
const policyDigest = digestOf(canonicalize(POLICY));
const pinned = (...policies: readonly Json[]) => ({ trust: edited(TRUST, put("policies", policies)) });

export const policyCases: readonly CorpusCase[] = [
  ...faults(
    "policy",
    "Every receipt binds the policy of the alert.",
    KINDS.map(
      (kind, seq): Row => [seq === 0 ? 27 : 22, `${kind} names another`, seq, put("predicate.policy", OTHER)],
    ),
  ),
  ...faults(
    "policy",
    why,
    contents.map(([name, policy]) => atAlert(name, policy)),
  ),
  ...faults(
    "policy's spelling",
    why,
    spellings.map(([name, policyText]): Row => [28, name, alert, {}, { options: { policyText } }]),
  ),
  ...faults("pinned policy", "A trust policy may say which policies count.", [
    [29, "none", alert, {}, pinned()],
    [29, "another", alert, {}, pinned(OTHER)],
    [
      29,
      "this one under other rules",
      alert,
      {},
      { ...pinned(policyDigest), options: { policy: put("revisions", 4) } },
    ],
  ]),
  ...accepted("pinned policy", "A trust policy may say which policies count.", [
    ["this one", evidence, {}, pinned(OTHER, policyDigest)],
    ["this one twice", evidence, {}, pinned(policyDigest, policyDigest)],
  ]),
  ...accepted("policy", "These are policies.", [
    [
      "the shortest",
      alert,
      {},
      {
        options: {
          policy: all(
            put("domain", "d"),
            put("rule", ""),
            put("effects", []),
            put("free", []),
            put("decisionSeconds", 1),
            put("revisions", 1),
          ),
        },
      },
    ],
    [
      "the longest lists",
      alert,
      {},
      {
        options: {
          policy: all(
            put(
              "effects",
              numbered(500, (i) => entry("c", `${i}`)),
            ),
            put(
              "free",
              numbered(500, (i) => call("f", `${i}`)),
            ),
          ),
        },
      },
    ],
    [
      "the longest texts and the greatest numbers",
      alert,
      {},
      {
        options: {
          policy: all(
            put("domain", "é".repeat(100)),
            put("rule", "é".repeat(2000)),
            add("effects", entry("c".repeat(100), "m".repeat(100))),
            put(
              "effects.0.effects",
              numbered(100, (i) => template(`${i}`.padEnd(1000, "r"))),
            ),
            put("decisionSeconds", 31_536_000),
            put("revisions", 1000),
            put(
              "approvals",
              numbered(10, (i) => role(`${i}`.padEnd(40, "r"), 20)),
            ),
          ),
        },
      },
    ],
    [
      "calls of one connector, and one method of two",
      alert,
      {},
      { options: { policy: add("free", call("browser", "write_file"), call("Browser", "run_checkout")) } },
    ],
    [
      "the other words",
      alert,
      {},
      { options: { policy: all(put("separateReviewer", true), put("reviewerKey", "present")) } },
    ],
    ...[...":/?#[]@!$&'()*+,;="].map(
      (separator) =>
        [
          `a template with ${separator} between two placeholders`,
          alert,
          {},
          { options: { policy: withTemplate(template(`a{b}-${separator}{_c1}`)) } },
        ] as const,
    ),
    [
      "a template with a plus after a placeholder",
      alert,
      {},
      { options: { policy: withTemplate(template("{a}/{+b}", "$_", "$A9_z")) } },
    ],
    [
      "a template of a plus alone",
      alert,
      {},
      { options: { policy: withTemplate(template("{+b}", "read", "unknown")) } },
    ],
    [
      "a template that names one argument twice",
      alert,
      {},
      { options: { policy: withTemplate(template("{a}/{a}")) } },
    ],
    [
      "a template without a placeholder, twice",
      alert,
      {},
      { options: { policy: put("effects.0.effects", [template("config"), template("config")]) } },
    ],
  ]),
];
