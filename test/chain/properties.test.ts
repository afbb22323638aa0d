// What holds for every chain and every input: nothing altered is ever valid, nothing crashes, nothing is changed in place.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, EMPTY, nextStep, type Report, UnusableInputError, verify } from "../../src/chain/index.ts";
import { fromBase64, type Kind, toBase64 } from "../../src/receipt/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { change, changeList, isRecord, type Json, put } from "../conformance/json-edit.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { openChain } from "./open-chain.ts";

const names = Object.keys(SCENARIOS);
const chains = Object.values(SCENARIOS).map((scenario) => writeChain(scenario));
const anyChain = fc.constantFrom(...chains);
const anyNumber = fc.nat({ max: 2 ** 31 - 1 });
const NOTHING = { digests: [] };
const RUNS = { numRuns: 100 };

const receiptsOf = (bundle: Json): readonly Json[] =>
  isRecord(bundle) && Array.isArray(bundle.receipts) ? bundle.receipts : [];
const artifactsOf = (bundle: Json): readonly (readonly [string, Json])[] =>
  Object.entries(isRecord(bundle) && isRecord(bundle.artifacts) ? bundle.artifacts : {});

/** The verdict, or that there could be none. Anything else thrown is a defect. */
async function judge(bundle: unknown, trust: unknown = TRUST): Promise<Report["verdict"] | "unusable"> {
  try {
    return (await verify(bundle, trust)).verdict;
  } catch (error) {
    if (error instanceof UnusableInputError) return "unusable";
    throw error;
  }
}

/** Flips one bit of base64 text's bytes. */
function flip(text: Json, bit: number): Json {
  const bytes = fromBase64(String(text));
  if (!bytes) throw new Error("expected base64");
  const at = bit % (bytes.length * 8);
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
  return toBase64(bytes);
}

const edited = (bundle: Json, ...edits: readonly ReturnType<typeof put>[]) =>
  edits.reduce((value, edit) => edit(value, NOTHING), bundle);

describe("one bit flipped", () => {
  it.each(["payload", "signatures.0.sig"])("in any %s is invalid", async (where) => {
    await fc.assert(
      fc.asyncProperty(anyChain, anyNumber, anyNumber, async ({ bundle }, which, bit) => {
        const seq = which % receiptsOf(bundle).length;
        const altered = edited(
          bundle,
          change(`receipts.${seq}.${where}`, (old) => flip(old, bit)),
        );
        expect(await judge(altered)).toBe("invalid");
      }),
      RUNS,
    );
  });

  it("in any artifact is invalid", async () => {
    await fc.assert(
      fc.asyncProperty(anyChain, anyNumber, anyNumber, async ({ bundle }, which, bit) => {
        const artifacts = artifactsOf(bundle);
        const [sha256] = artifacts[which % artifacts.length] ?? [""];
        const altered = edited(
          bundle,
          change(`artifacts.${sha256}`, (old) => flip(old, bit)),
        );
        expect(await judge(altered)).toBe("invalid");
      }),
      RUNS,
    );
  });
});

describe("one character changed", () => {
  it("anywhere in the text of a bundle is never valid, unless it says the same", async () => {
    const texts = chains.slice(0, 4).map(({ bundle }) => JSON.stringify(bundle));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        anyNumber,
        fc.string({ minLength: 1, maxLength: 1 }),
        async (text, at, letter) => {
          const i = at % text.length;
          const altered = parsed(`${text.slice(0, i)}${letter}${text.slice(i + 1)}`);
          if (altered === undefined || JSON.stringify(altered) === text) return;
          expect(await judge(altered)).not.toBe("valid");
        },
      ),
      RUNS,
    );
  });
});

