// A gated migration of a D1 database. One transaction checks the version, migrates and keeps the decision's digest: it happens whole
// or not at all, and is found again when its answer was lost.
import { defineDomain, gated, NotApplied, type RemoteContext, type RunEnv, read } from "countersign";
import * as z from "zod";

export interface DatabaseEnv extends RunEnv {
  readonly DB: D1Database;
}

async function versionOf({ DB }: DatabaseEnv): Promise<number> {
  return (await DB.prepare("SELECT max(version) AS version FROM migrations").first<number>("version")) ?? 0;
}

/** The tables and indices that a statement would write, from its bytecode; nothing runs. */
async function written(db: D1Database, statement: string): Promise<string[]> {
  const { results } = await db.prepare(`EXPLAIN ${statement}`).all<{ opcode: string; p2: number }>();
  const pages = results.filter(({ opcode }) => opcode === "OpenWrite").map(({ p2 }) => p2);
  const names = await Promise.all(
    pages.map((page) =>
      db.prepare("SELECT name FROM sqlite_schema WHERE rootpage = ?").bind(page).first<string>("name"),
    ),
  );
  return [...new Set(names.map((name) => name ?? "the schema"))].sort();
}

const migrate = gated({
  connector: "database",
  method: "migrate",
  description: "Runs SQL statements in one transaction, and makes `version` the database's.",
  args: z.strictObject({
    version: z.int().positive(),
    statements: z.array(z.string().min(1)).min(1).max(20),
  }),
  effects: [{ resource: "database:version", before: "read", after: "$version" }],
  title: ({ version }) => `Migrate the database to version ${version}`,
  async plan({ statements }, { env }: Pick<RemoteContext<DatabaseEnv>, "env">) {
    const lines: string[] = [];
    for (const statement of statements) {
      const tables = await written(env.DB, statement);
      lines.push(statement, `  writes ${tables.join(", ") || "nothing"}`);
    }
    return lines.join("\n");
  },
  remote: {
    async send({ version, statements }, { env, before, idempotencyKey }: RemoteContext<DatabaseEnv>) {
      // Null where the version has moved on, which the table refuses; and with it the whole batch.
      const step = env.DB.prepare(
        `INSERT INTO migrations (version, decision) VALUES
          ((SELECT ?1 WHERE ?2 = coalesce((SELECT max(version) FROM migrations), 0)), ?3)`,
      ).bind(version, before.get("database:version") ?? 0, idempotencyKey);
      try {
        await env.DB.batch([step, ...statements.map((statement) => env.DB.prepare(statement))]);
      } catch (error) {
        // SQLite said no, and rolled back. Any other failure may have come after it said yes.
        if (/SQLITE_/.test(String(error))) throw new NotApplied(`the database refused: ${error}`);
        throw error;
      }
      return { version };
    },
    async find(_, { env, idempotencyKey }) {
      const found = await env.DB.prepare("SELECT version FROM migrations WHERE decision = ?")
        .bind(idempotencyKey)
        .first<{ version: number }>();
      return found ? { result: found } : "absent";
    },
  },
});

export const database = defineDomain<DatabaseEnv>({
  name: "database",
  rule: "A human approves every migration.",
  calls: [migrate],
  json: ["database:"],
  read: (_, { env }) => versionOf(env),
  reads: {
    database: {
      version: { description: "The version of the database.", run: (_, { env }) => versionOf(env) },
      rows: read<{ limit: number }, DatabaseEnv>({
        description: "Orders that have no currency, at most 100.",
        args: z.strictObject({ limit: z.int().min(1).max(100) }),
        run: async ({ limit }, { env }) => {
          const select = env.DB.prepare("SELECT * FROM orders WHERE currency IS NULL LIMIT ?").bind(limit);
          return (await select.all()).results;
        },
      }),
    },
  },
  watch: ["database:version"],
  // Rows that break the rule "every order has a currency". Of a version that the database does not have nothing can be said.
  async measure({ env, resources }) {
    if (resources.get("database:version") !== (await versionOf(env))) return null;
    const select = "SELECT count(*) AS total, count(*) - count(currency) AS failed FROM orders";
    const counts = await env.DB.prepare(select).first<{ total: number; failed: number }>();
    return counts && { checks: [{ name: "orders without a currency", ...counts }], report: null };
  },
});
