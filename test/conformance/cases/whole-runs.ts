// Chains with nothing wrong: every lawful shape of a run, unusual but lawful content, and chains that are still open.
import { type CorpusCase, type Story, sound } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { put } from "../json-edit.ts";
import { canonicalize, digestOf } from "../primitives.ts";
import { alicePasskey, bobSk, carolSk, LISTED } from "../reviewer-keys.ts";
import { QUORUM, QUORUMS, SCENARIOS, SEQ } from "../scenarios.ts";
import { ssh } from "../ssh.ts";
import { amend, type Call, type Step } from "../step.ts";
import { webauthn } from "../webauthn.ts";

const { approved, revisedOnce, twoWrites, expired, edited } = SCENARIOS;
const { alert, evidence, proposal, preview } = SEQ;

const parent = writeChain(SCENARIOS.unresolved, { run: "run-0" });
const continues = { run: "run-0", handoff: parent.digests.at(-1) ?? "", bundle: canonicalize(parent.bundle) };

const proposing = (call: Call, more: Partial<Step> = {}): Story => ({
  from: amend(amend(approved, proposal, { call }), preview, more),
});

/** Three reviewers who sign with keys of three forms. */
const signed = [webauthn(alicePasskey), ssh(carolSk), ssh(bobSk)].reduce<readonly Step[]>(
  (steps, assert, i) => amend(steps, 4 + i, { assert }),
  QUORUMS.approved,
);

const lower = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const open: readonly (readonly [name: string, from: readonly Step[], lengths: readonly number[]])[] = [
  ["approved", approved, [1, 2, 3, 4, 5, 6, 7]],
  ["revised", revisedOnce, [6, 7, 8, 9, 11]],
  ["edited", edited, [6, 7, 8]],
  ["two writes", twoWrites, [6, 8, 10]],
  ["expired", expired, [5, 6]],
];

export const wholeRunCases: readonly CorpusCase[] = [
  ...sound(
    "whole run",
    "A whole lawful run.",
    Object.entries(SCENARIOS).map(([name, from]) => [lower(name), { from }] as const),
  ),
  ...sound("whole run", "A whole lawful run.", [
    ["of 64 characters", { options: { run: "_-".repeat(32) } }],
    ["that continues another", { from: amend(approved, alert, { parent: continues }) }],
    [
      "in which three sign with keys of their own, present",
      {
        from: signed,
        options: {
          policy: (value, written) => QUORUM.policy(put("reviewerKey", "present")(value, written), written),
        },
        trust: LISTED,
      },
    ],
    [
      "without a policy's rule, effects or free calls",
      {
        from: amend(amend(approved, evidence, { items: [] }), proposal, {
          call: { connector: "a", method: "b", args: null },
        }),
        options: {
          policy: (value, written) =>
            put("rule", "")(put("effects", [])(put("free", [])(value, written), written), written),
        },
      },
    ],
  ]),
  ...sound("call", "What the policy knows of a call is what it changes.", [
    ["of a new file", { from: amend(approved, proposal, { path: "src/cart.js" }) }],
    [
      "that deletes a file",
      proposing({
        connector: "repository",
        method: "delete_file",
        args: { path: "README.md", before: digestOf("# Checkout\n") },
      }),
    ],
    [
      "that moves a file",
      proposing({
        connector: "repository",
        method: "move_file",
        args: {
          from: "README.md",
          to: "docs/é.md",
          before: digestOf("# Checkout\n"),
          content: "# Checkout\n",
        },
      }),
    ],
    [
      "of which nobody knows what it changes",
      proposing({ connector: "repository", method: "format_file", args: { path: "README.md" } }),
    ],
    [
      "on something read, as JSON",
      proposing(
        { connector: "flags", method: "set", args: { flag: "new pricing/€", on: { percent: 50 } } },
        { reads: { "flag:new%20pricing%2F%E2%82%AC": "false" } },
      ),
    ],
    [
      "on something read that is not there",
      proposing({ connector: "flags", method: "set", args: { flag: true, on: null } }),
    ],
    [
      "of several effects, without a before",
      proposing({
        connector: "database",
        method: "migrate",
        args: { schema: "shop", table: 7, from: null, to: 2 },
      }),
    ],
    [
      "that no template is about",
      proposing({
        connector: "pager",
        method: "page",
        args: [{ to: "oncall", after: 0.5, tries: 1e21, note: "\u2028é\u0000", nested: { "": null } }],
      }),
    ],
    [
      "write_file of another connector, which no template is about",
      proposing({ connector: "notes", method: "write_file", args: {} }),
    ],
  ]),
  ...sound(
    "incomplete",
    "Everything present verifies, and the run has not ended.",
    open.flatMap(([name, from, lengths]) =>
      lengths.map(
        (length) =>
          [
            `${name}, up to the ${from[length - 1]?.kind} (${length} receipts)`,
            { from: from.slice(0, length) },
          ] as const,
      ),
    ),
    "incomplete",
  ),
];
