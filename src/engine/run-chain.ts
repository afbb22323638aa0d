// The chain of one run: verified when loaded, and only ever grown by fold, sign and append in one transaction.
// It knows no step of the run; it makes sure that everything a step signs is lawful where it stands.
import {
  type Artifacts,
  type ChainCode,
  type ChainState,
  type CheckedAssertion,
  EMPTY,
  type OwnFields,
  replay,
  signNext,
  type Trust,
  type VerifiedOf,
  type VerifiedReceipt,
} from "../chain/index.ts";
import {
  accept,
  type Kind,
  type Refusal,
  type Result,
  type Role,
  SIGNER_OF,
  type Signer,
  type Subject,
} from "../receipt/index.ts";
import { parseEnvelope, type RunStore } from "./store.ts";

/** What a chain is signed with, and the trust policy under which it has to verify. */
export interface ChainKeys {
  readonly signers: Readonly<Record<Role, Signer>>;
  readonly trust: Trust;
}

/** A subject by name and exact bytes. */
export type NamedBytes = readonly [name: string, bytes: Uint8Array];

/** What a receipt is about: bytes that are to be stored, or, as a receipt names them, bytes that are stored already. */
export type GivenSubject = NamedBytes | Subject;

/** What a transaction may do: append receipts, and read the state as they change it. */
export interface ChainTransaction {
  readonly state: ChainState;
  /**
   * Stores the subjects' bytes, folds, signs and appends. A refusal ends and rolls back the whole transaction.
   * @param checked of a decision with the reviewer's own signature: what `checkAssertion` gave for it.
   */
  append<K extends Kind>(
    kind: K,
    subjects: readonly GivenSubject[],
    fields: OwnFields<K>,
    checked?: CheckedAssertion | null,
  ): VerifiedOf<K>;
}

/** Hears of each receipt inside the transaction that appends it, and of the state with it: what it stores commits with the receipt. */
export type AppendListener = (receipt: VerifiedReceipt, state: ChainState) => void;

/** Hears of each commit, in the same turn: the state after each appended receipt. Must not throw: the receipts stand. */
export type CommitListener = (states: readonly ChainState[]) => void;

/** Thrown inside a transaction to roll it back; caught by {@link RunChain.commit}. */
class RefusedError extends Error {
  readonly refusal: Refusal<ChainCode>;
  constructor(refusal: Refusal<ChainCode>) {
    super(`${refusal.code}: ${refusal.message}`);
    this.refusal = refusal;
  }
}

/** Where a stored chain does not verify, and why. */
export interface ChainFinding {
  readonly run: string;
  readonly seq: number;
  readonly code: ChainCode;
  readonly message: string;
}

/** Thrown when the stored chain does not verify: the run does nothing more, and says so. */
export class CorruptChainError extends Error {
  override readonly name = "CorruptChainError";
  readonly finding: ChainFinding;
  constructor(run: string, { code, message }: Refusal<ChainCode>, seq: number) {
    super(`the stored chain does not verify: receipt ${seq}: ${code}: ${message}`);
    this.finding = { run, seq, code, message };
  }
}

export class RunChain {
  readonly run: string;
  readonly #store: RunStore;
  readonly #keys: ChainKeys;
  readonly #now: () => number;
  /** Told of every receipt, and of every commit; nobody, unless somebody asks. */
  onAppend: AppendListener = () => {};
  onCommit: CommitListener = () => {};
  #state: ChainState = EMPTY;
  #receipts: readonly VerifiedReceipt[] = [];

  private constructor(run: string, store: RunStore, keys: ChainKeys, now: () => number) {
    this.run = run;
    this.#store = store;
    this.#keys = keys;
    this.#now = now;
  }

