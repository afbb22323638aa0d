// Due: what the agent does next. Asks the planner, unless the receipts already say: a script that goes on, a reviewer's edit, a
// revert. What it answers is parsed; what does not fit is a failed attempt.
import { goesOn, isSentBack } from "../../chain/index.ts";
import { readAnswer } from "../../domain/index.ts";
import { inTime } from "../in-time.ts";
import type { RunContext } from "../run-context.ts";
import { plannerId, readSituation } from "../situation.ts";
import { StepFailure } from "../step-failure.ts";
import { quote } from "../texts.ts";
import { conclude } from "./conclude.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { proposeEdit, proposeNextCall, proposeRevert, proposeScript } from "./propose.ts";

export async function plan(run: RunContext): Promise<void> {
  const { state } = run.chain;
  if (goesOn(state.round)) return proposeNextCall(run);
  const asked = isSentBack(state.round) ? state.round?.settledBy?.statement.predicate : null;
  if (state.round && asked && asked.edit !== null) return proposeEdit(run);
  if (run.request.reverts && !state.round) return proposeRevert(run, run.request.reverts);
  plannerId(run); // what cannot sign need not be asked
  const situation = await readSituation(run);
  const { account } = run;
  const answer = readAnswer(
    await inTime("the planner", run.patience.planner, (signal) =>
      run.planner().next(situation, {
        signal,
        spend: (more) => account.spend(more),
        tell: (words) => account.tell(words),
      }),
    ),
  );
  if (typeof answer === "string") throw new StepFailure(`The planner's answer cannot be used: ${answer}`);
  if ("stop" in answer) return conclude(run, `The agent proposes nothing: ${quote(answer.stop)}`);
  const isProposal = "propose" in answer;
  const code = isProposal ? answer.propose.code : answer.investigate;
  try {
    await (isProposal ? proposeScript(run, answer.propose) : gatherEvidence(run, code));
  } catch (error) {
    throw error instanceof StepFailure ? new StepFailure(error.message, code) : error;
  }
}
