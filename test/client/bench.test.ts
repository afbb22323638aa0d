// The bench behind the verify page: each way to break a chain, what the verifier says of it, and the way back.
import { describe, expect, it } from "vitest";
import { Bench } from "../../src/client/bench.ts";
import type { Judgement } from "../../src/client/judgement.ts";
import type { Breakage, Sheet } from "../../src/client/verifier-protocol.ts";
import { type Chain, writeChain } from "../conformance/chain-writer.ts";
import { ISSUER, TRUST } from "../conformance/fixed-keys.ts";
import { SCENARIOS, SEQ } from "../conformance/scenarios.ts";

const chain = writeChain(SCENARIOS.approved);
const bundleText = ({ bundle }: Chain) => JSON.stringify(bundle);

async function laidOut(text = bundleText(chain)): Promise<Bench> {
  const bench = new Bench();
  await bench.takeTrust(JSON.stringify(TRUST));
  expect((await bench.takeBundle(text, null)).ok).toBe(true);
  return bench;
}

async function sheetOf(bench: Bench): Promise<Sheet> {
  const sheet = await bench.sheet();
  if (!sheet.ok) throw new Error(sheet.refusal.message);
  return sheet.value;
}

async function judgementOf(bench: Bench): Promise<Judgement> {
  const { judgement } = await sheetOf(bench);
  if (!judgement) throw new Error("expected a judgement");
  return judgement;
}

/** Codes of all failing checks, each with the receipt it is about. */
function failures({ groups }: Judgement): string[] {
  const failed = groups.flatMap(({ checks }) => checks.filter(({ ok }) => !ok));
  return failed.map(({ code, seq }) => `${code}${seq === undefined ? "" : ` ${seq}`}`);
}

/** The chosen receipt's key is its place, as long as nothing has been put in. */
const field = (key: number, path: string, text: string): Breakage => ({
  how: "statement",
  key,
  path: path.split("."),
  text,
});
const envelope = (key: number, path: string, text: string): Breakage => ({
  how: "envelope",
  key,
  path: path.split("."),
  text,
});
/** The name of the approved call's bytes. */
const actionSha = (await sheetOf(await laidOut())).chosen?.subjects[0]?.sha256 ?? "";

const breakages: [string, Breakage, string[]][] = [
  ["a word of the statement", field(4, "predicate.decision", "reject"), ["ERR_SIGNATURE 4"]],
  ["a number of the statement", field(4, "predicate.seq", "5"), ["ERR_SIGNATURE 4"]],
  ["null", field(0, "predicate.prev", '"x"'), ["ERR_SIGNATURE 0"]],
  ["a subject's digest", field(2, "subject.0.digest.sha256", "0".repeat(64)), ["ERR_SIGNATURE 2"]],
  ["the envelope's key id", envelope(4, "signatures.0.keyid", "A".repeat(43)), ["ERR_KEY_UNKNOWN 4"]],
  ["the envelope's signature", envelope(4, "signatures.0.sig", `${"A".repeat(86)}==`), ["ERR_SIGNATURE 4"]],
  ["the envelope's base64", envelope(4, "payload", "="), ["ERR_BASE64 4"]],
  ["the envelope's type", envelope(4, "payloadType", "text/plain"), ["ERR_PAYLOAD_TYPE 4"]],
  ["a receipt dropped", { how: "drop", key: 4 }, ["ERR_SEQ 4"]],
  ["two receipts swapped", { how: "swap", key: 4 }, ["ERR_SEQ 4"]],
  ["the last receipt swapped", { how: "swap", key: 7 }, ["ERR_SEQ 6"]],
  ["a receipt repeated", { how: "repeat", key: 4 }, ["ERR_SEQ 5"]],
  ["a receipt made up in the tab", { how: "splice", key: 4 }, ["ERR_KEY_UNKNOWN 4"]],
  [
    "an artifact's text",
    { how: "artifact", sha256: actionSha, text: "{}" },
    ["ERR_ARTIFACT_MISSING 2", "ERR_ARTIFACT_ALTERED"],
  ],
  [
    "an artifact's bit",
    { how: "flip", sha256: actionSha },
    ["ERR_ARTIFACT_MISSING 2", "ERR_ARTIFACT_ALTERED"],
  ],
  [
    "everything signed with other keys",
    { how: "resign" },
    Object.values(SEQ).map((seq) => `ERR_KEY_UNKNOWN ${seq}`),
  ],
];

