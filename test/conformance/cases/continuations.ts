// What a run does with what it was handed (rule 94): each link, and each chain by itself, is sound.
import { type CorpusCase, type Expected, INCOMPLETE, refused, VALID } from "../case.ts";
import { RESOURCES } from "../chain-writer.ts";
import { type Continued, continued } from "../continued.ts";
import { put } from "../json-edit.ts";
import { finished, type LineageRow, lineages } from "../lineage.ts";
import { canonicalize, digestOf, sha256Hex, utf8 } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, type Call, type Step } from "../step.ts";

const { approved, rejected, failed, unknown, expired, twoWrites, notRun } = SCENARIOS;
const { proposal } = SEQ;
const README = digestOf("# Checkout\n");
const FOUND = digestOf("export const status = 500;\n");
const WRITTEN = digestOf("export const status = 401;\n");

/** What the parent hands on: README.md and src/checkout.js as they are found. */
const parent = finished("notRun");
/** A run found these instead: README.md is not as it was handed on, or checkout.js is not. */
const otherReadme = { ...RESOURCES, "file:README.md": "# Other\n" };
const otherCheckout = { ...RESOURCES, "file:src/checkout.js": "export const status = 501;\n" };
const noCheckout = { "file:README.md": "# Checkout\n" };

const call = (method: string, args: Call["args"], connector = "repository"): Call => ({
  connector,
  method,
  args,
});
const proposing = (one: Call, steps: readonly Step[] = approved): readonly Step[] =>
  amend(steps, proposal, { call: one });
const remove = call("delete_file", { path: "README.md", before: README });
const format = call("format_file", { path: "README.md" });
const move = call("move_file", {
  from: "README.md",
  to: "docs/README.md",
  before: README,
  content: "# Checkout\n",
});
const again = amend(twoWrites, 6, { path: "src/checkout.js" });
/** A second write that says it starts from this. */
const second = (before: string | null): readonly Step[] =>
  amend(twoWrites, 6, { call: call("write_file", { path: "src/checkout.js", content: "x", before }) });

/** The same run, with a handoff of these digests. */
function handing(steps: readonly Step[], resources: Readonly<Record<string, string>>): Continued {
  const manifest = canonicalize(resources);
  return {
    steps: amend(steps, steps.length - 1, {
      edit: put("subject.1.digest.sha256", sha256Hex(utf8(manifest))),
    }),
    store: [manifest, "a content", "x"],
  };
}

const row = (
  rule: number | null,
  name: string,
  more: Continued,
  from = parent,
  said: Expected = rule === null ? VALID : refused(rule),
  before: readonly Expected[] = [VALID],
): LineageRow => [rule, name, continued(from, more).bundle, said, before];

/** A call on the run's own resources that the templates know by its name alone: a policy in which it is somebody else's. */
const notOwn = { policy: put("effects.0.own", false) };

const drifted: readonly LineageRow[] = [
  row(94, "with a file that is not as it was handed on", { resources: otherCheckout }),
  row(94, "with a file that was refused, and is not as it was handed on", {
    resources: otherCheckout,
    steps: rejected,
  }),
  row(94, "with a file that expired, and is not as it was handed on", {
    resources: otherCheckout,
    steps: expired,
  }),
  row(94, "of an open run, with a file that is not as it was handed on", {
    resources: otherCheckout,
    steps: approved.slice(0, 4),
  }),
  row(94, "with a new file where one was handed on", { resources: noCheckout }),
  row(94, "with a file deleted that is not as it was handed on", {
    resources: otherReadme,
    steps: proposing(call("delete_file", { path: "README.md", before: digestOf("# Other\n") })),
  }),
  row(94, "with a file moved to where one was handed on", {
    resources: { "file:README.md": "# Checkout\n" },
    steps: proposing(
      call("move_file", {
        from: "README.md",
        to: "src/checkout.js",
        before: README,
        content: "# Checkout\n",
      }),
    ),
  }),
  row(94, "with a second write that starts from before the first", { steps: second(FOUND) }),
  row(94, "with a second write that starts from nothing", { steps: second(null) }),
  row(94, "with a write to what it deleted, as if it were still there", {
    steps: amend(amend(twoWrites, 2, { call: remove }), 6, {
      call: call("write_file", { path: "README.md", content: "x", before: README }),
    }),
  }),
  row(94, "with a file handed on that nobody wrote", { resources: otherReadme }),
  row(94, "with a file left out that nobody deleted", handing(approved, { "file:src/checkout.js": WRITTEN })),
  row(94, "of no call, with a file that is not as it was handed on", {
    resources: otherReadme,
    steps: notRun,
  }),
  row(94, "of no call, with a file left out", { resources: noCheckout, steps: notRun }),
  row(
    94,
    "with the file of a failed write as if it were written",
    handing(failed, { "file:README.md": README, "file:src/checkout.js": WRITTEN }),
  ),
  row(
    94,
    "with the file of a rejected write as if it were written",
    handing(rejected, { "file:README.md": README, "file:src/checkout.js": WRITTEN }),
  ),
  row(
    94,
    "with the file of a rejected deletion left out",
    handing(proposing(remove, rejected), { "file:src/checkout.js": FOUND }),
  ),
  row(94, "with nothing handed on at all", handing(notRun, {})),
  row(94, "with a file written by a call that is not the run's own", {
    ...notOwn,
    ...handing(approved, { "file:README.md": README, "file:src/checkout.js": WRITTEN }),
  }),
  row(
    94,
    "with a file named __proto__ left out",
    { resources: {}, steps: notRun },
    finished("notRun", "run-0", { resources: JSON.parse('{"__proto__":"a file\\n"}') }),
  ),
  row(
    94,
    "with a file that its grandparent wrote and its parent handed on, as it was before",
    {},
    continued(finished("approved", "run-00"), {
      run: "run-0",
      steps: notRun,
      resources: { ...RESOURCES, "file:src/checkout.js": "export const status = 401;\n" },
    }),
    refused(94),
    [VALID, VALID],
  ),
];

