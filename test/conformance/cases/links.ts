// Links and times (rules 19–21, 23): one run, numbered without gap, each receipt bound to the whole envelope before it.
import { type CorpusCase, faults, sound, wholeFaults } from "../case.ts";
import { PAYLOAD_TYPE, writeChain } from "../chain-writer.ts";
import { OPEN_TRUST } from "../fixed-keys.ts";
import { at, change, changeList, type Edit, type Json, put, ZERO } from "../json-edit.ts";
import { digestOf, fromBase64, preAuthEncode } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { alert, evidence, proposal, preview, decision, execution, outcome, handoff } = SEQ;
const mine = writeChain(SCENARIOS.approved);
const other = writeChain(SCENARIOS.approved, { run: "run-2" });
/** The same run told otherwise from the evidence on. */
const fork = writeChain(amend(SCENARIOS.approved, evidence, { items: [] }));

/** Changes the finished list of envelopes; nothing is signed again. */
const receipts = (how: (old: readonly Json[]) => readonly Json[]) => ({
  options: { bundle: changeList("receipts", how) },
});
const moved = (from: number, to: number) =>
  receipts((old) => {
    const rest = old.filter((_, i) => i !== from);
    return [...rest.slice(0, to), ...old.slice(from, from + 1), ...rest.slice(to)];
  });
const replaced = (seq: number, by: readonly Json[]) =>
  receipts((old) => old.map((each, i) => (i === seq ? (by[seq] ?? null) : each)));

/** What version 1, or a hasty reader, would take the digest of the first receipt over. */
const first = mine.envelopes[0] ?? null;
const firstPayload = fromBase64(String(at(first, "payload"))) ?? new Uint8Array();
const prev = (value: Parameters<typeof put>[1]): Edit => put("predicate.prev", value);

const linked = "prev is the digest of the receipt before: SHA-256 over its whole envelope in canonical JSON.";
const numbered = "seq counts the receipts from 0 without gap or repeat.";

export const linkCases: readonly CorpusCase[] = [
  ...faults("run", "A chain is one run's.", [
    [19, "another in one receipt", proposal, put("predicate.run", "run-2")],
    [19, "another letter case", proposal, put("predicate.run", "Run-1")],
  ]),
  ...wholeFaults("run", "An approval holds for its own run only.", [
    [19, "the last receipt of another", handoff, replaced(handoff, other.envelopes)],
    [19, "the decision of another", decision, replaced(decision, other.envelopes)],
  ]),
  ...faults("seq", numbered, [
    [20, "a first receipt numbered 1", alert, put("predicate.seq", 1)],
    [20, "a gap", preview, put("predicate.seq", 4)],
    [20, "a repeat", preview, put("predicate.seq", 2)],
  ]),
  ...wholeFaults("seq", numbered, [
    [20, "the first receipt dropped", 0, receipts((old) => old.slice(1))],
    [20, "the decision dropped", decision, receipts((old) => old.filter((_, i) => i !== decision))],
    [20, "two receipts swapped", proposal, moved(preview, proposal)],
    [20, "the last receipt first", 0, moved(handoff, 0)],
    [
      20,
      "a receipt twice",
      execution,
      receipts((old) => old.flatMap((each, i) => (i === decision ? [each, each] : [each]))),
    ],
    [20, "the whole chain twice", 8, receipts((old) => [...old, ...old])],
  ]),
  ...faults("prev", linked, [
    [21, "one before the first receipt", alert, prev(ZERO)],
    [21, "none in a later receipt", evidence, prev(null)],
    [21, "zeros", outcome, prev(ZERO)],
    [21, "the receipt before the one before", decision, prev(({ digests }) => digests.at(-2) ?? null)],
    [21, "a digest of the payload", evidence, prev(digestOf(firstPayload))],
    [
      21,
      "a digest of what was signed, as in version 1",
      evidence,
      prev(digestOf(preAuthEncode(PAYLOAD_TYPE, firstPayload))),
    ],
    [21, "a digest of the envelope in another spelling", evidence, prev(digestOf(JSON.stringify(first)))],
    [
      21,
      "a digest of the envelope without its signatures",
      evidence,
      prev(digestOf(JSON.stringify({ payload: at(first, "payload"), payloadType: PAYLOAD_TYPE }))),
    ],
  ]),
  ...wholeFaults("prev", "A fork's receipts do not fit.", [
    [21, "a receipt of another telling of the run", proposal, replaced(proposal, fork.envelopes)],
    [
      21,
      "the tail of another telling of the run",
      proposal,
      receipts((old) => [...old.slice(0, proposal), ...fork.envelopes.slice(proposal)]),
    ],
  ]),
  ...faults("time", "A signer writes the later of now and the time before.", [
    [23, "a millisecond backwards", evidence, { wait: -1 }],
    [23, "a decision before its preview", decision, { wait: -60_000 }],
    [
      23,
      "a year backwards at the end",
      handoff,
      change("predicate.issuedAt", (old) => String(old).replace("2026", "2025")),
      { trust: OPEN_TRUST },
    ],
  ]),
  ...sound("time", "Any instants will do that never run backwards.", [
    ["all receipts at one instant", { from: SCENARIOS.approved.map((step) => ({ ...step, wait: 0 })) }],
    ["a run of the year 0", { options: { start: "0000-02-28T23:59:00.000Z" }, trust: OPEN_TRUST }],
    [
      "a run whose time to decide would end after the year 9999",
      {
        from: amend(SCENARIOS.approved, preview, {
          edit: put("predicate.expiresAt", "9999-12-31T23:59:59.999Z"),
        }),
        options: { start: "9999-12-31T23:50:00.000Z" },
        trust: OPEN_TRUST,
      },
    ],
  ]),
];