describe("a chain on the bench", () => {
  it("is valid before anything is done to it, with the human's decision chosen", async () => {
    const sheet = await sheetOf(await laidOut());
    expect(sheet.judgement).toMatchObject({ verdict: "valid", count: 8, first: null });
    expect(sheet.chosen?.key).toBe(SEQ.decision);
    expect(sheet.issuer).toBe(ISSUER);
  });

  it.each(breakages)("shows at once what fails: %s", async (_, breakage, wanted) => {
    const bench = await laidOut();
    expect(bench.break(breakage).ok).toBe(true);
    const judgement = await judgementOf(bench);
    expect(judgement.verdict).toBe("invalid");
    expect(failures(judgement).sort()).toEqual([...wanted].sort());
    bench.undo();
    expect(await judgementOf(bench)).toMatchObject({ verdict: "valid" });
  });

  it("shows it whichever field of whichever statement is changed", async () => {
    const bench = await laidOut();
    let fields = 0;
    for (let key = 0; key < 8; key += 1) {
      bench.choose(key);
      for (const { path, text } of (await sheetOf(bench)).chosen?.statement ?? []) {
        bench.break({ how: "statement", key, path, text: text === "null" ? "0" : `${text}1` });
        expect(failures(await judgementOf(bench)), path.join(".")).toEqual([`ERR_SIGNATURE ${key}`]);
        bench.undo();
        fields += 1;
      }
    }
    expect(fields).toBeGreaterThan(120);
  });

  it("without its last receipt is given away by the bytes that only that one named", async () => {
    const bench = await laidOut();
    bench.break({ how: "drop", key: SEQ.handoff });
    const judgement = await judgementOf(bench);
    expect(new Set(failures(judgement))).toEqual(new Set(["ERR_ARTIFACT_UNNAMED"]));
  });

  it("with a genuine receipt of another run is refused for its run, not for its signature", async () => {
    const bench = await laidOut();
    await bench.takeOther(bundleText(writeChain(SCENARIOS.rejected, { run: "run-2" })));
    bench.break({ how: "splice", key: SEQ.decision });
    expect(failures(await judgementOf(bench))).toEqual(["ERR_RUN 4"]);
  });
});

describe("a chain signed again with keys made on the spot", () => {
  async function resigned(...before: Breakage[]): Promise<Bench> {
    const bench = await laidOut();
    for (const breakage of [...before, { how: "resign" } as const]) bench.break(breakage);
    bench.believe(true);
    return bench;
  }

  it("is valid under its own keys, and under the pinned ones nothing of it counts", async () => {
    const bench = await resigned();
    expect(await judgementOf(bench)).toMatchObject({ verdict: "valid" });
    bench.believe(false);
    expect((await judgementOf(bench)).first?.code).toBe("ERR_KEY_UNKNOWN");
  });

  it.each<[string, string, Breakage]>([
    ["ERR_EXECUTION_STATUS", "a rejection that was carried out", field(4, "predicate.decision", "reject")],
    ["ERR_DECISION", "a write whose approval was taken out", { how: "drop", key: 4 }],
    [
      "ERR_CHANGES",
      "a change that the preview did not show",
      field(5, "predicate.changes.0.path", "other.js"),
    ],
    ["ERR_ACTION", "an action that is no call", { how: "artifact", sha256: actionSha, text: "{}" }],
    ["ERR_KIND_ORDER", "a decision made twice", { how: "repeat", key: 4 }],
  ])("is still refused with %s for %s", async (code, _, breakage) => {
    const bench = await resigned(breakage);
    expect((await judgementOf(bench)).first?.code).toBe(code);
  });

  it("forgets the belief when the signing is undone", async () => {
    const bench = await resigned();
    bench.undo();
    expect(await sheetOf(bench)).toMatchObject({ believesOwn: false, resigned: false, changes: [] });
    bench.believe(true);
    expect((await sheetOf(bench)).believesOwn).toBe(false);
  });
});

