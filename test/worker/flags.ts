// A small domain of the tests' own: feature flags among the run's own resources. What its agent proposes, the alert says, so that a
// test can ask for any call; without a word it switches new_pricing off.
import * as z from "zod";
import { defineDomain, gated, type Planner, scripted } from "../../src/domain/index.ts";

const args = z.strictObject({ flag: z.string(), on: z.json() });

export const setFlag = gated<z.infer<typeof args>, unknown>({
  connector: "flags",
  method: "set",
  description: "Sets a feature flag.",
  args,
  effects: [{ resource: "flag:{flag}", before: "read", after: "$on" }],
  title: ({ flag, on }) => `Set ${flag} to ${JSON.stringify(on)}`.slice(0, 120),
  plan: ({ flag }) => `would set ${flag}`,
  revert: ({ args: { flag }, before }) => {
    const on = before.get(`flag:${flag}`);
    return on === null || on === undefined ? null : { connector: "flags", method: "set", args: { flag, on } };
  },
});

export const flags = defineDomain<unknown>({
  name: "flags",
  rule: "A human approves every change of a flag.",
  calls: [setFlag],
  json: ["flag:"],
  resources: { "flag:new_pricing": true, "flag:old_pricing": false, readme: "Flags of the shop." },
  reads: {
    flags: {
      get: { description: "A flag.", run: ({ flag = "" }, { resources }) => resources.get(`flag:${flag}`) },
    },
  },
  measure: ({ resources }) => ({
    checks: [
      { name: "carts priced wrong", total: 4, failed: resources.get("flag:new_pricing") === true ? 3 : 0 },
    ],
    report: { pricing: resources.get("flag:new_pricing") },
  }),
  describe: ({ args: given }) => `Read the flag ${JSON.stringify(given)}`,
  suggestions: ["Only for one shop."],
});

/** Another domain, whose runs those of {@link flags} cannot continue. */
export const otherFlags = defineDomain<unknown>({ ...flags, name: "other flags" });

const asked = z.looseObject({ set: z.array(args).default([{ flag: "new_pricing", on: false }]) });

/** Proposes the calls that the alert names, all of one script; and stops where a run before had the same one rejected. */
export const planner: Planner = scripted({
  id: "switcher",
  investigate: ({ inherited }) =>
    `async () => {
      const on = await flags.get({ flag: "new_pricing" });
      return { summary: ${JSON.stringify(inherited ? `Continues ${inherited.run}. ` : "")} + "new_pricing is " + on };
    }`,
  propose: ({ alert, proposals, inherited, lastFailure }) => {
    const { set } = asked.parse(alert);
    const before = inherited?.proposals.find(({ decisions }) =>
      decisions.some(({ decision, reason }) => decision === "reject" && reason === ""),
    );
    if (before) return { stop: `A reviewer has rejected this: ${before.title}.` };
    if (set.length === 0) return { stop: "There is nothing to set." };
    return {
      code: `async () => { let result; for (const call of ${JSON.stringify(set)}) result = await flags.set(call); return { result }; }`,
      title: `Set ${set.map(({ flag }) => flag).join(", ")}`.slice(0, 120),
      summary: `Attempt ${proposals.length + 1}.${lastFailure ? ` ${lastFailure}` : ""}`,
      risk: "low",
      feedback: proposals.length > 0 ? { applied: ["thought again"], notApplied: [] } : null,
    };
  },
});
