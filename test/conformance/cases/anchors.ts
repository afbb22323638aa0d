// What a log says of a chain (rules 96 and 97): the proofs in `anchors`, under the log policy of the trust policy.
import { type CorpusCase, type Story, sound, wholeFaults } from "../case.ts";
import { TRUST } from "../fixed-keys.ts";
import { all, changeList, type Edit, edited, type Json, put } from "../json-edit.ts";
import { LOG, noteSigner, ORIGIN, type ProofPlan, proofOf, vkeyOf, WITNESSES } from "../log-writer.ts";
import { LISTED } from "../reviewer-keys.ts";
import { QUORUM, QUORUMS, SCENARIOS, SEQ } from "../scenarios.ts";

const { decision, handoff } = SEQ;
const [w1, w2, w3] = WITNESSES.map((witness, i) => `witness w${i + 1} ${vkeyOf(witness)}\n`);
const POLICY = `log ${vkeyOf(LOG)}\n${w1}${w2}${w3}group any-two 2 w1 w2 w3\nquorum any-two\n`;
const trustOf = (log: Json): Json => edited(TRUST, put("log", log));
const TRUSTED = trustOf(POLICY);
const LOGGED = { policy: put("logged", "decisions") };

/** An anchor of a decision at its place, or of the handoff. */
function anchor(seq: number, plan: ProofPlan = {}, reviewer = "reviewer@example.com"): Edit {
  return (bundle, written) => {
    const ends = seq === written.digests.length - 1 && plan.entry?.kind !== "decision";
    const kind = ends ? "handoff" : "decision";
    const receipt = { seq, kind, reviewer: ends ? null : reviewer, digest: written.digests[seq] ?? "" };
    return changeList("anchors", (given) => [...given, { seq, proof: proofOf(receipt, plan) }])(
      bundle,
      written,
    );
  };
}

const anchored = (...edits: readonly Edit[]): Story => ({
  trust: TRUSTED,
  options: { bundle: all(...edits) },
});
const both = anchored(anchor(decision), anchor(handoff));
const one = (plan: ProofPlan): Story => anchored(anchor(decision, plan));
const under = (log: string, story: Story = both): Story => ({ ...story, trust: trustOf(log) });
const logged = (story: Story): Story => ({ ...story, options: { ...story.options, ...LOGGED } });

const stranger = noteSigner("witness.example/w9", 4, 0x99);
const namesake = noteSigner(ORIGIN, 1, 0x98);
const elsewhere = noteSigner("elsewhere.example/log", 1, 0x97);
const badly = (of: RegExp) => (note: string) =>
  note.replace(of, (text) => text.replace(/.(?===?\n|\n|$)/, (last) => (last === "A" ? "B" : "A")));
const broken = (name: string) => (note: string) =>
  note.replace(new RegExp(`(?<=— ${name} .{40})(.)`), (letter) => (letter === "A" ? "B" : "A"));

const WHY = "A proof counts if the log has exactly this receipt, and a quorum of its witnesses saw that.";

