// Pull requests of the test's forge: the domain that a user would write for it, in the four ways of telling what became of a call.
import { inject } from "vitest";
import * as z from "zod";
import {
  type Domain,
  defineDomain,
  type Found,
  gated,
  NotApplied,
  type Planner,
  type RemoteCall,
  scripted,
} from "../../src/domain/index.ts";
import type { ForgeLog, Manners } from "./forge.ts";

export const forge = inject("forge");

const args = z.strictObject({ repository: z.string(), number: z.int() });
type Args = z.infer<typeof args>;

export type Certainty = "find" | "repeatable" | "repeatable, find" | "neither";

/** Where a test wants to know that the call is about to leave, or has been answered. */
export interface Watch {
  reach?(point: string): Promise<void>;
}

/** Times are in seconds, as a call declares them. */
export const TIMES = { settleSeconds: 0.8, giveUpSeconds: 1.6 };

function remote(certainty: Certainty, watch: Watch): RemoteCall<Args, unknown> {
  const send: RemoteCall<Args, unknown>["send"] = async (
    { repository, number },
    { idempotencyKey, before, signal },
  ) => {
    await watch.reach?.("before the request");
    const answer = await fetch(`${forge}/${repository}/merge`, {
      method: "POST",
      headers: { "idempotency-key": idempotencyKey },
      body: JSON.stringify({ number, head: before.get(`head:${repository}`) }),
      signal,
    });
    await watch.reach?.("after the answer");
    if (answer.status === 412) throw new NotApplied("the branch has moved");
    if (!answer.ok) throw new Error(`the forge answered ${answer.status}`);
    return answer.json();
  };
  const find: NonNullable<RemoteCall<Args, unknown>["find"]> = async (
    { repository },
    { idempotencyKey, signal },
  ) => {
    await watch.reach?.("before the look");
    const answer = await fetch(`${forge}/${repository}/merges/${encodeURIComponent(idempotencyKey)}`, {
      signal,
    });
    await watch.reach?.("after the look");
    if (answer.status === 404) return "absent";
    if (!answer.ok) return "unknown";
    const found = await answer.json();
    // A careless domain hands on whatever it was given.
    return (typeof found === "object" ? { result: found } : found) as Found;
  };
  return {
    send,
    ...(certainty.includes("find") && { find }),
    ...(certainty.includes("repeatable") && { repeatable: true }),
    ...TIMES,
  };
}

export function forgeDomain(certainty: Certainty, watch: Watch = {}): Domain<never> {
  return defineDomain<unknown>({
    name: "pull requests",
    rule: "A human approves every merge.",
    calls: [
      gated<Args, unknown>({
        connector: "forge",
        method: "merge",
        description: "Merges a pull request.",
        args,
        effects: [{ resource: "head:{repository}", before: "read", after: "unknown" }],
        remote: remote(certainty, watch),
      }),
    ],
    read: async (resource, { signal }) => {
      const answer = await fetch(`${forge}/${resource.slice(5)}/head`, { signal });
      return answer.json();
    },
    measure: ({ resources }) => {
      const heads = resources.entries().map(([, head]) => head);
      return {
        checks: [{ name: "unmerged", total: 1, failed: heads.every((head) => head === "commit-0") ? 1 : 0 }],
        report: { heads },
      };
    },
  }) as Domain<never>;
}

/** Proposes to merge one pull request of a repository, and looks at nothing before. */
export const merger = (repository: string): Planner =>
  scripted({
    id: "merger",
    investigate: () => `async () => ({ summary: "a pull request is ready" })`,
    propose: () => ({
      code: `async () => ({ merged: await forge.merge({ repository: "${repository}", number: 7 }) })`,
      title: "Merge #7",
      summary: "It is ready.",
      risk: "medium",
      feedback: null,
    }),
  });

export async function tellForge(repository: string, manners: Manners): Promise<void> {
  await fetch(`${forge}/${repository}/manners`, { method: "POST", body: JSON.stringify(manners) });
}

export async function forgeLog(repository: string): Promise<ForgeLog> {
  return (await fetch(`${forge}/${repository}/log`)).json();
}
