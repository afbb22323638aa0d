// The bare run's repository: the product's versioned files without its artifacts. A file is hashed when it is written, and
// what stands in the table is believed.
import type { Repository, RepositoryFile, WriteResult } from "../../src/codemode/repository-connector.ts";
import { type Digest, digestOf } from "../../src/receipt/index.ts";

interface FileRow {
  readonly version: number;
  readonly digest: Digest;
  readonly content: string;
}

export class BareRepository implements Repository {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Makes the table and stores the files that a run starts from. */
  seed(files: Readonly<Record<string, string>>): void {
    this.#sql.exec(
      "CREATE TABLE files (path TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (path, version))",
    );
    for (const [path, content] of Object.entries(files)) this.#put(path, 0, content);
  }

  read(path: string): RepositoryFile | null {
    const [row] = this.#sql
      .exec<{ [K in keyof FileRow]: FileRow[K] }>(
        "SELECT version, digest, content FROM files WHERE path = ? ORDER BY version DESC LIMIT 1",
        path,
      )
      .toArray();
    return row ? { path, ...row } : null;
  }

  paths(): readonly string[] {
    const rows = this.#sql.exec<{ path: string }>("SELECT DISTINCT path FROM files ORDER BY path").toArray();
    return rows.map(({ path }) => path);
  }

  contents(): Readonly<Record<string, string>> {
    const rows = this.#sql
      .exec<{ path: string; content: string }>(
        "SELECT path, max(version), content FROM files GROUP BY path ORDER BY path",
      )
      .toArray();
    return Object.fromEntries(rows.map(({ path, content }) => [path, content]));
  }

  /** Every file as the run found it. */
  originalContents(): Readonly<Record<string, string>> {
    const rows = this.#sql
      .exec<{ path: string; content: string }>("SELECT path, content FROM files WHERE version = 0")
      .toArray();
    return Object.fromEntries(rows.map(({ path, content }) => [path, content]));
  }

  /** Writes a file's next version, if it is still what the caller has read. */
  write(path: string, content: string, before: Digest | null): WriteResult {
    const now = this.read(path);
    if ((now?.digest ?? null) !== before) throw new Error(`${path} has changed since it was read`);
    const version = (now?.version ?? 0) + 1;
    return { path, version, digest: this.#put(path, version, content) };
  }

  #put(path: string, version: number, content: string): Digest {
    const digest = digestOf(new TextEncoder().encode(content));
    this.#sql.exec(
      "INSERT INTO files (path, version, digest, content) VALUES (?, ?, ?, ?)",
      ...[path, version, digest, content],
    );
    return digest;
  }
}
