// What a run begins with: its policy, and what it takes over from a run that it continues or undoes. Stores nothing itself.
import type { AlertBrief, Domain, Json } from "../domain/index.ts";
import { OwnResources, policyOf, type RunRequest, type RunStore } from "../engine/index.ts";
import { accept, type Digest } from "../receipt/index.ts";
import { deploymentOf, type RunEnv } from "./env.ts";
import { readPlannerSettings } from "./planner-settings.ts";
import { readPolicySettings } from "./policy-settings.ts";
import { readyToStart } from "./ready.ts";
import type { ParentRequest, RunResult, StartRequest } from "./run-api.ts";
import { revertOf, takeOver } from "./take-over.ts";

/** How a run begins: afresh, from a finished run, or to undo an execution of one. */
export type Beginning =
  | { readonly kind: "fresh" }
  | { readonly kind: "continued"; readonly parent: ParentRequest }
  | { readonly kind: "reverting"; readonly parent: ParentRequest; readonly execution: Digest };

/** A run that may be stored. `seed` stores what it starts from, in the transaction that creates it. */
export interface Prepared {
  readonly request: RunRequest;
  seed(store: RunStore): void;
}

/** Prepares a run, or says why it cannot be started: then nothing is stored. */
export async function begin(
  { env, domain }: { readonly env: RunEnv; readonly domain: Domain<unknown> },
  request: StartRequest,
  beginning: Beginning,
): Promise<RunResult<Prepared>> {
  const keys = readyToStart(env);
  if (!keys.ok) return keys;
  const settings = readPolicySettings(env);
  if (!settings.ok) return settings;
  const planner = readPlannerSettings(env);
  if (!planner.ok) return planner;
  const { alert, ...rest } = request;
  const common = { ...rest, policy: policyOf(domain, settings.value) };
  const given = { source: "unknown", title: "A run", firedAt: rest.createdAt };
  if (beginning.kind === "fresh") {
    return accept({
      request: { ...common, alert: { ...given, ...alert } as AlertBrief },
      seed: (store) => new OwnResources(store, domain).seed(Object.entries(domain.resources ?? {})),
    });
  }
  const taken = await takeOver(beginning.parent, domain, deploymentOf(env).runs, env, keys.value);
  if (!taken.ok) return taken;
  const { continues, title, bundle, resources } = taken.value;
  const reverts = beginning.kind === "reverting" ? revertOf(taken.value, domain, beginning.execution) : null;
  if (reverts && !reverts.ok) return reverts;
  const source = reverts ? "revert" : "handoff";
  const named = { source, title: reverts ? `Undo: ${title}`.slice(0, 300) : title, firedAt: rest.createdAt };
  return accept({
    request: {
      ...common,
      alert: { ...named, ...alert } as AlertBrief,
      continues,
      ...(reverts && { reverts: reverts.value }),
    },
    seed: (store) => {
      store.putArtifact(bundle);
      new OwnResources(store, domain).seed(resources satisfies ReadonlyMap<string, Json>);
    },
  });
}
