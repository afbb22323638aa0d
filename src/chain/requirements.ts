// What a caller asks of a chain beyond that it verifies: that something was really executed. A rejected run verifies too.
import type { Digest } from "../receipt/index.ts";
import type { VerifiedRun } from "./verified-run.ts";

/** Each that is given has to be met. Of each action and each call it is asked that it was executed. A call is `connector.method`. */
export interface Requirements {
  readonly executed?: boolean | undefined;
  readonly resolved?: boolean | undefined;
  readonly actions?: readonly Digest[] | undefined;
  readonly calls?: readonly string[] | undefined;
}

/** Every requirement that was given, in words, and whether the run meets it. */
export function judgeRequirements(
  { rounds, outcome }: VerifiedRun,
  { executed = false, resolved = false, actions = [], calls = [] }: Requirements,
): readonly { readonly what: string; readonly met: boolean }[] {
  const made = rounds
    .filter(({ execution }) => execution?.status === "executed")
    .map((round) => round.action);
  return [
    ...(executed ? [{ what: "a call was executed", met: made.length > 0 }] : []),
    ...(resolved ? [{ what: "the outcome is resolved", met: outcome?.status === "resolved" }] : []),
    ...actions.map((action) => ({
      what: `the action ${action} was executed`,
      met: made.some(({ digest }) => digest === action),
    })),
    ...calls.map((call) => ({
      what: `${call} was executed`,
      met: made.some(({ connector, method }) => `${connector}.${method}` === call),
    })),
  ];
}
