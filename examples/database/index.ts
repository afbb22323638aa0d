// Migrates a D1 database: an agent finds orders without a currency, and a human approves the statements that mend them.
import type { LogDurableObject, RunIndex } from "countersign";
import { countersign, RunDurableObject, scripted } from "countersign";
import { type DatabaseEnv, database } from "./migrate.ts";

interface Env extends DatabaseEnv {
  readonly RUN: DurableObjectNamespace<MigrationRun>;
  readonly INDEX: DurableObjectNamespace<RunIndex>;
  readonly LOG: DurableObjectNamespace<LogDurableObject>;
}

export const migrator = scripted({
  id: "migrator",
  investigate: () => `async () => {
    const [version, rows] = await Promise.all([database.version({}), database.rows({ limit: 100 })]);
    return { summary: rows.length + " orders have no currency at version " + version };
  }`,
  propose: ({ evidence }) => {
    const version = evidence[0]?.items.find(({ method }) => method === "version")?.result;
    if (typeof version !== "number") return { stop: "The database did not say which version it has." };
    const statements = [`UPDATE orders SET currency = 'EUR' WHERE currency IS NULL`];
    return {
      code: `async () => database.migrate(${JSON.stringify({ version: version + 1, statements })})`,
      title: "Give every order a currency",
      summary: "Orders of before there were currencies were all in EUR.",
      risk: "medium",
      feedback: null,
    };
  },
});

export class MigrationRun extends RunDurableObject<Env> {
  domain = database;
  planner = migrator;
}
export { CodemodeRuntime, LogDurableObject, RunIndex } from "countersign";
export default countersign<Env>({
  runs: (env) => env.RUN,
  index: (env) => env.INDEX,
  log: (env) => env.LOG,
  reviewers: [],
});
