// The signed receipts of one run, kept in a Durable Object's SQLite. Knows nothing of any connector: lift it as it is.
// What is stored is verified whole before a run goes on; what may not follow is neither signed nor stored.
import {
  type Bundle,
  type ChainState,
  createBundle,
  createTrustPolicy,
  EMPTY,
  type OwnFields,
  readTrustPolicy,
  replay,
  signNext,
  type TrustPolicy,
} from "countersign/chain";
import {
  createSigner,
  type Kind,
  publicJwk,
  type Receipt,
  type ReceiptOf,
  type Role,
  readSeed,
  SIGNER_OF,
  type Signer,
  sha256Hex,
  subjectOf,
} from "countersign/receipt";

/** Three secrets, each the base64url of a 32-byte seed, no two equal. */
export type Seeds = Readonly<Record<Role, string>>;

export class SignedRun {
  readonly run: string;
  readonly trustPolicy: TrustPolicy;
  readonly #storage: DurableObjectStorage;
  readonly #signers: Readonly<Record<Role, Signer>>;
  #state: ChainState = EMPTY;
  #receipts: readonly Receipt[] = [];

  private constructor(run: string, issuer: string, storage: DurableObjectStorage, seeds: Seeds) {
    const [agent, human, runtime] = [seedOf(seeds.agent), seedOf(seeds.human), seedOf(seeds.runtime)];
    this.run = run;
    this.#storage = storage;
    this.#signers = {
      agent: createSigner(agent),
      human: createSigner(human),
      runtime: createSigner(runtime),
    };
    this.trustPolicy = createTrustPolicy(issuer, {
      agent: publicJwk(agent),
      human: publicJwk(human),
      runtime: publicJwk(runtime),
    });
    storage.sql.exec("CREATE TABLE IF NOT EXISTS receipts (seq INTEGER PRIMARY KEY, envelope TEXT NOT NULL)");
    storage.sql.exec("CREATE TABLE IF NOT EXISTS artifacts (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL)");
  }

  /** Opens a run, and verifies whatever it has come to: the database is not trusted. */
  static async open(
    run: string,
    issuer: string,
    storage: DurableObjectStorage,
    seeds: Seeds,
  ): Promise<SignedRun> {
    const opened = new SignedRun(run, issuer, storage, seeds);
    const trust = readTrustPolicy(opened.trustPolicy);
    if (!trust.ok) throw new Error(trust.refusal.message);
    const rows = storage.sql
      .exec<{ envelope: string }>("SELECT envelope FROM receipts ORDER BY seq")
      .toArray();
    const envelopes = rows.map(({ envelope }): unknown => JSON.parse(envelope));
    const { state, receipts, refusal } = await replay(envelopes, trust.value, opened.artifact);
    if (refusal) throw new Error(`receipt ${refusal.seq}: ${refusal.code}: ${refusal.message}`);
    opened.#state = state;
    opened.#receipts = receipts.flatMap(({ receipt }) => receipt ?? []);
    return opened;
  }

  /** What the receipts say so far. */
  get state(): ChainState {
    return this.#state;
  }

  /** Whatever `work` appends and writes is stored together, or not at all. */
  transaction<Value>(work: () => Value): Value {
    const before = { state: this.#state, receipts: this.#receipts };
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      this.#state = before.state;
      this.#receipts = before.receipts;
      throw error;
    }
  }

  /** Signs and stores the next receipt, with the exact bytes of its subjects in their order; throws if it may not follow. */
  append<K extends Kind>(
    kind: K,
    subjects: Readonly<Record<string, Uint8Array>>,
    fields: OwnFields<K>,
  ): ReceiptOf<K> {
    return this.transaction(() => {
      for (const bytes of Object.values(subjects)) this.keep(bytes);
      const subject = Object.entries(subjects).map(([name, bytes]) => subjectOf(name, bytes));
      const draft = { run: this.run, kind, subject, fields, now: new Date().toISOString() };
      const signed = signNext(this.#state, draft, this.#signers[SIGNER_OF[kind]], this.artifact);
      if (!signed.ok) throw new Error(`${signed.refusal.code}: ${signed.refusal.message}`);
      const { receipt, state } = signed.value;
      const row = JSON.stringify(receipt.envelope);
      this.#storage.sql.exec("INSERT INTO receipts VALUES (?, ?)", this.#state.count, row);
      this.#state = state;
      this.#receipts = [...this.#receipts, receipt];
      return receipt;
    });
  }

  /** Keeps bytes that a receipt will name. */
  keep(bytes: Uint8Array): void {
    this.#storage.sql.exec("INSERT OR IGNORE INTO artifacts VALUES (?, ?)", sha256Hex(bytes), bytes);
  }

  /** Bytes by the hex of their SHA-256; undefined where they are missing or no longer hash to it. */
  readonly artifact = (sha256: string): Uint8Array | undefined => {
    const [row] = this.#storage.sql
      .exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM artifacts WHERE sha256 = ?", sha256)
      .toArray();
    const bytes = row && new Uint8Array(row.bytes);
    return bytes && sha256Hex(bytes) === sha256 ? bytes : undefined;
  };

  /** Everything that somebody else needs to verify the run, but for a trust policy that they got on another way. */
  bundle(): Bundle {
    return createBundle(this.run, this.#receipts, this.artifact);
  }
}

function seedOf(secret: string): Uint8Array {
  const seed = readSeed(secret);
  if (!seed.ok) throw new Error(seed.refusal.message);
  return seed.value;
}
