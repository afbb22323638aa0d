// Runs that undo what their parent executed (rule 95). All but the effects of the two is judged by other rules.
import { type CorpusCase, type Expected, INCOMPLETE, refused, VALID } from "../case.ts";
import { type Chain, RESOURCES, writeChain } from "../chain-writer.ts";
import { type Continued, continued } from "../continued.ts";
import { changeList, ZERO } from "../json-edit.ts";
import { finished, type LineageRow, lineages } from "../lineage.ts";
import { digestOf } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, type Call, type Step } from "../step.ts";

const { approved, rejected, failed, unknown, twoWrites } = SCENARIOS;
const { evidence, proposal, execution } = SEQ;
const README = digestOf("# Checkout\n");
const WRITTEN = digestOf("export const status = 401;\n");
const AFTER = { ...RESOURCES, "file:src/checkout.js": "export const status = 401;\n" };

const call = (method: string, args: Call["args"], connector = "repository"): Call => ({
  connector,
  method,
  args,
});
const write = (path: string, content: string, before: string | null): Call =>
  call("write_file", { path, content, before });
const undo = write("src/checkout.js", "export const status = 500;\n", WRITTEN);
const parent = finished("approved");

/** A run that undoes the execution at this place of the parent by this call. */
function reverting(
  of: Chain,
  one: Call,
  { at = execution, steps = approved, ...options }: Continued & { at?: number } = {},
): Chain {
  const reverts = of.digests[at] ?? ZERO;
  const told = amend(steps, evidence, { planner: "revert", code: "", items: [] });
  return continued(of, {
    resources: AFTER,
    ...options,
    steps: amend(told, proposal, { call: one, reverts }),
  });
}

const row = (
  rule: number | null,
  name: string,
  run: Chain,
  said: Expected = rule === null ? VALID : refused(rule),
  before: readonly Expected[] = [VALID],
): LineageRow => [rule, name, run.bundle, said, before];

/** A parent that proposes this. */
const parentOf = (one: Call, options = {}, more: Partial<Step> = {}) =>
  writeChain(amend(amend(approved, proposal, { call: one }), 3, more), { run: "run-0", ...options });
const created = parentOf(write("src/cart.js", "//\n", null));
const removed = parentOf(call("delete_file", { path: "README.md", before: README }));
const moved = parentOf(
  call("move_file", { from: "README.md", to: "docs/README.md", before: README, content: "# Checkout\n" }),
);
const formatted = parentOf(call("format_file", { path: "README.md" }));
const paged = parentOf(call("page", null, "pager"));
const two = writeChain(twoWrites, { run: "run-0" });
const SECOND_EXECUTION = 9;

/** A policy that knows a call of two swaps, so that an order of effects can be told. */
const swaps = {
  policy: changeList("effects", (old) => [
    ...old,
    {
      connector: "flags",
      method: "swap",
      own: false,
      effects: [
        { resource: "flag:{a}", before: "read", after: "$on" },
        { resource: "flag:{b}", before: "read", after: "$off" },
      ],
    },
  ]),
};
const swap = (a: string, b: string, on: boolean): Call => call("swap", { a, b, on, off: !on }, "flags");
const swapped = parentOf(swap("x", "y", true), swaps, { reads: { "flag:x": "false", "flag:y": "true" } });
/** The swap back, in this order of effects, of flags that were read so. */
const swapBack = (one: Call, reads: Readonly<Record<string, string>>) =>
  reverting(swapped, one, { ...swaps, resources: RESOURCES, steps: amend(approved, 3, { reads }) });

const wrong: readonly LineageRow[] = [
  row(95, "an execution that is not there", reverting(parent, undo, { at: 99 })),
  row(95, "the decision in the execution's place", reverting(parent, undo, { at: 4 })),
  row(95, "the handoff", reverting(parent, undo, { at: 7 })),
  row(
    95,
    "another content than there was",
    reverting(parent, write("src/checkout.js", "export const status = 502;\n", WRITTEN)),
  ),
  row(
    95,
    "nothing, for the write once more",
    reverting(parent, write("src/checkout.js", "export const status = 401;\n", WRITTEN)),
  ),
  row(95, "another file", reverting(parent, write("README.md", "# Checkout\n", README))),
  row(
    95,
    "the first write, by the second one's effects",
    reverting(two, write("src/cart.js", "//\n", digestOf("export const status = 402;\n")), {
      resources: { ...AFTER, "file:src/cart.js": "export const status = 402;\n" },
    }),
  ),
  row(
    95,
    "a new file, by emptying it",
    reverting(created, write("src/cart.js", "", digestOf("//\n")), {
      resources: { ...RESOURCES, "file:src/cart.js": "//\n" },
    }),
  ),
  row(
    95,
    "half of two effects",
    reverting(moved, call("delete_file", { path: "docs/README.md", before: README }), {
      resources: {
        "file:src/checkout.js": "export const status = 500;\n",
        "file:docs/README.md": "# Checkout\n",
      },
    }),
  ),
  row(
    95,
    "what nobody knows",
    reverting(formatted, call("format_file", { path: "README.md" }), { resources: RESOURCES }),
  ),
  row(95, "a call of no effect", reverting(paged, call("page", null, "pager"), { resources: RESOURCES })),
  row(
    95,
    "a call of two effects, of which one is wrong",
    swapBack(swap("x", "y", false), { "flag:x": "true", "flag:y": "true" }),
  ),
  row(
    95,
    "another content, in a first proposal that was sent back",
    reverting(parent, write("src/checkout.js", "export const status = 502;\n", WRITTEN), {
      steps: SCENARIOS.revisedOnce,
    }),
  ),
  row(
    95,
    "of an open run, another content",
    reverting(parent, write("src/checkout.js", "export const status = 502;\n", WRITTEN), {
      steps: approved.slice(0, 4),
    }),
  ),
  row(
    95,
    "of an open run without its preview, the decision in the execution's place",
    reverting(parent, undo, { at: 4, steps: approved.slice(0, 3) }),
  ),
];