describe("going back", () => {
  it("undoes the letters of one field together, and everything else one by one", async () => {
    const bench = await laidOut();
    for (const text of ["r", "re", "rej"]) bench.break(field(4, "predicate.decision", text));
    bench.break({ how: "drop", key: 1 });
    expect((await sheetOf(bench)).changes).toHaveLength(2);
    bench.undo();
    expect((await sheetOf(bench)).changes).toEqual(["changed predicate.decision in receipt 4, decision"]);
    bench.undo();
    expect(await judgementOf(bench)).toMatchObject({ verdict: "valid" });
  });

  it("starts again from what was handed in, whatever was done", async () => {
    const bench = await laidOut();
    for (let key = 0; key < 8; key += 1) bench.break({ how: "drop", key });
    expect(await judgementOf(bench)).toMatchObject({ verdict: "invalid", count: 0 });
    expect((await sheetOf(bench)).chosen).toBeNull();
    bench.restart();
    const sheet = await sheetOf(bench);
    expect(sheet).toMatchObject({ changes: [], judgement: { verdict: "valid", count: 8 } });
    expect(sheet.chosen?.key).toBe(SEQ.decision);
  });
});

describe("what cannot be used", () => {
  it.each([
    ["ERR_DOCUMENT", "{"],
    ["ERR_DOCUMENT", `{"run":"run-0",${bundleText(chain).slice(1)}`],
    ["ERR_BUNDLE", "[]"],
    ["ERR_BUNDLE", "null"],
    ["ERR_BUNDLE", JSON.stringify(TRUST)],
    ["ERR_BUNDLE", JSON.stringify({ ...Object(chain.bundle), receipts: Array(100_001).fill(null) })],
    ["ERR_DOCUMENT", " ".repeat(64 * 1024 * 1024 + 1)],
  ])("as a bundle is refused with %s, and leaves nothing on the bench", async (code, text) => {
    const bench = await laidOut();
    expect(await bench.takeBundle(text, null)).toMatchObject({ ok: false, refusal: { code } });
    expect((await sheetOf(bench)).judgement).toBeNull();
  });

  it.each([
    ["ERR_DOCUMENT", "keys"],
    ["ERR_DOCUMENT", `{"issuer":"${ISSUER}",${JSON.stringify(TRUST).slice(1)}`],
    ["ERR_TRUST_POLICY", bundleText(chain)],
    ["ERR_TRUST_POLICY", JSON.stringify({ ...Object(TRUST), keys: [] })],
  ])("as a trust policy is refused with %s, and the one before stays", async (code, text) => {
    const bench = await laidOut();
    expect(await bench.takeTrust(text)).toMatchObject({ ok: false, refusal: { code } });
    expect(await judgementOf(bench)).toMatchObject({ verdict: "valid" });
  });

  it("is never judged without a trust policy", async () => {
    const bench = new Bench();
    await bench.takeBundle(bundleText(chain), null);
    expect(await sheetOf(bench)).toMatchObject({ judgement: null, refusal: { code: "ERR_TRUST_POLICY" } });
  });

  it("bytes that are no text are refused", async () => {
    const bench = await laidOut();
    const refused = await bench.takeBundle(new Blob([Uint8Array.of(0xff, 0xfe)]), null);
    expect(refused).toMatchObject({ ok: false, refusal: { code: "ERR_DOCUMENT" } });
  });

  it("a field that no JSON can hold is refused, and nothing changes", async () => {
    const bench = await laidOut();
    expect(bench.break(field(4, "predicate.reason", "\ud800"))).toMatchObject({
      ok: false,
      refusal: { code: "ERR_NOT_CANONICAL" },
    });
    expect(await judgementOf(bench)).toMatchObject({ verdict: "valid" });
  });
});
