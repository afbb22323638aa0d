// The gate of the one write. A call reaches it only through CodemodeRuntime's approval, and it does not believe that:
// it verifies the stored chain and demands an approval, at the head, unconsumed, for exactly the call it received.
import { approvalAtHead, readAction, readWriteFileArgs } from "../chain/index.ts";
import type { WriteResult } from "../codemode/repository-connector.ts";
import { canonicalBytes, type Digest, sha256Hex, subjectDigest } from "../receipt/index.ts";
import type { RunRepository } from "./run-repository.ts";
import type { RunStore } from "./run-store.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { StoredChain } from "./stored-chain.ts";

/** Why the gate let a write not happen. The message is for the reviewer and goes into the signed `failed` receipt. */
export class WriteRefusedError extends Error {
  override readonly name = "WriteRefusedError";
}

export class WriteGate {
  readonly #store: RunStore;
  readonly #repository: RunRepository;
  readonly #stored: StoredChain;
  #refusal: string | null = null;

  constructor(store: RunStore, repository: RunRepository, keys: SigningKeys) {
    this.#store = store;
    this.#repository = repository;
    this.#stored = new StoredChain(store, keys.trust);
  }

  /** The newest refusal since {@link forgetRefusal}, whether or not the script told of it. */
  get refusal(): string | null {
    return this.#refusal;
  }

  forgetRefusal(): void {
    this.#refusal = null;
  }

  /**
   * Performs a gated write, or throws why not.
   * @param args what the connector really received. It may differ from what CodemodeRuntime recorded: a script can switch
   *   arguments after the pause in ways that its own check passes over.
   */
  async write(executionId: string, args: unknown): Promise<WriteResult> {
    try {
      return await this.#write(executionId, args);
    } catch (error) {
      this.#refusal = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  async #write(executionId: string, received: unknown): Promise<WriteResult> {
    // From here on only these bytes count: what is compared with the approval is what is written.
    const bytes = canonicalBytes({ connector: "repository", method: "write_file", args: received });
    const action = readAction(bytes);
    const args = action.ok ? readWriteFileArgs(action.value.args) : action;
    if (!args.ok) throw new WriteRefusedError(args.refusal.message);
    const { path, content, before } = args.value;

    const { state, refusal } = await this.#stored.verify();
    if (refusal) throw new WriteRefusedError(`the stored chain does not verify: ${refusal.code}`);

    return this.#store.transaction(() => {
      if (this.#store.head().digest !== state.head) throw new WriteRefusedError("the chain has moved on");
      const decision = approvalAtHead(state);
      const point = state.round?.preview?.statement.predicate.execution;
      if (!decision || !point) throw new WriteRefusedError("no approval stands at the head of the chain");
      const fenced = this.#store.fence(decision.digest);
      if (fenced) throw new WriteRefusedError(`the approval is used up: its step is ${fenced.state}`);
      if (point.id !== executionId) throw new WriteRefusedError("the approval is for another execution");
      if (subjectDigest(decision.statement, "action") !== sha256Hex(bytes)) {
        throw new WriteRefusedError("the call is not the approved one: its arguments are others");
      }
      const now = this.#repository.read(path)?.digest ?? null;
      if (now !== before) throw new WriteRefusedError(drift(path, before, now));
      const file = this.#repository.write(path, content);
      const result: WriteResult = { path, version: file.version, digest: file.digest };
      this.#store.setFence(decision.digest, {
        state: "written",
        result: this.#store.putArtifact(canonicalBytes(result)),
      });
      return result;
    });
  }
}

function drift(path: string, before: Digest | null, now: Digest | null): string {
  const show = (digest: Digest | null) => (digest === null ? "no such file" : digest);
  return `${path} has changed since the proposal: expected ${show(before)}, found ${show(now)}. The file is left as it is`;
}
