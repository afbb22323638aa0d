// The bench of the verify page: one chain laid out, what was done to it, and the verifier's word on it after each change.
// It never fetches and never touches the page; it knows only what it was handed.

import { readBundle, readTrustPolicy, type TrustPolicy } from "../chain/index.ts";
import { accept, NotCanonicalError, type Result, refuse } from "../receipt/index.ts";
import { breakSpecimen, describeBreakage, targetOf } from "./break-specimen.ts";
import type { Cheat } from "./cheat-names.ts";
import { cheat } from "./cheats.ts";
import { makeKeys, type OwnKeys, ownPolicy } from "./forge.ts";
import { inspect } from "./inspect.ts";
import { isObject } from "./json-tree.ts";
import { type Judgement, judge } from "./judgement.ts";
import { claimsOf, statementOf } from "./peek.ts";
import { readJson, type Source } from "./read-source.ts";
import { layOut, packUp, placeOf, type Specimen } from "./specimen.ts";
import { showTrust } from "./trust-shown.ts";
import type { Breakage, ReplyCode, Sheet } from "./verifier-protocol.ts";

interface Step {
  readonly specimen: Specimen;
  readonly said: string;
  readonly target: string | null;
  readonly resigned: boolean;
  readonly cheat: Cheat | null;
}

export class Bench {
  #trust: TrustPolicy | null = null;
  #expectedRun: string | null = null;
  #original: Specimen | null = null;
  #other: Specimen | null = null;
  #steps: readonly Step[] = [];
  #chosen: number | null = null;
  #keys: OwnKeys | null = null;
  #believesOwn = false;

  /** Lays a chain out, in place of the one before. Whatever is refused leaves nothing on the bench. */
  async takeBundle(source: Source, run: string | null): Promise<Result<Sheet, ReplyCode>> {
    this.#original = null;
    this.#expectedRun = run;
    this.restart();
    const specimen = await readSpecimen(source);
    if (!specimen.ok) return specimen;
    this.#original = specimen.value;
    this.#chosen = firstChoice(specimen.value);
    return this.sheet();
  }

  /** Takes a trust policy; a refused one leaves the one before in force. */
  async takeTrust(source: Source): Promise<Result<Sheet, ReplyCode>> {
    const value = await readJson(source);
    if (!value.ok) return value;
    if (isObject(value.value) && "receipts" in value.value) {
      return refuse("ERR_TRUST_POLICY", "expected a trust policy, got a bundle");
    }
    const trust = readTrustPolicy(value.value);
    if (!trust.ok) return trust;
    // readTrustPolicy has checked the whole shape.
    this.#trust = value.value as TrustPolicy;
    return this.sheet();
  }

  /** Takes another run's chain, to take receipts from. */
  async takeOther(source: Source): Promise<Result<Sheet, ReplyCode>> {
    const other = await readSpecimen(source);
    if (!other.ok) return other;
    if (other.value.items.length === 0)
      return refuse("ERR_BUNDLE", "expected a chain with a receipt to take");
    this.#other = other.value;
    return this.sheet();
  }

  choose(key: number): void {
    this.#chosen = key;
  }

