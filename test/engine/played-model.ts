// A model on loopback that plays a conversation, as a deployment would be set to ask it; and what a run with it comes to.
import { inject } from "vitest";
import { scripted } from "../../src/domain/index.ts";
import { configuredPlanner, type Settings } from "../../src/host/index.ts";
import type { AskedModel, Saying } from "./model-server.ts";

const models = inject("models");

/** What is never asked where a model is set. */
const nobody = scripted({
  id: "nobody",
  investigate: () => "",
  propose: () => ({ stop: "the scripted planner was asked" }),
});

/** A conversation: the planner that holds it, and what the model was asked. */
export async function playing(sayings: readonly Saying[], settings: Settings = {}) {
  const talk = `${models}/${crypto.randomUUID()}`;
  await fetch(`${talk}/sayings`, { method: "POST", body: JSON.stringify(sayings) });
  const planner = configuredPlanner(
    { PLANNER: "openai-compatible", PLANNER_MODEL: "played", PLANNER_URL: `${talk}/v1`, ...settings },
    nobody,
  );
  const asked = async (): Promise<AskedModel[]> => (await fetch(`${talk}/log`)).json();
  return { planner, asked };
}

/** What stands in a prompt, as one text. */
export const promptOf = ({ messages }: AskedModel): string =>
  messages.map(({ content }) => content).join("\n\n");

export const investigate = (code: string): Saying => ({ say: { do: "investigate", code } });
export const propose = (code: string, more: object = {}): Saying => ({
  say: { do: "propose", code, title: "Do it", summary: "It helps.", risk: "low", ...more },
});
export const stop = (reason: string): Saying => ({ say: { do: "stop", reason } });
