// The run's small repository: versioned files over the store. A file's bytes are an artifact; a version never changes.
import { digestFromHex } from "../chain/index.ts";
import type { Repository, RepositoryFile } from "../codemode/repository-connector.ts";
import type { Digest } from "../receipt/index.ts";
import type { FileRow } from "./run-rows.ts";
import type { RunStore } from "./run-store.ts";

export class RunRepository implements Repository {
  readonly #store: RunStore;
  /** Contents by their SHA-256, each of which was found to be it: what was read once need not be read and hashed again. */
  readonly #texts = new Map<string, string>();

  constructor(store: RunStore) {
    this.#store = store;
  }

  read(path: string): RepositoryFile | null {
    const row = this.#store.newestFile(path);
    return row && this.#fileOf(row);
  }

  paths(): readonly string[] {
    return this.#store.newestFiles().map(({ path }) => path);
  }

  contents(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#files().map(({ path, content }) => [path, content]));
  }

  /** Every file's content as the run found it, by path. */
  originalContents(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#store.originalFiles().map(({ path, sha256 }) => [path, this.#text(path, sha256)]),
    );
  }

  /**
   * The digest of every file as it is, by path: what a handoff's repository manifest says. A file whose stored bytes somebody has
   * altered is left out: nobody could be handed it, and the run has to end all the same.
   */
  manifest(): Readonly<Record<string, Digest>> {
    const sound = this.#store
      .newestFiles()
      .filter(({ sha256 }) => this.#texts.has(sha256) || this.#store.artifact(sha256));
    return Object.fromEntries(sound.map(({ path, sha256 }) => [path, digestFromHex(sha256)]));
  }

  /** Stores the files that a run starts from. */
  seed(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      this.#store.putFile(path, 0, this.#store.putArtifact(new TextEncoder().encode(content)));
    }
  }

  /** Adds a file's next version. Call it inside the transaction that makes the write lawful. */
  write(path: string, content: string): RepositoryFile {
    const sha256 = this.#store.putArtifact(new TextEncoder().encode(content));
    const version = (this.#store.newestFile(path)?.version ?? 0) + 1;
    this.#store.putFile(path, version, sha256);
    return { path, version, digest: digestFromHex(sha256), content };
  }

  #files(): RepositoryFile[] {
    return this.#store.newestFiles().map((row) => this.#fileOf(row));
  }

  #fileOf({ path, version, sha256 }: FileRow): RepositoryFile {
    return { path, version, digest: digestFromHex(sha256), content: this.#text(path, sha256) };
  }

  #text(path: string, sha256: string): string {
    const known = this.#texts.get(sha256);
    if (known !== undefined) return known;
    const bytes = this.#store.artifact(sha256);
    if (!bytes) throw new Error(`the stored bytes of ${path} no longer hash to ${sha256}`);
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    this.#texts.set(sha256, text);
    return text;
  }
}
