// Every forgery that the verify page offers, on the sample that it opens on, judged by the real verifier.
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { makeSample } from "../../scripts/sample.ts";
import { Bench } from "../../src/client/bench.ts";
import { CHEATS, type Cheat } from "../../src/client/cheat-names.ts";
import { caughtWords, failuresOf } from "../../src/client/check-words.ts";
import type { Sheet } from "../../src/client/verifier-protocol.ts";

const SAMPLE = "public/sample";
const read = (name: string) => readFileSync(`${SAMPLE}/${name}.json`, "utf8");

let bench: Bench;

beforeEach(async () => {
  bench = new Bench();
  await bench.takeTrust(read("trust"));
  await bench.takeOther(read("other"));
  await bench.takeBundle(read("bundle"), null);
});

async function sheet(): Promise<Sheet> {
  const made = await bench.sheet();
  if (!made.ok) throw new Error(made.refusal.message);
  return made.value;
}

async function tried(how: Cheat): Promise<Sheet> {
  const done = bench.cheat(how);
  if (!done.ok) throw new Error(done.refusal.message);
  return sheet();
}

/** Every failure, as `code` or `code at place`. */
function failures({ judgement }: Sheet): string[] {
  const failed = judgement?.groups.flatMap(({ checks }) => checks.filter(({ ok }) => !ok)) ?? [];
  return failed.map(({ code, seq }) => (seq === undefined ? `${code}` : `${code} at ${seq}`));
}

describe("the sample", () => {
  it("is what the script makes", async () => {
    for (const [path, text] of await makeSample()) expect(readFileSync(path, "utf8"), path).toBe(text);
  });

  it("is valid before anybody touches it, and says what it came to", async () => {
    const { judgement, cheat } = await sheet();
    expect(judgement).toMatchObject({ verdict: "valid", count: 8, first: null });
    expect(judgement?.result).toBe("approved by alice, executed; Carts priced wrong: 3 → 0 of 4");
    expect(judgement?.receipts.map(({ mark }) => mark)).toEqual(Array(8).fill("holds"));
    expect(cheat).toBeNull();
  });

  it("leaves open that nobody stands behind its keys", async () => {
    const { judgement } = await sheet();
    expect(judgement?.notChecked.length).toBeGreaterThan(3);
  });
});

describe("a cheat", () => {
  it.each([
    ["reject", ["ERR_SIGNATURE at 4"], "turned approve into reject"],
    [
      "change",
      ["ERR_ARTIFACT_MISSING at 2", "ERR_ARTIFACT_ALTERED"],
      "changed the call: on is true now, and was false",
    ],
    ["drop", ["ERR_SEQ at 4"], "took the decision out (receipt 4)"],
    ["other", ["ERR_RUN at 4"], "used the approval of run sample-other"],
    [
      "keys",
      Array.from({ length: 8 }, (_, seq) => `ERR_KEY_UNKNOWN at ${seq}`),
      "signed everything again, with keys made in this tab",
    ],
  ] as const)("of the kind %s is caught", async (how, codes, said) => {
    const forged = await tried(how);
    expect(forged.judgement?.verdict).toBe("invalid");
    expect(failures(forged)).toEqual(codes);
    expect(forged.changes).toEqual([said]);
    expect(forged.cheat).toBe(how);
  });

  it("is done to the chain as it was handed in, whatever was tried before", async () => {
    for (const how of CHEATS) await tried(how);
    expect(failures(await tried("drop"))).toContain("ERR_SEQ at 4");
    bench.restart();
    expect((await sheet()).judgement?.verdict).toBe("valid");
  });

  it("with every key of the server still lacks the reviewer's own signature", async () => {
    await tried("keys");
    bench.believe(true);
    const believed = await sheet();
    expect(believed.believesOwn).toBe(true);
    expect(failures(believed)).toEqual(["ERR_ASSERTION at 4"]);
  });

  it("that needs a decision says so where there is none", async () => {
    const bundle = JSON.parse(read("bundle"));
    const open = { ...bundle, receipts: bundle.receipts.slice(0, 4) };
    await bench.takeBundle(JSON.stringify(open), null);
    expect(bench.cheat("reject")).toMatchObject({ ok: false, refusal: { code: "ERR_CHEAT" } });
    expect(bench.cheat("drop")).toMatchObject({ ok: false, refusal: { code: "ERR_CHEAT" } });
    expect(failures(await tried("change"))).toContain("ERR_ARTIFACT_MISSING at 2");
  });

  it("with another run's approval says so where there is no other run", async () => {
    const alone = new Bench();
    await alone.takeTrust(read("trust"));
    await alone.takeBundle(read("bundle"), null);
    expect(alone.cheat("other")).toMatchObject({ ok: false, refusal: { code: "ERR_CHEAT" } });
  });
});

describe("what caught it", () => {
  it.each([
    [
      "reject",
      "Receipt 4, decision:",
      "These are not the bytes that the key signed.",
      "ERR_SIGNATURE, receipt 4",
    ],
    [
      "keys",
      "All 8 receipts:",
      "Signed, but by nobody you trust. Anybody can make keys.",
      "ERR_KEY_UNKNOWN, all 8 receipts",
    ],
  ] as const)("is told in plain words, with the place: %s", async (how, where, meaning, brief) => {
    const { judgement } = await tried(how);
    if (!judgement) throw new Error("expected a judgement");
    expect(failuresOf(judgement)[0]).toMatchObject({ where, meaning });
    expect(caughtWords(judgement)).toBe(brief);
  });
});

describe("what is done by hand", () => {
  it("adds to a cheat, and is undone before it", async () => {
    await tried("drop");
    const [key = -1] = (await sheet()).keys;
    expect(bench.break({ how: "repeat", key }).ok).toBe(true);
    expect((await sheet()).changes).toEqual([
      "took the decision out (receipt 4)",
      "repeated receipt 0, alert",
    ]);
    bench.undo();
    expect((await sheet()).cheat).toBe("drop");
  });

  it("to any one field of a statement is caught", async () => {
    const { keys } = await sheet();
    for (const key of keys) {
      bench.choose(key);
      const fields = (await sheet()).chosen?.statement ?? [];
      expect(fields.length).toBeGreaterThan(8);
      const field = fields[0];
      if (!field) continue;
      bench.break({ how: "statement", key, path: field.path, text: `${field.text}x` });
      expect((await sheet()).judgement?.verdict).toBe("invalid");
      bench.restart();
    }
  });
});

describe("input that is none", () => {
  it("is refused by name, and leaves the keys in force", async () => {
    expect(await bench.takeBundle("{", null)).toMatchObject({ refusal: { code: "ERR_DOCUMENT" } });
    expect(await bench.takeBundle(read("trust"), null)).toMatchObject({ refusal: { code: "ERR_BUNDLE" } });
    expect(await bench.takeTrust(read("bundle"))).toMatchObject({ refusal: { code: "ERR_TRUST_POLICY" } });
    await bench.takeBundle(read("bundle"), null);
    expect((await sheet()).judgement?.verdict).toBe("valid");
  });
});
