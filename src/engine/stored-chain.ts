// The stored chain of one run, verified from the rows as they are, each time that somebody asks. What this instance has verified
// once need not be checked again signature by signature, so that a long chain costs no more at each write than a short one; but
// only while each of its bytes is still the same. With one other byte, or one artifact altered, all is verified afresh.
import { type ChainState, EMPTY, type Replay, replay, type Trust } from "../chain/index.ts";
import { parseEnvelope, type RunStore } from "./store.ts";

/** Rows that were verified, the state that they fold to, and the names of the artifacts that were sound then. */
interface Verified {
  readonly rows: readonly string[];
  readonly state: ChainState;
  readonly sound: readonly string[];
}

const NOTHING: Verified = { rows: [], state: EMPTY, sound: [] };

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
    const artifacts = this.#store.soundArtifacts();
    const stands =
      this.#verified.rows.every((row, seq) => rows[seq] === row) &&
      this.#verified.sound.every((sha256) => artifacts.has(sha256));
    const known = stands ? this.#verified : NOTHING;
    const added = rows.slice(known.rows.length).map(parseEnvelope);
    const { state, refusal } = await replay(
      added,
      this.#trust,
      (sha256) => artifacts.get(sha256),
      known.state,
    );
    if (!refusal) this.#verified = { rows, state, sound: [...artifacts.keys()] };
    return { state, refusal };
  }
}
