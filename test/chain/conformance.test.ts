// Every case of the corpus is judged exactly as it states, and the published file is the corpus.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ChainCode, ParentCode } from "../../src/chain/index.ts";
import { parentCases } from "../conformance/cases/parents.ts";
import { conformanceCases, corpusCases, corpusJson } from "../conformance/corpus.ts";
import { judge, readCorpus } from "../conformance/read-corpus.ts";

/** Every code there is. The type system keeps this list whole. */
const CODES = {
  ERR_ENVELOPE: true,
  ERR_PAYLOAD_TYPE: true,
  ERR_BASE64: true,
  ERR_UTF8: true,
  ERR_JSON: true,
  ERR_NOT_CANONICAL: true,
  ERR_STATEMENT: true,
  ERR_KIND_UNKNOWN: true,
  ERR_SUBJECTS: true,
  ERR_KID_MISMATCH: true,
  ERR_SIGNATURE: true,
  ERR_KEY: true,
  ERR_KEY_UNKNOWN: true,
  ERR_KEY_ROLE: true,
  ERR_KEY_WINDOW: true,
  ERR_KEY_REVOKED: true,
  ERR_ISSUER: true,
  ERR_CHAIN_EMPTY: true,
  ERR_RUN: true,
  ERR_SEQ: true,
  ERR_PREV: true,
  ERR_TIME_BACKWARDS: true,
  ERR_KIND_ORDER: true,
  ERR_AFTER_HANDOFF: true,
  ERR_POLICY: true,
  ERR_POLICY_CHANGED: true,
  ERR_NOT_GATED: true,
  ERR_REVISION_LIMIT: true,
  ERR_REVIEWER: true,
  ERR_ACTION: true,
  ERR_ROUND_NOT_DUE: true,
  ERR_REVISION: true,
  ERR_SUPERSEDES: true,
  ERR_FEEDBACK: true,
  ERR_CODE: true,
  ERR_PROPOSAL: true,
  ERR_PREVIEW: true,
  ERR_ACTION_MISMATCH: true,
  ERR_EXECUTION_ID: true,
  ERR_CHANGES: true,
  ERR_EXPIRY: true,
  ERR_DECISION_LATE: true,
  ERR_DECISION_REASON: true,
  ERR_DECISION: true,
  ERR_DECISION_CONSUMED: true,
  ERR_EXECUTION_STATUS: true,
  ERR_EXECUTION_EARLY: true,
  ERR_WRITTEN: true,
  ERR_MORE: true,
  ERR_OUTCOME_EXECUTION: true,
  ERR_OUTCOME_STATUS: true,
  ERR_TALLY: true,
  ERR_HANDOFF_OUTCOME: true,
  ERR_REPOSITORY: true,
  ERR_ARTIFACT_MISSING: true,
  ERR_ARTIFACT_ALTERED: true,
  ERR_ARTIFACT_UNNAMED: true,
  ERR_BUNDLE_RUN: true,
} as const satisfies Record<ChainCode, true>;

/** Every code of a link to a parent. */
const PARENT_CODES = {
  ERR_PARENT_BUNDLE: true,
  ERR_PARENT_ISSUER: true,
  ERR_PARENT_INVALID: true,
  ERR_PARENT_RUN: true,
  ERR_PARENT_HANDOFF: true,
  ERR_PARENT_REPOSITORY: true,
} as const satisfies Record<ParentCode, true>;

/** Says that a seed or a key is no good, before there is a chain: see test/receipt/keys.test.ts. */
const NOT_OF_A_CHAIN: readonly string[] = ["ERR_KEY"];

describe("the corpus", () => {
  it.each(corpusCases)("$name", async (each) => {
    expect(await judge(each)).toEqual(each.expect);
  });

  it("has at least one case for every code", () => {
    const stated = new Set<string | null>(conformanceCases.map(({ expect: { code } }) => code));
    expect(Object.keys(CODES).filter((code) => !stated.has(code))).toEqual(NOT_OF_A_CHAIN);
  });

  it("has at least one case for every code of a link to a parent", () => {
    const stated = new Set<string | null>(parentCases.map(({ expect: { code } }) => code));
    expect(Object.keys(PARENT_CODES).filter((code) => !stated.has(code))).toEqual([]);
  });

  it("names each case once", () => {
    const names = corpusCases.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe("corpus.json", () => {
  const text = readFileSync(join(import.meta.dirname, "../conformance/corpus.json"), "utf8");

  // A plain comparison, for a difference of megabytes is nothing to print.
  it("is what generate.ts writes", () => {
    expect(text === corpusJson(), "run `node test/conformance/generate.ts`").toBe(true);
  });

  it("gives every case back as it was, once its references are resolved", () => {
    expect(JSON.parse(text).version).toBe(1);
    const cases = corpusCases;
    const published = readCorpus(text);
    expect(published.length).toBe(cases.length);
    const same = cases.every((each, i) => JSON.stringify(each) === JSON.stringify(published[i]));
    expect(same).toBe(true);
  });
});
