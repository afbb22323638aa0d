// The chain of one run: verified when loaded, and only ever grown by fold, sign and append in one transaction.
// It knows no step of the run; it makes sure that whatever a step signs is lawful where it stands.

import {
  type Artifacts,
  type ChainCode,
  type ChainState,
  EMPTY,
  type OwnFields,
  replay,
  signNext,
} from "../chain/index.ts";
import {
  accept,
  decodeEnvelope,
  type Kind,
  type Receipt,
  type ReceiptOf,
  type Refusal,
  type Result,
  readStatement,
  SIGNER_OF,
  type Subject,
} from "../receipt/index.ts";
import { underName } from "./deployment-names.ts";
import type { Finding } from "./run-api.ts";
import type { RunStore } from "./run-store.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** What a transaction may do: append receipts, and read the state as they change it. */
export interface ChainTransaction {
  readonly state: ChainState;
  /** Stores the subjects' bytes, folds, signs and appends. A refusal ends and rolls back the whole transaction. */
  append<K extends Kind>(kind: K, subjects: readonly GivenSubject[], fields: OwnFields<K>): ReceiptOf<K>;
}

/** A subject by name and exact bytes. */
export type NamedBytes = readonly [name: string, bytes: Uint8Array];

/** What a receipt is about: bytes that are to be stored, or, as a receipt names them, bytes that are stored already. */
export type GivenSubject = NamedBytes | Subject;

/** Hears of each receipt inside the transaction that appends it: what it stores commits with the receipt. */
export type AppendListener = (receipt: Receipt) => void;

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

/** Thrown when the stored chain does not verify: the run does nothing more, and says so. */
export class CorruptChainError extends Error {
  override readonly name = "CorruptChainError";
  readonly finding: Finding;
  constructor(run: string, { code, message }: Refusal<ChainCode>, seq: number) {
    super(`the stored chain does not verify: receipt ${seq}: ${code}: ${message}`);
    this.finding = { run, seq, code, message };
  }
}

/** Thrown when the stored chain verifies, under a name that the deployment does not list as its own. Listing it is all that is missing. */
export class UnlistedIssuerError extends Error {
  override readonly name = "UnlistedIssuerError";
  constructor(issuer: string, present: string) {
    super(
      `this run was signed under the name ${issuer}, and ISSUER is ${present}; with ${JSON.stringify(issuer)} in FORMER_ISSUERS it opens again`,
    );
  }
}

export class RunChain {
  readonly run: string;
  readonly #store: RunStore;
  readonly #keys: SigningKeys;
  readonly #now: () => number;
  /** Told of every receipt, and of every commit; nobody, unless somebody asks. */
  onAppend: AppendListener = () => {};
  onCommit: CommitListener = () => {};
  #state: ChainState = EMPTY;
  #receipts: readonly Receipt[] = [];

  private constructor(run: string, store: RunStore, keys: SigningKeys, now: () => number) {
    this.run = run;
    this.#store = store;
    this.#keys = keys;
    this.#now = now;
  }

  /**
   * Reads a run's chain from storage and verifies it whole: the database is not trusted.
   * @param deployment the deployment's keys; the chain may bear any of its names.
   * @throws {CorruptChainError} when it does not verify.
   * @throws {UnlistedIssuerError} when it verifies under a name that the deployment does not list.
   */
  static async load(
    run: string,
    store: RunStore,
    deployment: SigningKeys,
    now: () => number,
  ): Promise<RunChain> {
    const envelopes = store.envelopes();
    // What it says only chooses the name under which all of it then has to verify.
    const issuer = claimedIssuer(envelopes[0]) ?? deployment.trust.issuer;
    const keys = underName(deployment, issuer);
    const chain = new RunChain(run, store, keys, now);
    const { state, receipts, refusal } = await replay(envelopes, keys.trust, store.artifacts);
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
    if (!deployment.issuers.has(issuer)) throw new UnlistedIssuerError(issuer, deployment.trust.issuer);
    chain.#state = state;
    chain.#receipts = receipts.flatMap(({ receipt }) => receipt ?? []);
    return chain;
  }

  /** The deployment's name in this chain. */
  get issuer(): string {
    return this.#keys.trust.issuer;
  }

  /** The deployment's keys under that name. */
  get keys(): SigningKeys {
    return this.#keys;
  }

  get state(): ChainState {
    return this.#state;
  }

  /** Every receipt so far, each verified by this instance or signed by it. */
  get receipts(): readonly Receipt[] {
    return this.#receipts;
  }

  /**
   * Runs `work` in one synchronous storage transaction. Whatever it appends and writes commits together or not at all;
   * on a refusal nothing is signed, stored or changed.
   */
  commit<Value>(work: (transaction: ChainTransaction) => Value): Result<Value, ChainCode> {
    let state = this.#state;
    const appended: Receipt[] = [];
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
    ): ReceiptOf<K> => {
      const next = this.#sign(state, kind, subjects.map(toSubject), fields, artifacts);
      this.#store.appendReceipt(next.receipt);
      this.onAppend(next.receipt);
      state = next.state;
      appended.push(next.receipt);
      states.push(next.state);
      return next.receipt;
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

  #sign<K extends Kind>(
    state: ChainState,
    kind: K,
    subject: readonly Subject[],
    fields: OwnFields<K>,
    artifacts: Artifacts,
  ) {
    const now = new Date(this.#now()).toISOString();
    const draft = { run: this.run, kind, subject, fields, now };
    const signed = signNext(state, draft, this.#keys.signers[SIGNER_OF[kind]], artifacts);
    if (!signed.ok) throw new RefusedError(signed.refusal);
    return signed.value;
  }

  /** Nobody else appends to this run; if the rows say otherwise, what this instance has folded is stale. */
  #requireHead(): void {
    const { count, digest } = this.#store.head();
    if (count === this.#state.count && digest === this.#state.head) return;
    throw new Error(`expected the stored chain to end at ${this.#state.head}, got ${digest}`);
  }
}

/** The name in a chain's first receipt; null where that cannot be read, or there is none. */
function claimedIssuer(envelope: unknown): string | null {
  const decoded = decodeEnvelope(envelope);
  const first = decoded.ok ? readStatement(decoded.value.payload) : decoded;
  return first.ok && first.value.kind === "alert" ? first.value.statement.predicate.issuer : null;
}
