// The repository connector: two reads, and the one gated write. `write_file` is marked requiresApproval, so CodemodeRuntime
// pauses before it; and it writes nothing itself: it hands the exact call to the gate, which asks the receipts.
import { CodemodeConnector, type ConnectorTools } from "@cloudflare/codemode";
import { z } from "zod";
import { unifiedPatch } from "../chain/index.ts";
import { type Digest, digestOf } from "../receipt/index.ts";
import type { ProbeReport } from "../workload/probe.ts";
import { quoted, readArgs } from "./read-connectors.ts";

/** A file at its newest version. */
export interface RepositoryFile {
  readonly path: string;
  readonly version: number;
  readonly digest: Digest;
  readonly content: string;
}

/** What the connector needs of a repository. */
export interface Repository {
  read(path: string): RepositoryFile | null;
  paths(): readonly string[];
  /** Every file's content by path. */
  contents(): Readonly<Record<string, string>>;
}

/** What a gated write answers to the script. */
export interface WriteResult {
  readonly path: string;
  readonly version: number;
  readonly digest: Digest;
}

/**
 * Performs the gated call, or throws why not. `args` is what the connector really received, of unknown form:
 * CodemodeRuntime's own argument check can be passed by, so the gate compares these bytes with the approved ones.
 */
export type GatedWrite = (executionId: string, args: unknown) => Promise<WriteResult>;

const readFileArgs = z.strictObject({ path: z.string().max(500) });
const previewArgs = z.strictObject({ path: z.string().min(1).max(500), content: z.string().max(1_000_000) });

/** `repository.read_file`, `repository.preview_patch` and the gated `repository.write_file`. */
export class RepositoryConnector extends CodemodeConnector<unknown> {
  readonly #repository: Repository;
  readonly #measure: (files: Readonly<Record<string, string>>) => Promise<ProbeReport>;
  readonly #write: GatedWrite;

  constructor(
    ctx: DurableObjectState,
    env: unknown,
    repository: Repository,
    measure: (files: Readonly<Record<string, string>>) => Promise<ProbeReport>,
    write: GatedWrite,
  ) {
    super(ctx, env);
    this.#repository = repository;
    this.#measure = measure;
    this.#write = write;
  }

  override name(): string {
    return "repository";
  }

  protected override tools(): ConnectorTools {
    return {
      read_file: {
        description: "A file as it is: {path, version, digest, content}.",
        inputSchema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
        execute: (args) => this.#readFile(args),
      },
      preview_patch: {
        description: "What a new content would change, and the probe's measurement of it. Writes nothing.",
        inputSchema: {
          type: "object",
          properties: { path: { type: "string" }, content: { type: "string" } },
          required: ["path", "content"],
        },
        execute: (args) => this.#previewPatch(args),
      },
      write_file: {
        description:
          "Writes a file, if `before` is its digest now (null: there is none). A human approves the exact call first.",
        inputSchema: {
          type: "object",
          properties: {
            path: { type: "string" },
            content: { type: "string" },
            before: { type: ["string", "null"] },
          },
          required: ["path", "content", "before"],
        },
        requiresApproval: true,
        execute: (args, context) => this.#write(context?.executionId ?? "", args),
      },
    };
  }

  #readFile(args: unknown): RepositoryFile {
    const { path } = readArgs("repository.read_file", readFileArgs, args);
    const file = this.#repository.read(path);
    if (file) return file;
    throw new Error(
      `repository.read_file: no file ${quoted(path)}; there are ${this.#repository.paths().join(", ")}`,
    );
  }

  async #previewPatch(args: unknown) {
    const { path, content } = readArgs("repository.preview_patch", previewArgs, args);
    const file = this.#repository.read(path);
    return {
      path,
      before: file?.digest ?? null,
      after: digestOf(new TextEncoder().encode(content)),
      diff: unifiedPatch(path, file?.content ?? "", content),
      probe: await this.#measure({ ...this.#repository.contents(), [path]: content }),
    };
  }
}
