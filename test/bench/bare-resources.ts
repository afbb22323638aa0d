// The bare run's resources: a row for each as it is now. What stands in the table is believed.
import type { Json } from "../../src/domain/index.ts";

export class BareResources {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Makes the table and stores what a run starts from. */
  seed(contents: Readonly<Record<string, Json>>): void {
    this.#sql.exec("CREATE TABLE resources (name TEXT PRIMARY KEY, content TEXT NOT NULL)");
    for (const [name, content] of Object.entries(contents)) this.put(name, String(content));
  }

  contents(): Map<string, Json> {
    const rows = this.#sql.exec<{ name: string; content: string }>("SELECT name, content FROM resources");
    return new Map(rows.toArray().map(({ name, content }) => [name, content]));
  }

  get(name: string): string | null {
    const [row] = this.#sql
      .exec<{ content: string }>("SELECT content FROM resources WHERE name = ?", name)
      .toArray();
    return row?.content ?? null;
  }

  put(name: string, content: string): void {
    this.#sql.exec("INSERT OR REPLACE INTO resources (name, content) VALUES (?, ?)", name, content);
  }
}
