// The resources that a run sees: its own, and those of the outside that its domain watches or that a call is on.
import { hexOf } from "../chain/index.ts";
import type { Json } from "../domain/index.ts";
import { type Digest, isDigest } from "../receipt/index.ts";
import { inTime } from "./in-time.ts";
import { type Contents, contentOf, holdsJson, toContent } from "./resources.ts";
import type { RunContext } from "./run-context.ts";

/** What stands where now. `outside` is what was read of the outside, also where the run has a resource of the same name. */
export interface World {
  readonly all: Contents;
  readonly outside: Contents;
}

/**
 * Reads the run's own resources, and of the outside those that the domain watches and those named besides, each once.
 * @throws what the domain's `read` throws.
 */
export async function readWorld(run: RunContext, names: readonly string[] = []): Promise<World> {
  const outside = await readOutside(run, [...new Set([...(run.domain.watch ?? []), ...names])]);
  const there = [...outside].filter(([, content]) => content !== null);
  return { all: new Map([...there, ...run.own.contents()]), outside };
}

/** What stands at resources of the outside; null where nothing does. Empty for a domain that reads none. */
export async function readOutside(run: RunContext, names: readonly string[]): Promise<Contents> {
  const { domain, env, patience } = run;
  if (!domain.read) return new Map();
  const read = names.map(async (name): Promise<[string, Json]> => {
    const content = await inTime(`the domain's read of ${name}`, patience.read, (signal) =>
      domain.read?.(name, { env, signal }),
    );
    return [name, toContent(name, content, holdsJson(domain, name))];
  });
  return new Map(await Promise.all(read));
}

/** The contents that a preview found, by resource; of those it does not know, none. */
export function previewedContents(
  run: RunContext,
  effects: readonly { readonly resource: string; readonly before: Digest | null | "unknown" }[],
): Contents {
  const contents = new Map<string, Json>();
  for (const { resource, before } of effects) {
    if (before === "unknown") continue;
    if (!isDigest(before)) contents.set(resource, null);
    else {
      const bytes = run.store.artifact(hexOf(before));
      if (!bytes) throw new Error(`the content of ${resource} (${before}) is missing or altered`);
      contents.set(resource, contentOf(run.domain, resource, bytes));
    }
  }
  return contents;
}