const proofs: readonly (readonly [name: string, story: Story])[] = [
  ["a proof of a receipt that is neither", anchored(anchor(SEQ.preview))],
  ["a proof of a place beyond the end", anchored(anchor(9))],
  ["a receipt twice", anchored(anchor(decision), anchor(decision))],
  [
    "the handoff's proof for the decision",
    anchored(anchor(decision, { entry: { kind: "handoff", reviewer: null } })),
  ],
  ["another issuer", one({ entry: { issuer: "https://elsewhere.example" } })],
  ["another run", one({ entry: { run: "run-2" } })],
  ["another place", one({ entry: { seq: 5 } })],
  ["another reviewer", one({ entry: { reviewer: "mallory" } })],
  ["another receipt", one({ entry: { receipt: `sha256:${"0".repeat(64)}` } })],
  ["a member too many", one({ entry: { more: 1 } })],
  ["no witness", one({ witnesses: [] })],
  ["one witness of two", one({ witnesses: WITNESSES.slice(0, 1) })],
  ["one witness twice", one({ witnesses: [...WITNESSES.slice(0, 1), ...WITNESSES.slice(0, 1)] })],
  ["one witness and a stranger", one({ witnesses: [...WITNESSES.slice(0, 1), stranger] })],
  ["witnesses without the log", one({ logs: [] })],
  ["the log's name, another key", one({ logs: [namesake] })],
  ["another log's checkpoint", one({ logs: [elsewhere] })],
  ["the log's key under another origin", one({ origin: "elsewhere.example/log" })],
  ["a signature of the log that does not hold", one({ note: broken(ORIGIN) })],
  [
    "a second signature of the log that does not hold",
    one({ note: (note) => note + (badly(/— countersign.*\n/)(note).match(/— countersign.*\n/)?.[0] ?? "") }),
  ],
  [
    "a cosignature that does not hold, beyond the quorum",
    one({ witnesses: WITNESSES, note: broken("witness.example/w3") }),
  ],
  ["a time beyond 2^63 − 1", one({ time: 2n ** 63n })],
  ["an index that is another", one({ proof: (proof) => proof.replace("index 2", "index 1") })],
  ["an index beyond the tree", one({ proof: (proof) => proof.replace("index 2", "index 5") })],
  ["an index with a leading zero", one({ proof: (proof) => proof.replace("index 2", "index 02") })],
  ["no index", one({ proof: (proof) => proof.replace("index 2\n", "") })],
  ["a hash too few", one({ proof: (proof) => proof.replace(/(?<=index 2\n).*\n/, "") })],
  ["a hash too many", one({ proof: (proof) => proof.replace("index 2\n", `index 2\n${"A".repeat(43)}=\n`) })],
  [
    "a hash of 31 bytes",
    one({ proof: (proof) => proof.replace(/(?<=index 2\n).*\n/, `${"A".repeat(42)}==\n`) }),
  ],
  ["another version", one({ proof: (proof) => proof.replace("@v1", "@v2") })],
  ["extra data that is not base64", one({ proof: (proof) => proof.replace("index", "extra *\nindex") })],
  ["extra data twice", one({ proof: (proof) => proof.replace("index", "extra AAAA\nextra AAAA\nindex") })],
  ["nothing", one({ proof: () => "" })],
  ["a checkpoint of another size", one({ note: (note) => note.replace("\n5\n", "\n6\n") })],
  ["a size with a leading zero", one({ note: (note) => note.replace("\n5\n", "\n05\n") })],
  ["a tab in the note", one({ note: (note) => note.replace("\n5\n", "\n5\t\n") })],
  ["no signature line", one({ note: (note) => note.slice(0, note.indexOf("\n\n") + 2) })],
  ["a signature line with a hyphen", one({ note: (note) => `${note}- ${ORIGIN} AAAAAAA=\n` })],
  ["a signature line without a signature", one({ note: (note) => `${note}— x AAAAAA==\n` })],
  ["a signature line of 101", one({ note: (note) => note + "— x AAAAAAA=\n".repeat(98) })],
  ["a key's name with a no-break space", one({ note: (note) => `${note}— x\u00a0y AAAAAAA=\n` })],
  ["no newline at the end", one({ note: (note) => note.slice(0, -1) })],
  ["an empty extension line", one({ extension: "\n" })],
  ["a lone surrogate", one({ proof: (proof) => proof.replace("— ", "\ud800— ") })],
];

const lawful: readonly (readonly [name: string, story: Story])[] = [
  ["decision and handoff", both],
  ["the handoff alone", anchored(anchor(handoff))],
  ["in the other order", anchored(anchor(handoff), anchor(decision))],
  ["all three witnesses, and a stranger", one({ witnesses: [...WITNESSES, stranger] })],
  [
    "a stranger's cosignature that does not hold",
    one({ witnesses: [...WITNESSES, stranger], note: broken("witness.example/w9") }),
  ],
  ["two cosignatures of one witness", one({ witnesses: [...WITNESSES, ...WITNESSES] })],
  ["a namesake's signature beside the log's", one({ logs: [LOG, namesake] })],
  ["the log's signature twice", one({ note: (note) => note + (note.match(/— countersign.*\n/)?.[0] ?? "") })],
  ["the time 0", one({ time: 0n })],
  ["the time 2^63 − 1", one({ time: 2n ** 63n - 1n })],
  ["a tree of one entry", one({ before: 0, after: 0 })],
  ["the first of many entries", one({ before: 0, after: 260 })],
  ["the last of many entries", one({ before: 256, after: 0 })],
  ["extra data", one({ proof: (proof) => proof.replace("index", "extra AAAA\nindex") })],
  ["empty extra data", one({ proof: (proof) => proof.replace("index", "extra \nindex") })],
  ["extension lines", one({ extension: "more\nand more\n" })],
  ["100 signature lines", one({ note: (note) => note + "— x AAAAAAA=\n".repeat(97) })],
  ["a policy without witnesses", under(`log ${vkeyOf(LOG)}\nquorum none`, one({ witnesses: [] }))],
  [
    "a cosignature that does not hold, of a witness that the policy does not list",
    under(`log ${vkeyOf(LOG)}\nquorum none\n`, one({ note: broken("witness.example/w1") })),
  ],
  ["a witness as the quorum", under(`log ${vkeyOf(LOG)}\n${w1}quorum w1\n`)],
  [
    "groups in groups",
    under(`log ${vkeyOf(LOG)}\n${w1}${w2}${w3}group a any w1 w3\ngroup b all a w2\nquorum b\n`),
  ],
  [
    "comments, tabs and addresses",
    under(`# a policy\n\n\t log\t${vkeyOf(LOG)} https://x \n${w1} \n  #\nquorum w1`),
  ],
  ["two logs of one name", under(POLICY.replace("witness", `log ${vkeyOf(namesake)}\nwitness`))],
];

