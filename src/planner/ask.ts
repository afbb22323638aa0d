// Asks a model one question through the AI SDK, and says in our own words why it got no answer: a provider's words may repeat the prompt
// or a key, and what fails is logged and signed. Nothing is retried here: each try counts, and the run pauses between them.
import type { LanguageModel } from "ai";
import { ANSWER_SCHEMA } from "./answer.ts";
import { type Allowance, estimateTokens } from "./bounds.ts";
import type { Prompt } from "./prompt.ts";

/** A language model of the AI SDK: what a provider makes, or the id of one that the AI SDK knows itself. */
export type Model =
  | string
  | {
      readonly specificationVersion: string;
      readonly provider: string;
      readonly modelId: string;
      doGenerate(options: never): PromiseLike<unknown>;
    };

/** What a model wrote, and the tokens that it took. */
export interface Written {
  readonly text: string;
  readonly tokens: number;
}

/** @throws with why there is no answer. */
export async function ask(
  model: Model,
  { instructions, data }: Prompt,
  { tokens, ms }: Allowance,
  signal: AbortSignal,
): Promise<Written> {
  const { APICallError, generateText } = await loadSdk();
  const late = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  const stopped = new Promise<never>((_, reject) => {
    late.addEventListener("abort", () => reject(late.reason), { once: true });
  });
  try {
    const asked = generateText({
      // Of whatever version the provider is: the AI SDK looks for itself.
      model: model as LanguageModel,
      instructions,
      prompt: data,
      output: AS_WRITTEN,
      maxOutputTokens: tokens,
      maxRetries: 0,
      abortSignal: late,
    });
    // A provider may pay no heed to the signal.
    const { text, finishReason, usage } = await Promise.race([asked, stopped]);
    if (finishReason === "length") {
      throw new Unanswered(`The model’s answer was cut off at ${tokens} tokens. Expected a shorter one.`);
    }
    if (finishReason === "content-filter") {
      throw new Unanswered("The model refused, or its provider’s filter stopped the answer.");
    }
    return { text, tokens: counted(usage.totalTokens) ?? estimateTokens(instructions + data + text) };
  } catch (error) {
    if (error instanceof Unanswered) throw error;
    if (late.aborted) throw new Unanswered(`The model did not answer within ${ms / 1000} s.`);
    if (APICallError.isInstance(error) && (error.statusCode ?? 0) >= 300) {
      throw new Unanswered(wordsOfStatus(error.statusCode ?? 0));
    }
    throw new Unanswered("The model could not be asked, or what answered is no model’s answer.");
  }
}

/** Why there is no answer, in words of ours. */
class Unanswered extends Error {}

async function loadSdk(): Promise<typeof import("ai")> {
  const sdk = await import("ai").catch(() => {
    throw new Error("A model planner needs the package ai: install it beside countersign.");
  });
  // It would print what a provider does not support, and our logs are JSON.
  globalThis.AI_SDK_LOG_WARNINGS ??= false;
  return sdk;
}

/** Asks for structured output and takes the text as it is: what a model wraps around its JSON is ours to look through. */
const AS_WRITTEN = {
  name: "written",
  responseFormat: Promise.resolve({ type: "json" as const, schema: ANSWER_SCHEMA, name: "answer" }),
  parseCompleteOutput: async ({ text }: { text: string }) => text,
  parsePartialOutput: async ({ text }: { text: string }) => ({ partial: text }),
  createElementStreamTransform: () => undefined,
};

function counted(tokens: number | undefined): number | null {
  return tokens !== undefined && Number.isFinite(tokens) && tokens > 0 ? tokens : null;
}

function wordsOfStatus(status: number): string {
  const why: Readonly<Record<number, string>> = {
    400: ": it does not take the question. The model may be unknown to it, or hold less than the prompt",
    401: ": the key is missing or wrong",
    402: ": the account has no credit",
    403: ": the key may not use this model",
    404: ": there is no such model, or the address is wrong",
    413: ": the prompt is too long for it",
    429: ": too many requests",
  };
  return `The model’s provider answered ${status}${why[status] ?? ""}.`;
}
