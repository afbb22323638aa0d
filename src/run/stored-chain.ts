// The stored chain of one run, verified from the rows as they are, each time that somebody asks. What this instance has verified
// once need not be checked again signature by signature, so that a long chain costs no more at each write than a short one; but
// only while each of its bytes is still the same. With one other byte, or one artifact altered, all is verified afresh.
import { type Artifacts, type ChainState, EMPTY, type Replay, replay, type Trust } from "../chain/index.ts";
import { parseEnvelope, type RunStore } from "./run-store.ts";

/** Rows that were verified, the state that they fold to, and every artifact that the fold asked for on the way. */
interface Verified {
  readonly rows: readonly string[];
  readonly state: ChainState;
  readonly named: ReadonlySet<string>;
}

const NOTHING: Verified = { rows: [], state: EMPTY, named: new Set() };

export class StoredChain {
  readonly #store: RunStore;
  readonly #trust: Trust;
  #verified = NOTHING;

  constructor(store: RunStore, trust: Trust) {
    this.#store = store;
    this.#trust = trust;
  }

  /** The state that the rows fold to, or the first refusal: the same answer as verifying all of them. */
  async verify(): Promise<Pick<Replay, "state" | "refusal">> {
    const rows = this.#store.envelopeRows();
    const known = this.#stands(rows) ? this.#verified : NOTHING;
    const named = new Set(known.named);
    const artifacts: Artifacts = (sha256) => {
      named.add(sha256);
      return this.#store.artifact(sha256);
    };
    const added = rows.slice(known.rows.length).map(parseEnvelope);
    const { state, refusal } = await replay(added, this.#trust, artifacts, known.state);
    if (!refusal) this.#verified = { rows, state, named };
    return { state, refusal };
  }

  /** Whether the rows still begin with those that were verified, and every artifact still hashes to its name. */
  #stands(rows: readonly string[]): boolean {
    const { rows: known, named } = this.#verified;
    return (
      known.every((row, seq) => rows[seq] === row) &&
      [...named].every((sha256) => this.#store.artifact(sha256) !== undefined)
    );
  }
}
