// The write gate, called as a run calls it but at a moment of the test's choosing: what it lets through, and of which rows.
import { describe, expect, it } from "vitest";
import { decided } from "./client.ts";
import { openCall, TWO_WRITES, WRITE } from "./gated-write.ts";
import { inside, proposing, startWith } from "./instances.ts";

describe("the gate itself", () => {
  it("lets exactly the approved call through, once, and only after the approval", async () => {
    const view = await startWith(proposing(WRITE("src/http.js", "\n// once\n")));
    const answers = await inside(view.run, async (context) => {
      const { id, args, approve, attempt } = openCall(context);
      const early = await attempt(id, args);
      approve();
      return [
        early,
        await attempt(id, { ...args, content: "// something else" }),
        await attempt(id, { ...args, path: "src/pricing.js" }),
        await attempt("exec_another", args),
        await attempt(id, args),
        await attempt(id, args),
      ];
    });
    expect(answers).toEqual([
      expect.stringContaining("no approval"),
      expect.stringContaining("not the approved one"),
      expect.stringContaining("not the approved one"),
      expect.stringContaining("another execution"),
      "wrote version 1",
      expect.stringContaining("used up"),
    ]);
  });
});

describe("a chain that moves on while the gate verifies it", () => {
  it("takes the approval with it, though no fence was set", async () => {
    const view = await startWith(proposing(WRITE("src/http.js", "\n// late\n")));
    const [answer, version] = await inside(view.run, async (context) => {
      const { id, args, approve, attempt, fail } = openCall(context);
      approve();
      const late = attempt(id, args);
      fail();
      return [await late, context.repository.read("src/http.js")?.version];
    });
    expect([answer, version]).toEqual([expect.stringContaining("the chain has moved on"), 0]);
  });
});

describe("a gate that has verified the chain once before", () => {
  /** Approves the second of two writes, does something to the rows, and then makes the call. */
  async function secondWrite(damage: string | null): Promise<string> {
    const view = await decided(await startWith(proposing(TWO_WRITES)), "approve");
    expect(view.count).toBe(8);
    return inside(view.run, async (context, _, state) => {
      const { id, args, approve, attempt } = openCall(context);
      approve();
      if (damage !== null) state.storage.sql.exec(damage);
      const answer = await attempt(id, args);
      const { version } = context.repository.read(args.path) ?? {};
      return `${answer}; the file has version ${version}`;
    });
  }

  const SIGNATURE = `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA')`;
  const ARTIFACT = "(SELECT min(sha256) FROM artifacts WHERE sha256 NOT IN (SELECT sha256 FROM files))";

  it.each([
    ["a signature among the receipts it has verified", `${SIGNATURE} WHERE seq = 1`],
    ["the approval that it acted on then", `${SIGNATURE} WHERE seq = 4`],
    ["a signature of a receipt that came since", `${SIGNATURE} WHERE seq = 6`],
    ["the signature of this approval", `${SIGNATURE} WHERE seq = 8`],
    ["a receipt replaced by another of its chain", copy(0, "UPDATE", 3)],
    ["this approval replaced by the one before", copy(4, "UPDATE", 8)],
    ["a receipt taken away", "DELETE FROM receipts WHERE seq = 2"],
    ["a receipt put in before the first", copy(0, "INSERT", -1)],
    ["a receipt put in at the end", copy(4, "INSERT", 9)],
    ["an artifact altered", `UPDATE artifacts SET bytes = zeroblob(3) WHERE sha256 = ${ARTIFACT}`],
    ["an artifact taken away", `DELETE FROM artifacts WHERE sha256 = ${ARTIFACT}`],
  ])("refuses the next write: %s", async (_, damage) => {
    const answer = await secondWrite(damage);
    expect(answer).toMatch(/the stored chain does not verify: ERR_\w+; the file has version 0$/);
  });

  it.each([
    ["nothing was touched", null],
    ["a row was spelled otherwise", "UPDATE receipts SET envelope = envelope || ' ' WHERE seq = 1"],
  ])("lets it through when %s", async (_, damage) => {
    expect(await secondWrite(damage)).toBe("wrote version 1; the file has version 1");
  });

  /** A statement that puts a copy of one receipt's envelope at another place. */
  function copy(from: number, how: "UPDATE" | "INSERT", to: number): string {
    const envelope = `(SELECT envelope FROM receipts WHERE seq = ${from})`;
    if (how === "UPDATE") return `UPDATE receipts SET envelope = ${envelope} WHERE seq = ${to}`;
    return `INSERT INTO receipts (seq, digest, envelope) VALUES (${to}, 'sha256:${to}', ${envelope})`;
  }
});
