// The deployment's log: enters leaves, signs what the tree then is, and has it witnessed, in batches, by alarm. It decides nothing, and a
// witness that is down or lies changes nothing but who is waited for.
import { DurableObject } from "cloudflare:workers";
import { logFailure } from "../engine/index.ts";
import {
  checkCheckpoint,
  cosignedAt,
  inclusionProof,
  type LogLeaf,
  readNote,
  readTilePath,
  writeTlogProof,
} from "../log/index.ts";
import { askWitness } from "./ask-witness.ts";
import type { Settings } from "./env.ts";
import type { Anchored, LogApi } from "./log-api.ts";
import { type LogSettings, readLogSettings, type Witness } from "./log-settings.ts";
import { LogStore, type SignedCheckpoint } from "./log-store.ts";
import { within } from "./within.ts";

/** How long entries wait for others, in milliseconds, before they are signed together. */
const BATCH_MS = 50;
/** When witnesses are asked again after a first failure, in milliseconds; it doubles with each. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

export class LogDurableObject<Env extends Settings = Settings> extends DurableObject<Env> implements LogApi {
  readonly #store = new LogStore(this.ctx.storage);
  /** Resolves at each checkpoint that a quorum saw. */
  #seen = Promise.withResolvers<void>();
  #retryMs = FIRST_RETRY_MS;

  async anchor(leaf: LogLeaf, waitMs: number): Promise<Anchored> {
    const settings = this.#settings();
    const place = this.#store.enter(leaf);
    const until = Date.now() + waitMs;
    for (;;) {
      const proof = this.#proofOf(place, settings);
      if (proof !== null) return { proof };
      await this.#wake(BATCH_MS);
      const left = until - Date.now();
      if (left <= 0) return { proof: null, waitsFor: await this.#missing(settings) };
      await within(this.#seen.promise, left);
    }
  }

  async checkpoint(): Promise<string> {
    const settings = this.#settings();
    return (this.#store.newestSeen(settings.policyText) ?? this.#store.newest() ?? this.#store.seal(settings))
      .note;
  }

  async tile(path: string): Promise<Uint8Array | null> {
    const tile = readTilePath(path);
    return tile && this.#store.tile(tile);
  }

  /** Signs what was entered and has it witnessed. Comes back while no quorum has seen it. */
  override async alarm(): Promise<void> {
    const read = readLogSettings(this.env);
    // Settings that were taken away come back with a deployment; whoever then asks sets the alarm again.
    if (!read.ok || !read.value) return;
    const settings = read.value;
    const signed = this.#store.seal(settings);
    if (await this.#isSeen(signed, settings)) this.#retryMs = FIRST_RETRY_MS;
    else {
      this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2);
      await this.#wake(this.#retryMs);
    }
    if (this.#store.entered() > signed.size) await this.#wake(BATCH_MS);
  }

  /** True once a quorum has cosigned the checkpoint; false when all witnesses have answered or failed and it is none. */
  async #isSeen(signed: SignedCheckpoint, settings: LogSettings): Promise<boolean> {
    if (this.#store.newestSeen(settings.policyText)?.size === signed.size) return true;
    if (await this.#judge(signed.size, signed.note, settings)) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const asked = settings.witnesses.map(async (witness) => {
      if (await this.#ask(witness, signed, settings)) resolve(true);
    });
    // A slow witness keeps nobody: what it signs is added when it comes.
    this.ctx.waitUntil(Promise.all(asked).then(() => resolve(false)));
    return promise;
  }

  /** Asks one witness, and keeps what it signed. @returns whether the checkpoint has a quorum with it. */
  async #ask(witness: Witness, signed: SignedCheckpoint, settings: LogSettings): Promise<boolean> {
    const vkey = witness.key.text;
    try {
      const { line } = await askWitness(witness, signed, this.#store.read, this.#store.seenBy(vkey));
      this.#store.noteSeenBy(vkey, signed.size);
      const note = this.#store.addCosignature(signed.size, line);
      return note !== null && (await this.#judge(signed.size, note, settings));
    } catch (error) {
      logFailure("witness_failed", error, { witness: witness.key.name, size: signed.size });
      return false;
    }
  }

  async #judge(size: number, note: string, settings: LogSettings): Promise<boolean> {
    const seen = await checkCheckpoint(settings.policy, note);
    if (!seen.ok) return false;
    this.#store.markSeen(size, settings.policyText);
    this.#seen.resolve();
    this.#seen = Promise.withResolvers();
    return true;
  }

  #proofOf(index: number, { policyText }: LogSettings): string | null {
    const seen = this.#store.newestSeen(policyText);
    if (!seen || index >= seen.size) return null;
    const hashes = inclusionProof(this.#store.read, index, seen.size);
    return writeTlogProof({ index, hashes, checkpoint: seen.note });
  }

  /** The witnesses that have not signed the newest checkpoint. */
  async #missing({ witnesses }: LogSettings): Promise<string[]> {
    const note = readNote(this.#store.newest()?.note ?? "");
    const signed = witnesses.map(({ key }) => (note.ok ? cosignedAt(note.value, key) : null));
    const times = await Promise.all(signed);
    return witnesses.filter((_, i) => typeof times[i] !== "number").map(({ key }) => key.name);
  }

  /** Sets the alarm, unless it goes off earlier. */
  async #wake(afterMs: number): Promise<void> {
    const at = Date.now() + afterMs;
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }

  #settings(): LogSettings {
    const settings = readLogSettings(this.env);
    if (!settings.ok) throw new Error(settings.refusal.message);
    if (!settings.value) throw new Error("the deployment keeps no log: LOG_SIGNING_KEY is not set");
    return settings.value;
  }
}
