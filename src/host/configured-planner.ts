// The agent that a deployment's variables name. Providers are loaded when a model is first asked: a deployment without one needs none of
// their packages, and none of them starts with the Worker.
import type { Planner } from "../domain/index.ts";
import { type Model, modelPlanner } from "../planner/index.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import type { Settings } from "./env.ts";
import { readPlannerSettings } from "./planner-settings.ts";

/**
 * The planner that `PLANNER` names: a model's, or `scripted` where it names none. Workers AI needs the packages `ai` and
 * `workers-ai-provider`; an OpenAI-compatible API `ai` and `@ai-sdk/openai-compatible`.
 * @throws where a variable does not fit, naming it. No run starts then.
 * @example
 * export class FlagRun extends RunDurableObject<Env> { domain = flags; planner = (env: Env) => configuredPlanner(env, switcher); }
 */
export function configuredPlanner(env: Settings, scripted: Planner): Planner {
  const read = readPlannerSettings(env);
  if (!read.ok) throw new Error(read.refusal.message);
  const { value } = read;
  switch (value.planner) {
    case "scripted":
      return scripted;
    case "workers-ai":
      return modelPlanner({
        ...value,
        model: whenAsked(value, () => loadWorkersAi(env.AI as Ai, value.model)),
      });
    case "openai-compatible":
      return modelPlanner({ ...value, model: whenAsked(value, () => loadCompatible(value)) });
  }
}

interface Loaded {
  doGenerate(options: never): PromiseLike<unknown>;
}

/** A model whose provider is loaded at its first use. Both providers are of the AI SDK's version 4. */
function whenAsked(
  { planner, model }: { readonly planner: string; readonly model: string },
  load: () => Promise<Loaded>,
): Model {
  let loaded: Promise<Loaded> | null = null;
  const lazy = {
    specificationVersion: "v4",
    provider: planner,
    modelId: model,
    supportedUrls: {},
    async doGenerate(options: never) {
      loaded ??= load();
      return (await loaded).doGenerate(options);
    },
  };
  return lazy;
}

async function loadWorkersAi(binding: Ai, model: string): Promise<Loaded> {
  const { createWorkersAI } = await import("workers-ai-provider").catch(missing("workers-ai-provider"));
  return createWorkersAI({ binding })(model as Parameters<ReturnType<typeof createWorkersAI>>[0]);
}

async function loadCompatible(set: {
  readonly url: string;
  readonly key: string | null;
  readonly model: string;
}): Promise<Loaded> {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible").catch(
    missing("@ai-sdk/openai-compatible"),
  );
  const provider = createOpenAICompatible({
    name: "openai-compatible",
    baseURL: set.url,
    ...(set.key !== null && { apiKey: set.key }),
    fetch: boundedFetch,
    supportsStructuredOutputs: true,
  });
  return provider(set.model);
}

function missing(name: string): () => never {
  return () => {
    throw new Error(`the package ${name} is missing: install it beside countersign`);
  };
}
