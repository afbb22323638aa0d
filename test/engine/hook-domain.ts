// A domain of which a test may replace any function.
import * as z from "zod";
import type { VerifiedRun } from "../../src/chain/index.ts";
import { type Domain, defineDomain, type GatedCall, gated, scripted } from "../../src/domain/index.ts";
import type { Setup } from "./worker.ts";

export const args = z.strictObject({ name: z.string(), value: z.unknown() });
export type Args = z.infer<typeof args>;
export type Hooks = Partial<Omit<Domain<unknown>, "calls">> & {
  readonly call?: Partial<GatedCall<Args, unknown>>;
};

/** A domain with one call, on the run's own resources unless it is remote. */
export function domainOf({ call, ...hooks }: Hooks): Domain<never> {
  return defineDomain<unknown>({
    name: "hooks",
    rule: "A human approves every value.",
    calls: [
      gated<Args, unknown>({
        connector: "box",
        method: "set",
        description: "Sets a value.",
        args,
        effects: [{ resource: "box:{name}", before: "read", after: "$value" }],
        ...call,
      }),
    ],
    json: ["box:", "out:"],
    resources: { "box:a": { n: 0 }, "box:b": "untouched" },
    ...hooks,
  }) as Domain<never>;
}

export function setupOf(hooks: Hooks, value: unknown = { n: 1 }): Setup {
  return {
    domain: domainOf(hooks),
    planner: scripted({
      id: "hooks",
      investigate: () => `async () => ({ summary: "looked" })`,
      propose: () => ({
        code: `async () => box.set({ name: "a", value: ${JSON.stringify(value)} })`,
        title: "Set a",
        summary: "",
        risk: "low",
        feedback: null,
      }),
    }),
    patience: { measure: 40, read: 40, send: 40, describe: 40 },
  };
}

export const remote: Partial<GatedCall<Args, unknown>> = {
  effects: [{ resource: "out:{name}", before: "read", after: "$value" }],
  remote: { send: async () => "sent" },
};
export const check = (failed: number) => ({ checks: [{ name: "wrong", total: 1, failed }], report: null });
export const hang = () => new Promise<never>(() => {});
export const boom = () => {
  throw new Error("boom");
};

/** Everything that a chain says of why it ended. */
export const reasons = ({ outcome, rounds }: VerifiedRun) =>
  [outcome?.reason, ...rounds.map(({ execution }) => execution?.reason)].join(" ");