  /**
   * Reads a run's chain from storage and verifies it whole: the database is not trusted.
   * @throws {CorruptChainError} when it does not verify.
   */
  static async load(run: string, store: RunStore, keys: ChainKeys, now: () => number): Promise<RunChain> {
    const chain = new RunChain(run, store, keys, now);
    const rows = store.envelopeRows().map(parseEnvelope);
    const { state, receipts, refusal } = await replay(rows, keys.trust, store.artifacts);
    if (refusal) throw new CorruptChainError(run, refusal, refusal.seq);
    if (state.run !== null && state.run !== run) {
      const message = `expected run ${run}, got ${state.run}`;
      throw new CorruptChainError(run, { code: "ERR_RUN", message }, 0);
    }
    const head = store.head();
    if (head.count !== state.count || head.digest !== state.head) {
      const message = `expected the rows to end at ${state.head}, got ${head.digest}`;
      throw new CorruptChainError(run, { code: "ERR_PREV", message }, Math.max(0, head.count - 1));
    }
    chain.#state = state;
    chain.#receipts = receipts.flatMap(({ receipt }) => receipt ?? []);
    return chain;
  }

  /** The trust policy under which this chain verifies. */
  get trust(): Trust {
    return this.#keys.trust;
  }

  /** The deployment that signs this chain. */
  get issuer(): string {
    return this.#keys.trust.issuer;
  }

  get state(): ChainState {
    return this.#state;
  }

  /** Every receipt so far, each verified by this instance or signed by it. */
  get receipts(): readonly VerifiedReceipt[] {
    return this.#receipts;
  }

  /** The receipts of one kind, in order. */
  all<K extends Kind>(kind: K): readonly VerifiedOf<K>[] {
    return this.#receipts.filter((receipt): receipt is VerifiedOf<K> => receipt.kind === kind);
  }

  /**
   * Runs `work` in one synchronous storage transaction. What it appends and writes commits together or not at all;
   * on a refusal nothing is signed, stored or changed.
   */
  commit<Value>(work: (transaction: ChainTransaction) => Value): Result<Value, ChainCode> {
    let state = this.#state;
    const appended: VerifiedReceipt[] = [];
    const states: ChainState[] = [];
    // What this transaction has stored need not be read back and hashed anew.
    const put = new Map<string, Uint8Array>();
    const artifacts: Artifacts = (sha256) => put.get(sha256) ?? this.#store.artifact(sha256);
    const toSubject = (given: GivenSubject): Subject => {
      if ("digest" in given) return given;
      const [name, bytes] = given;
      const sha256 = this.#store.putArtifact(bytes);
      put.set(sha256, bytes);
      return { name, digest: { sha256 } };
    };
    const append = <K extends Kind>(
      kind: K,
      subjects: readonly GivenSubject[],
      fields: OwnFields<K>,
      checked: CheckedAssertion | null = null,
    ): VerifiedOf<K> => {
      const now = new Date(this.#now()).toISOString();
      const draft = { run: this.run, kind, subject: subjects.map(toSubject), fields, now };
      const signer = this.#keys.signers[SIGNER_OF[kind]];
      const next = signNext(state, draft, signer, artifacts, this.#keys.trust, checked);
      if (!next.ok) throw new RefusedError(next.refusal);
      this.#store.appendReceipt(next.value.receipt);
      state = next.value.state;
      this.onAppend(next.value.receipt, state);
      appended.push(next.value.receipt);
      states.push(state);
      return next.value.receipt;
    };
    try {
      const value = this.#store.transaction(() => {
        this.#requireHead();
        return work({
          get state() {
            return state;
          },
          append,
        });
      });
      this.#state = state;
      this.#receipts = [...this.#receipts, ...appended];
      if (states.length > 0) this.onCommit(states);
      return accept(value);
    } catch (error) {
      if (error instanceof RefusedError) return { ok: false, refusal: error.refusal };
      throw error;
    }
  }

  /** Nobody else appends to this run; if the rows say otherwise, what this instance has folded is stale. */
  #requireHead(): void {
    const { count, digest } = this.#store.head();
    if (count === this.#state.count && digest === this.#state.head) return;
    const message = `expected the stored chain to end at ${this.#state.head}, got ${digest}`;
    throw new CorruptChainError(this.run, { code: "ERR_PREV", message }, Math.max(0, count - 1));
  }
}

/** Takes the value of a commit that the step itself makes lawful; a refusal here is a defect, and the run stops at it. */
export function mustCommit<Value>(result: Result<Value, ChainCode>): Value {
  if (result.ok) return result.value;
  throw new Error(`the chain refused a receipt: ${result.refusal.code}: ${result.refusal.message}`);
}