/** Executions that were not executed, of which the child's effects would otherwise be right. */
const notExecuted: readonly LineageRow[] = (
  [
    ["an execution that failed", failed],
    ["an execution of which nobody knows", unknown],
    ["an execution that was withheld", rejected],
  ] as const
).map(([name, steps]) => {
  const of = writeChain(
    amend(steps, proposal, { call: call("set", { flag: "a", on: true }, "flags") }).map((step, i) =>
      i === 3 ? { ...step, reads: { "flag:a": "false" } } : step,
    ),
    { run: "run-0" },
  );
  const one = reverting(of, call("set", { flag: "a", on: false }, "flags"), {
    resources: RESOURCES,
    steps: amend(approved, 3, { reads: { "flag:a": "true" } }),
  });
  return row(95, name, one);
});

const lawful: readonly LineageRow[] = [
  row(null, "a write", reverting(parent, undo)),
  row(null, "a write, which was then rejected", reverting(parent, undo, { steps: rejected })),
  row(
    null,
    "a new file",
    reverting(created, call("delete_file", { path: "src/cart.js", before: digestOf("//\n") }), {
      resources: { ...RESOURCES, "file:src/cart.js": "//\n" },
    }),
  ),
  row(
    null,
    "a deletion",
    reverting(removed, write("README.md", "# Checkout\n", null), {
      resources: { "file:src/checkout.js": "export const status = 500;\n" },
    }),
  ),
  row(
    null,
    "a move",
    reverting(
      moved,
      call("move_file", { from: "docs/README.md", to: "README.md", before: README, content: "# Checkout\n" }),
      {
        resources: {
          "file:src/checkout.js": "export const status = 500;\n",
          "file:docs/README.md": "# Checkout\n",
        },
      },
    ),
  ),
  row(
    null,
    "the second of two writes",
    reverting(
      two,
      call("delete_file", { path: "src/cart.js", before: digestOf("export const status = 402;\n") }),
      { at: SECOND_EXECUTION, resources: { ...AFTER, "file:src/cart.js": "export const status = 402;\n" } },
    ),
  ),
  row(
    null,
    "the first of two writes",
    reverting(two, undo, { resources: { ...AFTER, "file:src/cart.js": "export const status = 402;\n" } }),
  ),
  row(
    null,
    "two effects, in their order",
    swapBack(swap("x", "y", false), { "flag:x": "true", "flag:y": "false" }),
  ),
  row(
    null,
    "two effects, in the other order",
    swapBack(swap("y", "x", true), { "flag:x": "true", "flag:y": "false" }),
  ),
  row(
    null,
    "a write, of which there is no preview yet",
    reverting(parent, undo, { steps: approved.slice(0, 3) }),
    INCOMPLETE,
  ),
  row(
    null,
    "a write, of which there is only the preview",
    reverting(parent, undo, { steps: approved.slice(0, 4) }),
    INCOMPLETE,
  ),
  row(
    null,
    "a write by another call in its next proposal, once it was sent back",
    reverting(parent, undo, { steps: SCENARIOS.revisedOnce }),
  ),
  row(
    null,
    "nothing, where the same change is proposed by an agent",
    continued(parent, { resources: AFTER, steps: amend(approved, proposal, { call: undo }) }),
  ),
];

export const revertCases: readonly CorpusCase[] = [
  ...lineages("revert", "A revert swaps the effects of an execution of the parent, and no others.", [
    ...wrong,
    ...notExecuted,
  ]),
  ...lineages("revert", "A revert swaps the effects of an execution of the parent, and no others.", lawful),
];
