// Links and times: one run, numbered without gap, each receipt bound to the one before it, time never running backwards.
import { digestOf, fromBase64 } from "../../../src/receipt/index.ts";
import { type ConformanceCase, faults, sound } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { trusted, trustOf } from "../fixed-keys.ts";
import { change, changeList, isRecord, type Json, put, ZERO } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { alert, evidence, proposal, preview, decision, execution, outcome, handoff } = SEQ;
/** Keys without windows, so that only the order of times is wrong. */
const OPEN = trustOf(trusted("agent", "agent"), trusted("human", "human"), trusted("runtime", "runtime"));
const mine = writeChain(SCENARIOS.approved);
const other = writeChain(SCENARIOS.approved, { run: "run-2" });
/** The same run told otherwise from the evidence on. */
const fork = writeChain(amend(SCENARIOS.approved, evidence, { items: 3 }));

/** Changes the finished list of envelopes; nothing is signed again. */
const receipts = (how: (old: readonly Json[]) => readonly Json[]) => ({
  bundle: changeList("receipts", how),
});
const moved = (from: number, to: number) =>
  receipts((old) => {
    const rest = old.filter((_, i) => i !== from);
    return [...rest.slice(0, to), ...old.slice(from, from + 1), ...rest.slice(to)];
  });
const replaced = (seq: number, by: readonly Json[]) =>
  receipts((old) => old.map((each, i) => (i === seq ? (by[seq] ?? null) : each)));

const linked = "prev is the digest of the receipt before: SHA-256 over its pre-authentication encoding.";
const numbered = "seq counts the receipts from 0 without gap or repeat.";

export const linkCases: readonly ConformanceCase[] = [
  ...faults("run", [
    {
      name: "another run in one receipt",
      why: "A chain is one run's.",
      code: "ERR_RUN",
      seq: proposal,
      edit: put("predicate.run", "run-2"),
    },
    {
      name: "the last receipt of another run",
      why: "A chain is one run's.",
      code: "ERR_RUN",
      seq: handoff,
      options: replaced(handoff, other.envelopes),
    },
    {
      name: "the decision of another run",
      why: "An approval holds for its own run only.",
      code: "ERR_RUN",
      seq: decision,
      options: replaced(decision, other.envelopes),
    },
    {
      name: "a bundle that names another run",
      why: "A bundle is of the run that it names.",
      code: "ERR_BUNDLE_RUN",
      options: { bundle: put("run", "run-2") },
    },
  ]),
  ...faults("seq", [
    {
      name: "a first receipt numbered 1",
      why: numbered,
      code: "ERR_SEQ",
      seq: alert,
      edit: put("predicate.seq", 1),
    },
    { name: "a gap", why: numbered, code: "ERR_SEQ", seq: preview, edit: put("predicate.seq", 4) },
    { name: "a repeat", why: numbered, code: "ERR_SEQ", seq: preview, edit: put("predicate.seq", 2) },
    {
      name: "the first receipt dropped",
      why: numbered,
      code: "ERR_SEQ",
      seq: 0,
      options: receipts((old) => old.slice(1)),
    },
    {
      name: "the decision dropped",
      why: numbered,
      code: "ERR_SEQ",
      seq: decision,
      options: receipts((old) => old.filter((_, i) => i !== decision)),
    },
    {
      name: "two receipts swapped",
      why: numbered,
      code: "ERR_SEQ",
      seq: proposal,
      options: moved(preview, proposal),
    },
    { name: "the last receipt first", why: numbered, code: "ERR_SEQ", seq: 0, options: moved(handoff, 0) },
    {
      name: "a receipt twice",
      why: numbered,
      code: "ERR_SEQ",
      seq: execution,
      options: receipts((old) => old.flatMap((each, i) => (i === decision ? [each, each] : [each]))),
    },
    {
      name: "the whole chain twice",
      why: numbered,
      code: "ERR_SEQ",
      seq: 8,
      options: receipts((old) => [...old, ...old]),
    },
  ]),
  ...faults("prev", [
    {
      name: "a first receipt that has one",
      why: "Nothing stands before the first receipt.",
      code: "ERR_PREV",
      seq: alert,
      edit: put("predicate.prev", ZERO),
    },
    {
      name: "a later receipt that has none",
      why: linked,
      code: "ERR_PREV",
      seq: evidence,
      edit: put("predicate.prev", null),
    },
    { name: "zeros", why: linked, code: "ERR_PREV", seq: outcome, edit: put("predicate.prev", ZERO) },
    {
      name: "the receipt before the one before",
      why: linked,
      code: "ERR_PREV",
      seq: decision,
      edit: put("predicate.prev", ({ digests }) => digests.at(-2) ?? null),
    },
    {
      name: "a digest of the payload alone",
      why: linked,
      code: "ERR_PREV",
      seq: evidence,
      edit: put("predicate.prev", payloadDigest(mine.envelopes[0])),
    },
    {
      name: "a receipt of another telling of the run",
      why: "A fork's receipts do not fit.",
      code: "ERR_PREV",
      seq: proposal,
      options: replaced(proposal, fork.envelopes),
    },
    {
      name: "the tail of another telling of the run",
      why: "A fork's receipts do not fit.",
      code: "ERR_PREV",
      seq: proposal,
      options: receipts((old) => [...old.slice(0, proposal), ...fork.envelopes.slice(proposal)]),
    },
  ]),
  ...faults("time", [
    {
      name: "a millisecond backwards",
      why: "A signer writes the later of now and the time before.",
      code: "ERR_TIME_BACKWARDS",
      seq: evidence,
      step: { after: -1 },
    },
    {
      name: "a decision before its preview",
      why: "Nobody decides on what was not yet shown.",
      code: "ERR_TIME_BACKWARDS",
      seq: decision,
      step: { after: -60_000 },
    },
    {
      name: "a year backwards at the end",
      why: "Time does not run backwards.",
      code: "ERR_TIME_BACKWARDS",
      seq: handoff,
      edit: change("predicate.issuedAt", (old) => String(old).replace("2026", "2025")),
      trust: OPEN,
    },
  ]),
  ...faults("empty chain", [
    { name: "no receipt", why: "Nothing is attested.", code: "ERR_CHAIN_EMPTY", from: [] },
    {
      name: "no receipt, but artifacts",
      why: "Nothing is attested.",
      code: "ERR_CHAIN_EMPTY",
      options: { bundle: put("receipts", []) },
    },
  ]),
  ...sound("time", [
    {
      name: "all receipts at one instant",
      why: "Time may stand still.",
      from: SCENARIOS.approved.map((step) => ({ ...step, after: 0 })),
    },
  ]),
];

function payloadDigest(envelope: Json | undefined): Json {
  const payload = isRecord(envelope) ? envelope.payload : null;
  return digestOf(fromBase64(String(payload)) ?? new Uint8Array());
}
