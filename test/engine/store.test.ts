// Stores of other versions, and stores that somebody reached: the first are not opened, the second stop.
import { describe, expect, it } from "vitest";
import { ownFlags, switcher } from "./flag-domains.ts";
import { inRun } from "./in-run.ts";

/** The tables of version 1, as its runs left them. */
const VERSION_1 = `
  CREATE TABLE request (id INTEGER PRIMARY KEY CHECK (id = 0), run TEXT NOT NULL, body TEXT NOT NULL);
  INSERT INTO request VALUES (0, 'old', '{"alert":{}}');
  CREATE TABLE receipts (seq INTEGER PRIMARY KEY, digest TEXT NOT NULL, envelope TEXT NOT NULL);
`;

describe("a store", () => {
  it("in which nothing was started has no version, and asking leaves nothing behind", async () => {
    await inRun(async (run) => {
      expect([run.store.version(), run.store.request()]).toEqual([null, null]);
      expect(
        run.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
      ).toEqual([]);
    });
  });

  it("of version 1 is version 1, and is not opened", async () => {
    await inRun(async (run) => {
      run.sql.exec(VERSION_1);
      expect([run.store.version(), run.store.request()]).toEqual([1, null]);
    });
  });

  it("of a later version is that version, and is not opened", async () => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: switcher });
      run.create();
      expect(run.store.version()).toBe(2);
      run.sql.exec("UPDATE schema SET version = 3");
      expect([run.store.version(), run.store.request()]).toEqual([3, null]);
    });
  });

  const TAMPERING: [string, string][] = [
    ["a receipt is gone", "DELETE FROM receipts WHERE seq = 4"],
    [
      "a receipt is altered",
      "UPDATE receipts SET envelope = replace(envelope, 'payload', 'Payload') WHERE seq = 2",
    ],
    [
      "the policy is altered",
      "UPDATE artifacts SET bytes = x'7b7d' WHERE sha256 = (SELECT sha256 FROM artifacts ORDER BY length(bytes) DESC LIMIT 1)",
    ],
  ];

  it.each(TAMPERING)("in which %s after the approval makes no call", async (_, change) => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: switcher });
      run.create();
      await run.drive();
      await run.decide("approve");
      run.sql.exec(change);
      await expect(run.drive()).rejects.toThrow(/does not verify/);
      expect(run.sql.exec("SELECT * FROM fence").toArray()).toEqual([]);
      expect((await run.engine()).context.own.contents().get("flag:new_pricing")).toBe(true);
      // A decision that is gone was never made: the next instance waits for a human again. Nothing else opens.
      run.forget();
      const reopened = run.drive().catch(() => ({ for: "nobody" }));
      expect(await reopened).toMatchObject({ for: change.includes("seq = 4") ? "human" : "nobody" });
      expect(run.sql.exec("SELECT * FROM fence").toArray()).toEqual([]);
    });
  });

  it("in which the fence was closed by somebody makes no call", async () => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: switcher });
      run.create();
      await run.drive();
      const answer = await run.decide("approve");
      if (!answer.ok) throw new Error(answer.refusal.message);
      run.sql.exec("INSERT INTO fence VALUES (?, 'closed', 0, NULL)", answer.value.digest);
      expect(await run.drive()).toEqual({ for: "end" });
      expect((await run.engine()).context.own.contents().get("flag:new_pricing")).toBe(true);
    });
  });
});
