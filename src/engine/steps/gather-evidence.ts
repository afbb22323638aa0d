// Due: evidence. Runs the planner's read-only script in the sandbox; the evidence is what the connectors answered, as the
// durable log recorded it, never what the script says it saw.
import { isSentBack } from "../../chain/index.ts";
import type { Pass, RecordedCall } from "../../codemode/script-runtime.ts";
import { canonicalBytes, digestOf, LIMITS, NotCanonicalError } from "../../receipt/index.ts";
import { fitEvidence, keepableCode, RUN_LIMITS, whyNoRoom } from "../limits.ts";
import { type ChainTransaction, mustCommit } from "../run-chain.ts";
import type { RunContext } from "../run-context.ts";
import { plannerId } from "../situation.ts";
import { StepFailure } from "../step-failure.ts";
import { fitText, quote } from "../texts.ts";

/** Runs an investigation and signs what its calls answered. @throws {StepFailure} when there were too many in a row. */
export async function gatherEvidence(run: RunContext, script: string): Promise<void> {
  if (evidenceInARow(run) >= RUN_LIMITS.evidenceInARow) {
    throw new StepFailure(
      `The agent has investigated ${RUN_LIMITS.evidenceInARow} times in a row; propose something, or stop.`,
    );
  }
  const planner = plannerId(run);
  const code = new TextEncoder().encode(keepableCode(script));
  const pass = await run.scripts.execute(new TextDecoder().decode(code));
  const { kept: items, left } = fitEvidence(pass.calls.flatMap(toItem), LIMITS.items);
  const contents = [code, ...items.map(({ bytes }) => bytes)];
  const full = whyNoRoom(run, contents);
  if (full !== null) throw new StepFailure(full);
  const told = transcriptBytes(run, contents);
  const note = left === 0 ? "" : ` ${left} further calls were too many or too large to keep as evidence.`;
  const summary = `${fitText(summarize(pass), LIMITS.summary - note.length)}${note}`;
  mustCommit(
    run.chain.commit(({ append }) => {
      append(
        "evidence",
        [
          ["code", code],
          ...items.map(({ bytes }, i) => [`item-${i + 1}`, bytes] as const),
          ...(told ? [["transcript", told] as const] : []),
        ],
        {
          planner,
          items: items.map(({ connector, method }, i) => ({ name: `item-${i + 1}`, connector, method })),
          summary,
          transcript: told && digestOf(told),
        },
      );
      run.account.forgetTranscript();
    }),
  );
}

/** What a model was told and said since the last evidence, if that is kept and fits beside what else is signed. */
function transcriptBytes(run: RunContext, others: readonly Uint8Array[]): Uint8Array | null {
  const text = run.account.transcript();
  const bytes = new TextEncoder().encode(text);
  return text !== "" && whyNoRoom(run, [...others, bytes]) === null ? bytes : null;
}

/**
 * Signs what was told and said about an answer that is no investigation, as evidence of nothing looked at.
 * @returns false where nothing is kept, or no evidence may stand.
 */
export function appendTranscript(
  run: RunContext,
  append: ChainTransaction["append"],
  planner: string,
): boolean {
  const { last, round } = run.chain.state;
  const isDue = last === "alert" || last === "evidence" || (last === "execution" && isSentBack(round));
  const told = isDue && transcriptBytes(run, []);
  run.account.forgetTranscript();
  if (!told) return false;
  append(
    "evidence",
    [
      ["code", new Uint8Array()],
      ["transcript", told],
    ],
    {
      planner,
      items: [],
      summary: "What the model was told and said. Nothing was looked at.",
      transcript: digestOf(told),
    },
  );
  return true;
}

/** Signs that nothing was looked at: the grammar asks for evidence before a proposal or an outcome. */
export function appendNoEvidence(append: ChainTransaction["append"], planner: string, summary: string): void {
  append("evidence", [["code", new Uint8Array()]], { planner, items: [], summary, transcript: null });
}

function evidenceInARow({ chain }: RunContext): number {
  const other = chain.receipts.findLastIndex(({ kind }) => kind !== "evidence");
  return chain.receipts.length - 1 - other;
}

/** One finished call as an artifact. A call that is not plain JSON is no evidence. */
function toItem({ connector, method, args = null, result = null }: RecordedCall) {
  try {
    return [{ connector, method, bytes: canonicalBytes({ connector, method, args, result }) }];
  } catch (error) {
    if (error instanceof NotCanonicalError) return [];
    throw error;
  }
}

function summarize(pass: Pass): string {
  switch (pass.status) {
    case "error":
      return `The investigation stopped early: ${quote(pass.error)}`;
    case "paused":
      return "The investigation asked for a gated call, which an investigation may not; it was stopped there.";
    case "completed": {
      const { result } = pass;
      const said =
        typeof result === "object" && result !== null && "summary" in result ? result.summary : null;
      return typeof said === "string" ? said : `The investigation made ${pass.calls.length} calls.`;
    }
  }
}
