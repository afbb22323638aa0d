// examples/database: a migration on a real D1 database, whole or not at all.
import { beforeEach, describe, expect, it } from "vitest";
import { migrator } from "../../examples/database/index.ts";
import { database } from "../../examples/database/migrate.ts";
import schema from "../../examples/database/schema.sql?raw";
import { scripted } from "../../src/domain/index.ts";
import { approve, bindings, inExample, shown } from "./example-run.ts";

const { DB } = bindings;

beforeEach(async () => {
  const statements = schema
    .replace(/^--.*$/gm, "")
    .split(";")
    .map((text) => text.trim());
  const drops = ["DROP TABLE IF EXISTS migrations", "DROP TABLE IF EXISTS orders"];
  await DB.batch([...drops, ...statements.filter((text) => text !== "")].map((text) => DB.prepare(text)));
});

const currencies = async () => {
  const { results } = await DB.prepare("SELECT currency FROM orders ORDER BY id").all<{ currency: string }>();
  return results.map(({ currency }) => currency);
};
const versions = async () => (await DB.prepare("SELECT version FROM migrations").all()).results;
const example = { domain: database, planner: migrator };

/** A database that does something around its transaction. */
const around = (batch: (really: () => Promise<unknown>) => Promise<unknown>) => ({
  prepare: (text: string) => DB.prepare(text),
  batch: (statements: D1PreparedStatement[]) => batch(() => DB.batch(statements)),
});

/** A planner that proposes these statements. */
const proposing = (...statements: string[]) =>
  scripted({
    id: "test",
    investigate: () => "async () => ({})",
    propose: () => ({
      code: `async () => database.migrate(${JSON.stringify({ version: 1, statements })})`,
      title: "Migrate",
      summary: "",
      risk: "high",
      feedback: null,
    }),
  });

describe("examples/database", () => {
  it("shows what it would touch and which rows break the rule, and mends them once a human approves", async () => {
    await inExample(example, async (run) => {
      expect(await shown(run)).toMatchObject({
        title: "Give every order a currency",
        plan: "UPDATE orders SET currency = 'EUR' WHERE currency IS NULL\n  writes orders",
        effects: [{ resource: "database:version" }],
        checks: [{ name: "orders without a currency", before: { total: 3, failed: 2 }, rehearsed: null }],
      });
      expect(await currencies()).toEqual(["EUR", null, null]);
      const said = await approve(run);
      expect(said.outcome).toMatchObject({
        status: "resolved",
        checks: [{ after: { total: 3, failed: 0 } }],
      });
      expect(await currencies()).toEqual(["EUR", "EUR", "EUR"]);
      expect(await versions()).toEqual([{ version: 1 }]);
    });
  });

  it("does nothing when another migration came between the look and the transaction", async () => {
    const first = () => DB.prepare("INSERT INTO migrations VALUES (1, 'theirs')").run();
    const DB_ = around(async (really) => {
      await first();
      return really();
    });
    await inExample({ ...example, env: { DB: DB_ } }, async (run) => {
      const said = await approve(run);
      expect(said.rounds[0]?.execution).toMatchObject({
        status: "failed",
        reason: expect.stringMatching(/the database refused/),
      });
      expect(await currencies()).toEqual(["EUR", null, null]);
    });
  });

  it("does nothing when one of several statements fails", async () => {
    const planner = proposing(
      "UPDATE orders SET currency = 'EUR' WHERE currency IS NULL",
      "INSERT INTO orders (cents) VALUES (NULL)",
    );
    await inExample({ ...example, planner }, async (run) => {
      const said = await approve(run);
      expect(said.rounds[0]?.execution?.status).toBe("failed");
      expect(await currencies()).toEqual(["EUR", null, null]);
      expect(await versions()).toEqual([]);
    });
  });

  it("finds the migration again when the answer was lost, and makes it once", async () => {
    let sent = 0;
    const DB_ = around(async (really) => {
      sent += 1;
      await really();
      throw new Error("Network connection lost.");
    });
    await inExample({ ...example, env: { DB: DB_ } }, async (run) => {
      const said = await approve(run);
      expect(said.rounds[0]?.execution?.status).toBe("executed");
      expect({ sent, versions: await versions() }).toEqual({ sent: 1, versions: [{ version: 1 }] });
    });
  });

  it("proposes no statement that the database cannot read", async () => {
    await inExample({ ...example, planner: proposing("UPDATE missing SET a = 1") }, async (run) => {
      const { state } = (await run.engine()).context.chain;
      expect(state.round).toBeNull();
      expect(state.outcome?.statement.predicate.reason).toContain("no such table: missing");
    });
  });
});
