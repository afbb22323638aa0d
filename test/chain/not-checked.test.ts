// A report says what it does not cover: what no verifier can know, and what this one could not judge in this bundle.
import { describe, expect, it } from "vitest";
import { verify } from "../../src/chain/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { ISSUER, TRUST } from "../conformance/fixed-keys.ts";
import { drop, put } from "../conformance/json-edit.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { amend } from "../conformance/step.ts";

const ALWAYS = [
  `that the trust policy is really that of ${ISSUER}: it is taken as it was handed over`,
  "that the times are right: each is its signer's word",
  "that what was signed is true: a signature shows who said it, and no more",
  "that there is no other or longer chain of this run: compare the head with one that you keep",
];

const notChecked = async (bundle: unknown, run?: string) =>
  (await verify(bundle, TRUST, run === undefined ? {} : { run })).notChecked;

describe("what was not checked", () => {
  it("is, of a whole run that the caller named, what no verifier can know", async () => {
    expect(await notChecked(writeChain(SCENARIOS.approved).bundle, "run-1")).toEqual(ALWAYS);
  });

  it("is also which run was meant, when none was named", async () => {
    expect(await notChecked(writeChain(SCENARIOS.approved).bundle)).toEqual([
      ...ALWAYS,
      "that run-1 is the run you mean: no run was named",
    ]);
  });

  it("is also the run that this one continues", async () => {
    const parent = { run: "run-0", handoff: `sha256:${"a".repeat(64)}`, bundle: "{}" };
    const { bundle } = writeChain(amend(SCENARIOS.approved, 0, { parent }));
    expect(await notChecked(bundle, "run-1")).toEqual([
      ...ALWAYS,
      "the run run-0, which this one continues: its bundle is an artifact like any other",
    ]);
  });

  it("is also every place after the receipt where the chain breaks", async () => {
    const { bundle } = writeChain(amend(SCENARIOS.approved, 3, { edit: put("predicate.run", "run-2") }));
    expect(await notChecked(bundle, "run-1")).toEqual([
      ...ALWAYS,
      "the places of the 4 receipts after receipt 3, where the chain breaks",
    ]);
  });

  it("is also whether artifacts are named, when a receipt cannot be opened", async () => {
    const { bundle } = writeChain(SCENARIOS.approved, { bundle: drop("receipts.7.payload") });
    expect(await notChecked(bundle, "run-1")).toEqual([
      ...ALWAYS,
      "that a receipt names every artifact: there are receipts that cannot be opened",
    ]);
  });
});
