// Which agent a deployment has, from its variables. A value that does not fit starts no run, and the error names the variable.
import { BOUNDS, type Bounds } from "../planner/index.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";
import type { Settings } from "./env.ts";

/** The agent that is set: the one that asks no model, or a model and how to reach it. */
export type PlannerSettings =
  | { readonly planner: "scripted" }
  | ({ readonly planner: "workers-ai" } & ModelSettings)
  | ({
      readonly planner: "openai-compatible";
      readonly url: string;
      readonly key: string | null;
    } & ModelSettings);

interface ModelSettings {
  readonly model: string;
  readonly bounds: Bounds;
  readonly transcript: boolean;
}

type Read<Value> = Result<Value, "ERR_PLANNER_CONFIG">;
const wrong = (message: string): Read<never> => refuse("ERR_PLANNER_CONFIG", message);

/** Variables that bound what one run may use of a model, and the most that each may be. */
const MOST = { PLANNER_CALLS: 1_000, PLANNER_TOKENS: 100_000_000, PLANNER_SECONDS: 86_400 } as const;

/** Reads `PLANNER` and, where it names a model's provider, what that needs. */
export function readPlannerSettings(env: Settings): Read<PlannerSettings> {
  const planner = env.PLANNER?.trim() || "scripted";
  if (planner === "scripted") return accept({ planner });
  if (planner !== "workers-ai" && planner !== "openai-compatible") {
    const words = "scripted or workers-ai or openai-compatible";
    return wrong(`expected the variable PLANNER to be ${words}, got ${JSON.stringify(planner)}`);
  }
  const model = env.PLANNER_MODEL?.trim() ?? "";
  if (model === "" || model.length > 150) {
    return wrong(
      `expected the variable PLANNER_MODEL to name a model in 1 to 150 characters, for PLANNER is ${planner}`,
    );
  }
  const bounds = readBounds(env);
  if (!bounds.ok) return bounds;
  const { PLANNER_TRANSCRIPT = "false" } = env;
  if (PLANNER_TRANSCRIPT !== "true" && PLANNER_TRANSCRIPT !== "false") {
    return wrong(
      `expected the variable PLANNER_TRANSCRIPT to be false or true, got ${JSON.stringify(PLANNER_TRANSCRIPT)}`,
    );
  }
  const common = { model, bounds: bounds.value, transcript: PLANNER_TRANSCRIPT === "true" };
  if (planner === "workers-ai") {
    if (env.AI) return accept({ planner, ...common });
    return wrong(
      "the binding AI is missing, and PLANNER is workers-ai; the wrangler configuration declares it as [ai]",
    );
  }
  const url = readUrl(env.PLANNER_URL);
  return url.ok ? accept({ planner, url: url.value, key: env.PLANNER_KEY?.trim() || null, ...common }) : url;
}

/** Prompts hold what was found out, and the key opens an account: neither crosses a network in the open. */
function readUrl(text: string | undefined): Read<string> {
  const url = URL.parse(text?.trim() ?? "");
  const isLocal = url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  const isPlain = url && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (isPlain && (url.protocol === "https:" || isLocal)) return accept(url.href.replace(/\/+$/, ""));
  return wrong(
    "expected the variable PLANNER_URL to be the https address of an OpenAI-compatible API, such as https://api.example/v1 (http only to localhost), without a key in it",
  );
}

function readBounds(env: Settings): Read<Bounds> {
  const calls = readNumber(env, "PLANNER_CALLS", BOUNDS.calls);
  if (!calls.ok) return calls;
  const tokens = readNumber(env, "PLANNER_TOKENS", BOUNDS.tokens);
  if (!tokens.ok) return tokens;
  const seconds = readNumber(env, "PLANNER_SECONDS", BOUNDS.seconds);
  if (!seconds.ok) return seconds;
  return accept({ calls: calls.value, tokens: tokens.value, seconds: seconds.value });
}

function readNumber(env: Settings, name: keyof typeof MOST, unset: number): Read<number> {
  const text = env[name];
  if (!text) return accept(unset);
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MOST[name]) return accept(value);
  return wrong(
    `expected the variable ${name} to be a whole number from 1 to ${MOST[name]}, got ${JSON.stringify(text)}`,
  );
}
