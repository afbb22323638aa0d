// Measures states of the world with the domain's own `measure`: as it is, as it would be, and as it came to be.
// What a domain answers is parsed; what it throws is the caller's to tell.
import * as z from "zod";
import type { Domain, Json, Measurement } from "../domain/index.ts";
import { canonicalBytes, type Effect, isDigest, LIMITS, sha256Hex } from "../receipt/index.ts";
import { inTime } from "./in-time.ts";
import type { Patience } from "./patience.ts";
import { type Contents, digestOfContent, holdsJson, toContent, withView } from "./resources.ts";

const measurementSchema = z
  .object({
    checks: z
      .array(
        z.strictObject({
          name: z
            .string()
            .min(1)
            .max(LIMITS.checkName)
            .refine((name) => name.isWellFormed(), "expected no lone surrogate"),
          total: z.int().min(0),
          failed: z.int().min(0),
        }),
      )
      .max(LIMITS.checks)
      .refine(
        (checks) => new Set(checks.map(({ name }) => name)).size === checks.length,
        "expected each check once",
      )
      .refine(
        (checks) => checks.every(({ total, failed }) => failed <= total),
        "expected failed to be at most total",
      ),
    report: z.unknown(),
  })
  .nullable();

/** A state of the world: what stands where. */
export class Measurer {
  readonly #domain: Domain<unknown>;
  readonly #env: unknown;
  readonly #patience: Patience;
  /** Measurements of a pure domain, by the digest of what they measured. */
  readonly #known = new Map<string, Promise<Measurement | null>>();

  constructor(domain: Domain<unknown>, env: unknown, patience: Patience) {
    this.#domain = domain;
    this.#env = env;
    this.#patience = patience;
  }

  /**
   * Measures contents. Of a pure domain equal contents are measured once, unless `afresh`.
   * @returns null where the domain measures nothing.
   * @throws what the domain throws, and for an answer that is no measurement.
   */
  measure(contents: Contents, { afresh = false } = {}): Promise<Measurement | null> {
    if (!this.#domain.measure) return Promise.resolve(null);
    if (!this.#domain.pure || afresh) return this.#measure(contents);
    const key = keyOf(contents);
    const known = this.#known.get(key) ?? this.#measure(contents);
    this.#known.set(key, known);
    // A failure is not kept: the next one who asks tries again.
    known.catch(() => this.#known.delete(key));
    return known;
  }

  /** Measures contents as effects would leave them; null where that cannot be known. */
  async rehearse(
    contents: Contents,
    effects: readonly Effect[],
    afters: readonly Json[],
  ): Promise<Measurement | null> {
    if (effects.length === 0 || effects.some(({ after }) => after === "unknown")) return null;
    const rehearsed = new Map(contents);
    for (const [i, { resource, after }] of effects.entries()) {
      if (isDigest(after))
        rehearsed.set(resource, toContent(resource, afters[i], holdsJson(this.#domain, resource)));
      else rehearsed.delete(resource);
    }
    return this.measure(rehearsed);
  }

  async #measure(contents: Contents): Promise<Measurement | null> {
    const answer = await inTime("the domain's measure", this.#patience.measure, (signal) =>
      withView(this.#domain, contents, (resources) =>
        this.#domain.measure?.({ resources, env: this.#env, signal }),
      ),
    );
    const parsed = measurementSchema.safeParse(answer ?? null);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new Error(`the domain's measure: ${issue?.path.join(".") || "answer"}: ${issue?.message}`);
    }
    return parsed.data && { checks: parsed.data.checks, report: parsed.data.report as Json };
  }
}

function keyOf(contents: Contents): string {
  // A text and a JSON value can share a digest.
  const digests = [...contents].map(([name, content]) => [name, typeof content, digestOfContent(content)]);
  return sha256Hex(canonicalBytes(digests.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))));
}