export const anchorCases: readonly CorpusCase[] = [
  ...wholeFaults(
    "anchor",
    WHY,
    proofs.map(([name, story]) => [96, name, null, story] as const),
  ),
  ...wholeFaults("anchor", "One that fails is told wherever the chain ends.", [
    [
      96,
      "in a chain that has not ended",
      null,
      { ...one({ witnesses: [] }), from: SCENARIOS.approved.slice(0, 6) },
    ],
    [
      96,
      "an approval that settles nothing",
      null,
      {
        trust: edited(LISTED, put("log", POLICY)),
        from: QUORUMS.approved,
        options: { ...QUORUM, bundle: anchor(decision, {}, "alice") },
      },
    ],
    [
      96,
      "an anchor in a chain without receipts' alert",
      null,
      { ...anchored(anchor(0)), from: SCENARIOS.approved.slice(0, 1) },
    ],
  ]),
  ...wholeFaults(
    "logged decisions",
    "Where the policy asks for it, nothing is done on an approval that nobody could see.",
    [
      [97, "no anchor", null, logged({ trust: TRUSTED })],
      [97, "the handoff's alone", null, logged(anchored(anchor(handoff)))],
      [
        97,
        "no anchor, and nobody knows whether it happened",
        null,
        logged({ trust: TRUSTED, from: SCENARIOS.unknown }),
      ],
      [
        97,
        "the first of two approvals alone",
        null,
        logged({ ...anchored(anchor(decision)), from: SCENARIOS.twoWrites }),
      ],
      [
        97,
        "no anchor, and the chain has not ended",
        null,
        logged({ trust: TRUSTED, from: SCENARIOS.approved.slice(0, 6) }),
      ],
      [
        97,
        "no anchor, and a log policy that asks for no witness",
        null,
        logged({ trust: trustOf(`log ${vkeyOf(LOG)}\nquorum none\n`) }),
      ],
    ],
  ),
  ...sound("anchor", WHY, lawful),
  ...sound("anchor", "Without a log in the trust policy they are not looked at.", [
    ["junk", { options: { bundle: put("anchors", [{ seq: 99, proof: "" }]) } }],
    ["none, where decisions are logged", { options: LOGGED }],
  ]),
  ...sound("logged decisions", "An approval on which nothing happened needs no anchor.", [
    ["the decision's", logged(anchored(anchor(decision)))],
    ["both of two", logged({ ...anchored(anchor(4), anchor(8)), from: SCENARIOS.twoWrites })],
    ["none, of a rejection", logged({ trust: TRUSTED, from: SCENARIOS.rejected })],
    ["none, of a call that failed", logged({ trust: TRUSTED, from: SCENARIOS.failed })],
    ["none, of a proposal that expired", logged({ trust: TRUSTED, from: SCENARIOS.expired })],
    ["none, where nothing was asked for", { trust: TRUSTED }],
  ]),
  ...sound(
    "logged decisions",
    "A chain whose call has not been made yet is only incomplete.",
    [
      ["none, of an approval that waits", logged({ trust: TRUSTED, from: SCENARIOS.approved.slice(0, 5) })],
      [
        "the decision's, of an approval that waits",
        logged({
          ...anchored(anchor(decision, { entry: { kind: "decision" } })),
          from: SCENARIOS.approved.slice(0, 5),
        }),
      ],
    ],
    "incomplete",
  ),
];
