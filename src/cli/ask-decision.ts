// Asks a reviewer on the terminal: what they decide, and why. Questions go to standard error, answers come a line at a time.
import { createInterface } from "node:readline";
import { type DecisionWord, isDecision } from "./review-arguments.ts";

/** A decision in the reviewer's words; null where they give none. */
export async function askDecision(): Promise<{ decision: DecisionWord; reason: string } | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answers = lines[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string | null> => {
    process.stderr.write(question);
    const { value, done } = await answers.next();
    return done ? null : String(value).trim();
  };
  try {
    for (;;) {
      const word = await ask("\napprove, reject or request-changes? (nothing: no decision) ");
      if (!word) return null;
      if (!isDecision(word)) continue;
      const reason = await ask(word === "request-changes" ? "what to change? " : "why? (may stay empty) ");
      if (reason === null) return null;
      if (reason !== "" || word !== "request-changes") return { decision: word, reason };
    }
  } finally {
    lines.close();
  }
}
