// The engine's first domain: a feature flag in Workers KV, and the same flag among the run's own resources.
import * as z from "zod";
import { type Domain, defineDomain, gated, type Planner, scripted } from "../../src/domain/index.ts";
import type { TestEnv } from "./worker.ts";

const args = z.strictObject({ flag: z.string(), on: z.boolean() });
const effects = [{ resource: "flag:{flag}", before: "read", after: "$on" }] as const;
const measure: Domain<TestEnv>["measure"] = ({ resources }) => ({
  checks: [
    { name: "carts priced wrong", total: 4, failed: resources.get("flag:new_pricing") === true ? 3 : 0 },
  ],
  report: { pricing: resources.get("flag:new_pricing") },
});

export const remoteFlags = defineDomain<TestEnv>({
  name: "flags",
  rule: "A human approves every change of a flag.",
  calls: [
    gated<z.infer<typeof args>, TestEnv>({
      connector: "flags",
      method: "set",
      description: "Sets a feature flag.",
      args,
      effects,
      remote: { repeatable: true, send: ({ flag, on }, { env }) => env.FLAGS.put(flag, JSON.stringify(on)) },
    }),
  ],
  json: ["flag:"],
  watch: ["flag:new_pricing"],
  read: (resource, { env }) => env.FLAGS.get(resource.slice(5), "json"),
  reads: {
    flags: { get: { description: "A flag.", run: ({ flag = "" }, { env }) => env.FLAGS.get(flag, "json") } },
  },
  measure,
});

export const ownFlags = defineDomain<TestEnv>({
  name: "own flags",
  rule: "A human approves every change of a flag.",
  calls: [
    gated<z.infer<typeof args>, TestEnv>({
      connector: "flags",
      method: "set",
      description: "Sets a feature flag.",
      args,
      effects,
    }),
  ],
  json: ["flag:"],
  resources: { "flag:new_pricing": true },
  reads: {
    flags: {
      get: { description: "A flag.", run: ({ flag = "" }, { resources }) => resources.get(`flag:${flag}`) },
    },
  },
  measure,
});

/** Switches new_pricing off. */
export const switcher: Planner = scripted({
  id: "switcher",
  investigate: () =>
    `async () => { const on = await flags.get({ flag: "new_pricing" }); return { summary: "new_pricing is " + on }; }`,
  propose: ({ proposals }) => ({
    code: `async () => { const result = await flags.set({ flag: "new_pricing", on: false }); return { result }; }`,
    title: "Switch new_pricing off",
    summary: `Attempt ${proposals.length + 1}.`,
    risk: "low",
    feedback: proposals.length > 0 ? { applied: ["thought again"], notApplied: [] } : null,
  }),
});
