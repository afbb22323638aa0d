// Ours verifies what others made: the specification's example, and checkpoints, proofs and cosignatures of logs that exist.
import { describe, expect, it } from "vitest";
import {
  checkCheckpoint,
  isSameHash,
  isSignedBy,
  leafHash,
  readCheckpoint,
  readLogPolicy,
  readNote,
  readTlogProof,
  readVkey,
  rootOfInclusion,
} from "../../src/log/index.ts";
import type { Result } from "../../src/receipt/index.ts";
import { ARCHE, EXAMPLE, SUMDB } from "./public-logs.ts";

function must<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

const encode = (text: string) => new TextEncoder().encode(text);

describe("what others signed", () => {
  it.each([
    ["the specification's example", EXAMPLE.key, EXAMPLE.note],
    ["sum.golang.org", SUMDB.key, SUMDB.checkpoint],
  ])("takes the note of %s, and no other text under its signature", async (_, vkey, note) => {
    const key = must(readVkey(vkey));
    expect(await isSignedBy(must(readNote(note)), key)).toBe(true);
    expect(await isSignedBy(must(readNote(note.replace("e", "f"))), key)).toBe(false);
  });

  it("finds a module in the Go checksum database by its proof, and no other", async () => {
    const { index, hashes, checkpoint } = must(readTlogProof(SUMDB.proof));
    const note = must(readNote(checkpoint));
    expect(await isSignedBy(note, must(readVkey(SUMDB.key)))).toBe(true);
    const { size, root } = must(readCheckpoint(note.text));
    const reached = (entry: string, at = index) =>
      rootOfInclusion(leafHash(encode(entry)), at, size, hashes) ?? new Uint8Array();
    expect(isSameHash(reached(SUMDB.entry), root)).toBe(true);
    expect(isSameHash(reached(SUMDB.entry.replace("v1.0.0", "v1.0.1")), root)).toBe(false);
    expect(isSameHash(reached(SUMDB.entry, index + 1), root)).toBe(false);
  });

  it("takes a checkpoint that four of five public witnesses saw, where four are a quorum", async () => {
    const policy = must(readLogPolicy(ARCHE.policy));
    const { origin, size, witnesses } = must(await checkCheckpoint(policy, ARCHE.checkpoint));
    expect({ origin, size }).toEqual({
      origin: "arche2025h1.staging.ct.transparency.dev",
      size: 1_432_088_532,
    });
    expect(witnesses.map(({ name }) => name)).toEqual([
      "transparency.dev/DEV:witness-little-garden",
      "witness1.smartit.nu/witness1",
      "remora.n621.de",
      "witness.stagemole.eu",
    ]);
    expect(new Set(witnesses.map(({ time }) => new Date(time * 1000).toISOString()))).toEqual(
      new Set(["2026-05-23T21:50:24.000Z"]),
    );
  });

  it("refuses it where all five are asked for, and where a byte of a cosignature differs", async () => {
    const all = must(readLogPolicy(ARCHE.policy.replace("witnesses 4", "witnesses all")));
    expect(await checkCheckpoint(all, ARCHE.checkpoint)).toMatchObject({
      refusal: { message: expect.stringContaining("missing witness.navigli.sunlight.geomys.org") },
    });
    const policy = must(readLogPolicy(ARCHE.policy));
    const altered = ARCHE.checkpoint.replace("Z/euoAAAAABqEiEgw0i+", "Z/euoAAAAABqEiEgw0i/");
    expect(await checkCheckpoint(policy, altered)).toMatchObject({
      refusal: { message: "the cosignature of witness.stagemole.eu does not hold" },
    });
  });
});
