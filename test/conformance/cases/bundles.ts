// The bundle as a whole (rules 81–84): the run and the head that the caller means, and that there is a chain at all.
import { type CorpusCase, type Story, sound, wholeFaults } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { put, ZERO } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { approved } = SCENARIOS;
const { decision, handoff } = SEQ;
const { digests } = writeChain(approved);
const fork = writeChain(amend(approved, decision, { reason: "Fine." }));
const head = (seq: number | string, digest = digests[Number(seq)]): Story => ({
  expectHead: `${seq}:${digest}`,
});
const mangled = put(`receipts.${decision}.signatures.0.sig`, `${"A".repeat(86)}==`);

export const bundleCases: readonly CorpusCase[] = [
  ...wholeFaults("expected run", "The caller may say which run it means to verify.", [
    [81, "another", null, { expectRun: "run-2" }],
    [81, "in another letter case", null, { expectRun: "Run-1" }],
    [81, "none that there could be", null, { expectRun: "" }],
    [81, "another, of a bundle without receipts", null, { expectRun: "run-2", from: [] }],
    [
      81,
      "the one that the receipts are of, where the bundle says another",
      null,
      { expectRun: "run-1", options: { bundle: put("run", "run-2") } },
    ],
  ]),
  ...wholeFaults("empty chain", "Where there is no receipt nothing is attested.", [
    [82, "no receipt", null, { from: [] }],
    [82, "no receipt, but artifacts", null, { options: { bundle: put("receipts", []) } }],
    [82, "no receipt, of the run that is expected", null, { expectRun: "run-1", from: [] }],
    [82, "no receipt, and a head that is expected", null, { from: [], ...head(0) }],
  ]),
  ...wholeFaults("bundle's run", "A bundle is of the run that it names.", [
    [83, "another", null, { options: { bundle: put("run", "run-2") } }],
    [83, "another, that is expected", null, { expectRun: "run-2", options: { bundle: put("run", "run-2") } }],
    [
      83,
      "another, of one receipt",
      null,
      { from: approved.slice(0, 1), options: { bundle: put("run", "run-2") } },
    ],
  ]),
  ...wholeFaults("expected head", "The caller may hold a head, which the chain must have where it says.", [
    [84, "another digest at its place", null, head(handoff, ZERO)],
    [84, "the digest of another place", null, head(handoff, digests[decision])],
    [84, "the right digest, a place too early", null, head(decision - 1, digests[decision])],
    [84, "the right digest, beyond the end", null, head(8, digests[handoff])],
    [84, "a place far beyond the end", null, head("9007199254740991", digests[handoff])],
    [84, "a place of a chain that was cut off", null, { ...head(handoff), from: approved.slice(0, 5) }],
    [
      84,
      "the head of another telling of the run",
      null,
      { ...head(decision), from: amend(approved, decision, { reason: "Fine." }) },
    ],
    [
      84,
      "the head of another telling, where both are alike up to it",
      null,
      head(handoff, fork.digests[handoff]),
    ],
    [
      84,
      "in a chain without artifacts that nobody names, and with a stray one",
      null,
      { ...head(decision, ZERO), options: { bundle: put(`artifacts.${"e".repeat(64)}`, "AA==") } },
    ],
  ]),
  ...wholeFaults("expected head", "What was expected is told after what the chain says of itself.", [
    [
      6,
      "of an envelope that cannot be opened",
      decision,
      { ...head(decision), options: { bundle: mangled } },
    ],
    [
      6,
      "of an envelope after one that cannot be opened",
      decision,
      { ...head(handoff), options: { bundle: mangled } },
    ],
  ]),
  ...sound("expected head", "The caller may hold a head, which the chain must have where it says.", [
    ["the last receipt", head(handoff)],
    ["the first receipt", head(0)],
    ["a receipt in between, of the run that is expected", { ...head(decision), expectRun: "run-1" }],
  ]),
  ...sound(
    "expected head",
    "A chain that has gone on is still the one.",
    [["the last receipt of what there is", { ...head(4), from: approved.slice(0, 5) }]],
    "incomplete",
  ),
];