describe("receipts and artifacts", () => {
  it("may not be left out: any receipt removed is invalid", async () => {
    for (const { bundle } of chains) {
      const count = receiptsOf(bundle).length;
      for (let seq = 0; seq < count; seq += 1) {
        const without = edited(
          bundle,
          changeList("receipts", (old) => old.filter((_, i) => i !== seq)),
        );
        // Without the last one the rest still verifies, but what it alone named is now named by nobody.
        expect(await judge(without)).toBe("invalid");
      }
    }
  });

  it("may be cut off at the end, which is incomplete and never valid", async () => {
    for (const scenario of Object.values(SCENARIOS)) {
      for (let length = 1; length < scenario.length; length += 1) {
        expect(await judge(writeChain(scenario.slice(0, length)).bundle)).toBe("incomplete");
      }
    }
  });

  it("may not be swapped", async () => {
    await fc.assert(
      fc.asyncProperty(anyChain, anyNumber, anyNumber, async ({ bundle }, a, b) => {
        const count = receiptsOf(bundle).length;
        const [i, j] = [a % count, b % count];
        if (i === j) return;
        const swap = (old: readonly Json[]) =>
          old.map((each, at) => (at === i ? (old[j] ?? null) : at === j ? (old[i] ?? null) : each));
        expect(await judge(edited(bundle, changeList("receipts", swap)))).toBe("invalid");
      }),
      RUNS,
    );
  });

  it("may not be repeated, nor put in from another run", async () => {
    const other = writeChain(SCENARIOS.revisedTwice, { run: "run-2" }).envelopes;
    await fc.assert(
      fc.asyncProperty(anyChain, anyNumber, anyNumber, fc.boolean(), async ({ bundle }, from, to, own) => {
        const receipts = receiptsOf(bundle);
        const source = own ? receipts : other;
        const put = source[from % source.length] ?? null;
        const at = to % (receipts.length + 1);
        const more = changeList("receipts", (old) => [...old.slice(0, at), put, ...old.slice(at)]);
        expect(await judge(edited(bundle, more))).toBe("invalid");
      }),
      RUNS,
    );
  });

  it("may not be lost: any artifact removed is invalid", async () => {
    for (const { bundle } of chains.slice(0, 5)) {
      for (const [sha256] of artifactsOf(bundle)) {
        const rest = artifactsOf(bundle).filter(([name]) => name !== sha256);
        expect(await judge(edited(bundle, put("artifacts", Object.fromEntries(rest))))).toBe("invalid");
      }
    }
  });
});

describe("hostile input", () => {
  const shaped = (receipts: fc.Arbitrary<unknown>) =>
    fc.record({
      mediaType: fc.constant("application/vnd.countersign.bundle+json;version=1"),
      run: fc.constantFrom("run-1", "", "x y"),
      receipts: fc.array(receipts, { maxLength: 5 }),
      artifacts: fc.dictionary(fc.string({ maxLength: 64 }), fc.base64String({ maxLength: 20 })),
    });

  it("of any shape as a bundle is refused and crashes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await judge(value)).toBe("unusable");
      }),
      RUNS,
    );
  });

  it("of any shape as a trust policy is refused and crashes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await judge(chains[0]?.bundle, value)).toBe("unusable");
      }),
      RUNS,
    );
  });

  it("of any shape as an envelope is invalid and crashes nothing", async () => {
    const envelope = fc.record(
      {
        payloadType: fc.constantFrom("application/vnd.in-toto+json", "", null),
        payload: fc.oneof(fc.base64String({ maxLength: 40 }), fc.jsonValue()),
        signatures: fc.oneof(
          fc.constant([{ keyid: "A".repeat(43), sig: toBase64(new Uint8Array(64)) }]),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(shaped(fc.oneof(fc.jsonValue(), envelope)), async (bundle) => {
        expect(["invalid", "unusable"]).toContain(await judge(bundle));
      }),
      RUNS,
    );
  });

  it("of any JSON, canonical and correctly signed in a receipt's place, is invalid and crashes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.nat({ max: 7 }), async (value, seq) => {
        const text = JSON.stringify(value);
        const steps = SCENARIOS.approved.map((step, i) =>
          i === seq ? { ...step, payload: () => text } : step,
        );
        expect(await judge(writeChain(steps).bundle)).toBe("invalid");
      }),
      { numRuns: 40 },
    );
  });

  it("such as 100,000 envelopes of nothing is judged in bounded time", async () => {
    const start = performance.now();
    const many = edited(chains[0]?.bundle ?? null, put("receipts", new Array<Json>(100_000).fill(null)));
    expect(await judge(many)).toBe("invalid");
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("the fold", () => {
  it.each(names.map((name, i) => [name, i] as const))(
    "of %s changes no state that it is given",
    async (_, i) => {
      const scenario = Object.values(SCENARIOS)[i] ?? [];
      const { receipts, states, artifacts } = await openChain(scenario);
      for (const [seq, receipt] of receipts.entries()) {
        const before = deepFrozen(structuredClone(states[seq] ?? EMPTY));
        const copy = structuredClone(before);
        for (const each of [receipt, ...receipts]) apply(before, each, artifacts);
        expect(before).toEqual(copy);
      }
    },
  );

  // Where nextStep's word is not the only one: an unanswered proposal expires, and there may be nothing to propose.
  const ALTERNATIVES: Partial<Record<Kind, Kind>> = { decision: "execution", proposal: "outcome" };

  it.each(names.map((name, i) => [name, i] as const))("of %s goes on as nextStep says", async (_, i) => {
    const scenario = Object.values(SCENARIOS)[i] ?? [];
    const { receipts, states, artifacts } = await openChain(scenario);
    for (const [seq, state] of states.entries()) {
      const due = nextStep(state)?.kind ?? null;
      const next = receipts[seq];
      expect([due, due && ALTERNATIVES[due]]).toContain(next?.kind ?? null);
      // No receipt of another kind is taken, wherever it comes from.
      for (const other of receipts) {
        if (other === next) continue;
        expect(apply(state, other, artifacts).ok).toBe(false);
      }
    }
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFrozen(member);
  }
  return value;
}