const lawful: readonly LineageRow[] = [
  row(null, "with a write to what was handed on", {}),
  row(null, "with two writes to one file", { steps: again }),
  row(null, "with a file that was not handed on", {
    steps: amend(approved, proposal, { path: "src/cart.js" }),
  }),
  row(null, "with a file that was there and not handed on", {
    resources: { ...RESOURCES, "file:src/cart.js": "//\n" },
    steps: amend(approved, proposal, { path: "src/cart.js" }),
  }),
  row(null, "with a file more, that nobody wrote", { resources: { ...RESOURCES, "file:NOTES.md": "" } }),
  row(null, "with a file deleted", { steps: proposing(remove) }),
  row(null, "with a file moved", { steps: proposing(move) }),
  row(null, "with a file deleted, and written anew", {
    steps: amend(amend(twoWrites, 2, { call: remove }), 6, { path: "README.md" }),
  }),
  row(null, "with a file formatted, of which nobody knows how it was", {
    resources: otherReadme,
    steps: proposing(format),
  }),
  row(
    null,
    "with a file formatted, and then handed on as something else",
    handing(proposing(format), { "file:README.md": digestOf("a content"), "file:src/checkout.js": FOUND }),
  ),
  row(null, "with a file formatted, and then written from whatever it was", {
    resources: otherReadme,
    steps: amend(amend(twoWrites, 2, { call: format }), 6, {
      call: call("write_file", { path: "README.md", content: "x", before: digestOf("# Other\n") }),
    }),
  }),
  row(null, "with a write of which nobody knows, and the file left out", { steps: unknown }),
  row(
    null,
    "with a write of which nobody knows, and the file as it was",
    handing(unknown, { "file:README.md": README, "file:src/checkout.js": FOUND }),
  ),
  row(
    null,
    "with a write of which nobody knows, and the file as something else",
    handing(unknown, { "file:README.md": README, "file:src/checkout.js": digestOf("a content") }),
  ),
  row(null, "with a write that failed", { steps: failed }),
  row(null, "with a write that was rejected", { steps: rejected }),
  row(null, "with a call that is not the run's own, on a resource of a name that was handed on", {
    ...notOwn,
    resources: RESOURCES,
    steps: amend(approved, proposal, {
      call: call("write_file", { path: "README.md", content: "x", before: null }),
    }),
  }),
  row(null, "with a flag that was read", {
    steps: amend(proposing(call("set", { flag: "a", on: true }, "flags")), 3, {
      reads: { "flag:a": "false" },
    }),
  }),
  row(
    null,
    "with nothing handed on, and nothing known",
    { resources: RESOURCES },
    finished("notRun", "run-0", { resources: {} }),
  ),
  row(
    null,
    "with what a run of which nobody knows left out, at any content",
    { resources: otherCheckout },
    finished("unknown"),
  ),
  row(
    null,
    "with a file named __proto__",
    { resources: JSON.parse('{"__proto__":"a file\\n"}'), steps: notRun },
    finished("notRun", "run-0", { resources: JSON.parse('{"__proto__":"a file\\n"}') }),
  ),
  [
    null,
    "of an open run, up to a preview",
    continued(parent, { steps: approved.slice(0, 4) }).bundle,
    INCOMPLETE,
    [VALID],
  ],
  [
    null,
    "of an open run that was handed what it does not touch",
    continued(parent, { resources: otherReadme, steps: approved.slice(0, 6) }).bundle,
    INCOMPLETE,
    [VALID],
  ],
];

export const continuationCases: readonly CorpusCase[] = [
  ...lineages(
    "handed on",
    "A run starts from what was handed on, and only its own receipts change that.",
    drifted,
  ),
  ...lineages("handed on", "Of what is not known nothing is asked.", lawful),
];
