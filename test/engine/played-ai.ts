// In place of the binding of Workers AI, which needs an account: a Worker of its own, called over RPC as that one is. What it answers, and
// how it fails, is what the model on loopback plays.
import { WorkerEntrypoint } from "cloudflare:workers";

interface Inputs {
  readonly messages: readonly unknown[];
  readonly max_tokens: number;
  readonly response_format: unknown;
}

export class PlayedAi extends WorkerEntrypoint {
  /** @param model `@cf/<port>/<talk>`: where the conversation is. */
  async run(model: string, inputs: Inputs) {
    const [, port, talk] = model.split("/");
    const answer = await fetch(`http://127.0.0.1:${port}/${talk}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ ...inputs, model }),
    });
    // As Workers AI tells them: by numbers of its own.
    if (answer.status === 429) throw new Error("3040: Capacity temporarily exceeded, please try again.");
    if (!answer.ok)
      throw new Error(`8004: internal error, and the prompt was ${JSON.stringify(inputs.messages)}`);
    const told: { choices: { message: { content: string }; finish_reason: string }[]; usage?: object } =
      await answer.json();
    const [choice] = told.choices;
    if (!choice) return {};
    return { response: choice.message.content, finish_reason: choice.finish_reason, usage: told.usage };
  }
}
