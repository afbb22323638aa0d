// One gated call: what it is called with, what it changes, and how the engine makes it once a human has approved it.
import type * as z from "zod";
import type { Json } from "./json.ts";
import type { Resources } from "./resources.ts";

declare global {
  namespace Cloudflare {
    // `wrangler types` fills it in. Declared here for those who take only a planner's types, outside a Worker.
    interface Env {}
  }
}

/** What a domain's asynchronous functions get: the Worker's bindings, and a signal that says when nobody waits any more. */
export interface CallContext<Env> {
  readonly env: Env;
  readonly signal: AbortSignal;
}

/** What a remote call gets besides. */
export interface RemoteContext<Env> extends CallContext<Env> {
  /** The digest of the decision that lets the call happen: unique, signed, and the same at every try. */
  readonly idempotencyKey: string;
  /** The contents that the approved preview found, by resource: for an `If-Match`. Null where nothing was. */
  readonly before: ReadonlyMap<string, Json>;
}

/** One effect of a call, as templates of the specification's §5.1. */
export interface EffectTemplate {
  readonly resource: string;
  readonly before: `$${string}` | "read" | "absent" | "unknown";
  readonly after: `$${string}` | "absent" | "unknown";
}

/** What `find` knows of an earlier try: what it answered, that it did not happen, or nothing. */
export type Found = { readonly result: Json } | "absent" | "unknown";

/** A call on a system that the run does not hold. */
export interface RemoteCall<Args, Env> {
  /** Makes the call, within 30 seconds. Throw {@link NotApplied} where it certainly did not happen. */
  send(args: Args, context: RemoteContext<Env>): Promise<unknown>;
  /** Looks for the call of this idempotency key, after its answer was lost. Leave it out for a remote that reads its own writes late. */
  find?(args: Args, context: RemoteContext<Env>): Promise<Found>;
  /** True when the call happens once however often it is sent with one idempotency key. */
  readonly repeatable?: boolean;
  /** From how long after the first try an `"absent"` counts, in seconds; 60 unless set. */
  readonly settleSeconds?: number;
  /** How long after the first try the engine goes on, in seconds; 600 unless set. */
  readonly giveUpSeconds?: number;
}

/** A whole call. `args` is plain JSON. */
export interface Call {
  readonly connector: string;
  readonly method: string;
  readonly args: unknown;
}

/** What a call has done, for the call that undoes it. */
export interface DoneCall<Args> {
  readonly args: Args;
  /** The contents before, by resource; null where nothing was. */
  readonly before: ReadonlyMap<string, Json>;
  readonly result: Json;
}

/**
 * A call that a human approves. With neither `local` nor `remote` the engine puts what the templates say on the run's own resources;
 * `local` does more there, in the same transaction; `remote` calls another system.
 */
export interface GatedCall<Args = never, Env = never> {
  readonly connector: string;
  readonly method: string;
  readonly description: string;
  /** Checks the arguments. A schema that changes them refuses them. */
  readonly args: z.ZodType<Args>;
  readonly effects: readonly EffectTemplate[];
  /** Synchronous. May change only the named resources, and only to what the templates say. What it throws rolls everything back. */
  local?(args: Args, resources: Resources, names: readonly string[]): unknown;
  readonly remote?: RemoteCall<Args, Env>;
  /** One line for the reviewer, 1 to 120 characters; else it is `connector.method`. */
  title?(args: Args): string;
  /** The text of a dry run. What it throws refuses the proposal. */
  plan?(args: Args, context: CallContext<Env>): string | Promise<string>;
  /** The call that undoes it, or null where none can. */
  revert?(done: DoneCall<Args>): Call | null;
}

/** A gated call of any arguments, as a domain lists it. */
export type AnyGatedCall<Env> = Omit<GatedCall<never, Env>, "args"> & { readonly args: z.ZodType };

/**
 * Declares a gated call. `Env` is the Worker's; `wrangler types` declares it as `Cloudflare.Env`.
 * @throws {TypeError} when the call declares both `local` and `remote`, or an effect that nothing can make.
 * @example
 * const setFlag = gated({
 *   connector: "flags", method: "set", description: "Sets a feature flag.",
 *   args: z.strictObject({ flag: z.string(), on: z.boolean() }),
 *   effects: [{ resource: "flag:{flag}", before: "read", after: "$on" }],
 *   remote: { repeatable: true, send: ({ flag, on }, { env }) => env.FLAGS.put(flag, JSON.stringify(on)) },
 * });
 */
export function gated<Args, Env = Cloudflare.Env>(call: GatedCall<Args, Env>): GatedCall<Args, Env> {
  const name = `${call.connector}.${call.method}`;
  if (call.local && call.remote) throw new TypeError(`${name}: expected local or remote, got both`);
  const unclear = call.effects.find(({ before, after }) => before === "unknown" || after === "unknown");
  if (!call.remote && unclear) {
    throw new TypeError(
      `${name}: expected effects that are known on the run's own resources, got ${unclear.resource}`,
    );
  }
  return call;
}
