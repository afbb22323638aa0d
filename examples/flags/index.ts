// A feature flag in Workers KV: an agent may look at flags, and a human approves every change of one.
import type { Read, RemoteContext, RunEnv, RunIndex } from "countersign";
import { countersign, defineDomain, gated, RunDurableObject, scripted } from "countersign";
import * as z from "zod";
import reviewers from "./reviewers.json" with { type: "json" };

interface Env extends RunEnv {
  readonly FLAGS: KVNamespace;
  readonly RUN: DurableObjectNamespace<FlagRun>;
  readonly INDEX: DurableObjectNamespace<RunIndex>;
}

const setFlag = gated({
  connector: "flags",
  method: "set",
  description: "Sets a feature flag.",
  args: z.strictObject({ flag: z.string(), on: z.boolean() }),
  effects: [{ resource: "flag:{flag}", before: "read", after: "$on" }],
  remote: {
    repeatable: true,
    send: ({ flag, on }, { env }: RemoteContext<Env>) => env.FLAGS.put(flag, JSON.stringify(on)),
  },
});

const get: Read<Env>["run"] = ({ flag = "" }, { env }) => env.FLAGS.get(flag, "json");

export const flags = defineDomain<Env>({
  name: "flags",
  rule: "A human approves every change of a flag.",
  calls: [setFlag],
  json: ["flag:"],
  watch: ["flag:new_pricing"],
  read: (resource, { env }) => env.FLAGS.get(decodeURIComponent(resource.slice(5)), "json"),
  reads: { flags: { get: { description: "A flag by name.", run: get } } },
  measure: ({ resources }) => ({
    checks: [{ name: "carts priced wrong", total: 3, failed: resources.get("flag:new_pricing") ? 3 : 0 }],
    report: null,
  }),
});

export const switcher = scripted({
  id: "flag-switcher",
  investigate: () =>
    `async () => ({ summary: "new_pricing is " + await flags.get({ flag: "new_pricing" }) })`,
  propose: () => ({
    code: `async () => flags.set({ flag: "new_pricing", on: false })`,
    title: "Switch new_pricing off",
    summary: "Carts are priced wrong while it is on.",
    risk: "low",
    feedback: null,
  }),
});

export class FlagRun extends RunDurableObject<Env> {
  domain = flags;
  planner = switcher;
}
export { CodemodeRuntime, RunIndex } from "countersign";
export default countersign<Env>({ runs: (env) => env.RUN, index: (env) => env.INDEX, reviewers });
