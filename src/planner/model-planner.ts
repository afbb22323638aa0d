// A planner that asks a language model. One question is one prompt and one answer: what is wrong with an answer, the run hands back with
// the next question. It keeps nothing; what it has used, the run counts.
import type { Planner } from "../domain/planner.ts";
import { readWritten } from "./answer.ts";
import { ask, type Model } from "./ask.ts";
import { allow, BOUNDS, type Bounds, estimateTokens } from "./bounds.ts";
import { writePrompt } from "./prompt.ts";

/** The options of {@link modelPlanner}. */
export interface ModelPlanner {
  readonly model: Model;
  /** What one run may use: 40 calls, 500,000 tokens and 900 seconds unless set. */
  readonly bounds?: Partial<Bounds>;
  /** Whether prompts and answers are signed as the evidence's transcript. Off unless set: they make a chain long. */
  readonly transcript?: boolean;
}

/**
 * A planner that asks a language model of the AI SDK, whose name is signed as the planner's id. Needs the package `ai`.
 * @example
 * const planner = (env: Env) => modelPlanner({ model: createWorkersAI({ binding: env.AI })("@cf/openai/gpt-oss-120b") });
 */
export function modelPlanner({ model, bounds = {}, transcript = false }: ModelPlanner): Planner {
  const most: Bounds = { ...BOUNDS, ...bounds };
  return {
    id: nameOf(model),
    async next(situation, { signal, spend, tell }) {
      const mark = crypto.randomUUID().replaceAll("-", "");
      const prompt = writePrompt(situation, mark);
      const allowed = allow(situation.spent, most, estimateTokens(prompt.instructions + prompt.data));
      if (typeof allowed === "string") return { stop: allowed };
      const keep = (who: string, words: string) => transcript && tell(`== ${who}\n${words}\n\n`);
      keep("told", `${prompt.instructions}\n\n${prompt.data}`);
      // Counted before it leaves: no restart in the middle makes a call that nobody counted.
      spend({ calls: 1 });
      const began = Date.now();
      try {
        const { text, tokens } = await ask(model, prompt, allowed, signal);
        spend({ tokens });
        keep("said", text);
        return readWritten(text);
      } catch (error) {
        keep("failed", error instanceof Error ? error.message : String(error));
        throw error;
      } finally {
        spend({ seconds: (Date.now() - began) / 1000 });
      }
    },
  };
}

function nameOf(model: Model): string {
  const name = typeof model === "string" ? model : `${model.provider}/${model.modelId}`;
  return `model:${name}`.toWellFormed().slice(0, 200).toWellFormed();
}