  /** Tries a cheat on the chain as it was handed in. Returns a refusal when it cannot be done, and then nothing has changed. */
  cheat(how: Cheat): Result<null, ReplyCode> {
    if (!this.#original) return accept(null);
    this.#keys ??= makeKeys();
    const forged = cheat(this.#original, how, { keys: this.#keys, other: this.#other });
    if (!forged.ok) return forged;
    const { specimen, said, key } = forged.value;
    this.#steps = [{ specimen, said, target: null, resigned: how === "keys", cheat: how }];
    this.#chosen = key ?? this.#chosen;
    this.#believesOwn = false;
    this.#settle();
    return accept(null);
  }

  /** Does one thing to the chain. Returns a refusal when it cannot be done, and then nothing has changed. */
  break(breakage: Breakage): Result<null, ReplyCode> {
    const specimen = this.#specimen();
    if (!specimen) return accept(null);
    this.#keys ??= makeKeys();
    let broken: Specimen;
    try {
      broken = breakSpecimen(specimen, breakage, { keys: this.#keys, other: this.#other });
    } catch (error) {
      if (error instanceof NotCanonicalError) return refuse(error.code, error.message);
      throw error;
    }
    const target = targetOf(breakage);
    const last = this.#steps.at(-1);
    const kept = target !== null && last?.target === target ? this.#steps.slice(0, -1) : this.#steps;
    const said = describeBreakage(specimen, breakage, this.#other);
    const resigned = last?.resigned ?? false;
    this.#steps = [...kept, { specimen: broken, said, target, resigned, cheat: null }];
    if (this.#chosen !== null && placeOf(broken, this.#chosen) < 0) {
      const place = Math.min(placeOf(specimen, this.#chosen), broken.items.length - 1);
      this.#chosen = broken.items[place]?.key ?? null;
    }
    return accept(null);
  }

  undo(): void {
    this.#steps = this.#steps.slice(0, -1);
    this.#settle();
  }

  restart(): void {
    this.#steps = [];
    this.#settle();
  }

  /** Whether to believe the keys made here instead of the pinned ones. Only after the chain was signed with them. */
  believe(own: boolean): void {
    this.#believesOwn = own && (this.#steps.at(-1)?.resigned ?? false);
  }

  /** Everything there is to show, with a fresh verdict. */
  async sheet(): Promise<Result<Sheet, ReplyCode>> {
    const specimen = this.#specimen();
    const issuer = specimen && issuerOf(specimen);
    const judged = await this.#judge(specimen);
    return accept({
      trust: this.#trust && showTrust(this.#trust),
      refusal: judged && !judged.ok ? judged.refusal : null,
      judgement: judged?.ok ? judged.value : null,
      issuer,
      keys: specimen ? specimen.items.map(({ key }) => key) : [],
      chosen: specimen && this.#chosen !== null ? inspect(specimen, this.#chosen) : null,
      cheat: this.#steps.at(-1)?.cheat ?? null,
      changes: this.#steps.map(({ said }) => said),
      otherRun: this.#other?.run ?? null,
      resigned: this.#steps.at(-1)?.resigned ?? false,
      believesOwn: this.#believesOwn,
    });
  }

  async #judge(specimen: Specimen | null): Promise<Result<Judgement, ReplyCode> | null> {
    if (!specimen) return null;
    if (!this.#trust)
      return refuse("ERR_TRUST_POLICY", "expected a trust policy: without one nothing is ever valid");
    const trust = this.#believesOwn && this.#keys ? ownPolicy(this.#keys, this.#trust) : this.#trust;
    return judge(packUp(specimen), trust, this.#expectedRun);
  }

  #specimen(): Specimen | null {
    return this.#steps.at(-1)?.specimen ?? this.#original;
  }

  /** After going back: nothing chosen that is not there, and no belief in keys that signed nothing. */
  #settle(): void {
    const specimen = this.#specimen();
    if (specimen && (this.#chosen === null || placeOf(specimen, this.#chosen) < 0)) {
      this.#chosen = firstChoice(specimen);
    }
    this.believe(this.#believesOwn);
  }
}

async function readSpecimen(source: Source): Promise<Result<Specimen, ReplyCode>> {
  const value = await readJson(source);
  if (!value.ok) return value;
  if (isObject(value.value) && "keys" in value.value && !("receipts" in value.value)) {
    return refuse("ERR_BUNDLE", "expected a bundle, got a trust policy");
  }
  const bundle = readBundle(value.value);
  return bundle.ok ? accept(layOut(bundle.value)) : bundle;
}

/** The human's decision is what most people want to tamper with first. */
function firstChoice({ items }: Specimen): number | null {
  const decision = items.find(({ envelope }) => claimsOf(envelope).kind === "decision");
  return (decision ?? items.at(-1))?.key ?? null;
}

/** Who the chain says issued it. */
function issuerOf({ items }: Specimen): string | null {
  const alert = items[0] ? statementOf(items[0].envelope) : null;
  const predicate = alert && isObject(alert.predicate) ? alert.predicate : {};
  return typeof predicate.issuer === "string" ? predicate.issuer.slice(0, 300) : null;
}
