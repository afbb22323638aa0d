// The decision in a form of the run's page, and the words in it as typed, so that a refusal does not lose them. An edit comes as the whole
// arguments in JSON, or as the text of one of them; the rest of the call is then that of the open proposal.
import { z } from "zod";
import type { Action } from "../../chain/index.ts";
import type { DecisionRequest, PendingView, RunApi, RunCode } from "../../host/index.ts";
import { digestField, textField } from "../../receipt/fields.ts";
import { accept, DECISIONS, LIMITS, type Result, refuse } from "../../receipt/index.ts";
import type { EdgeCode } from "../problem.ts";
import { checkSchema, hasProto, parseJson } from "../read-body.ts";

const decisionForm = z.object({
  proposal: digestField,
  decision: z.enum(DECISIONS),
  reason: textField(LIMITS.reason),
  role: textField(LIMITS.role, 1).optional(),
});

/** The name of the field that holds the text of one argument. */
const ONE_ARGUMENT = /^edit:(.+)$/s;

type Decision = Omit<DecisionRequest, "reviewer">;

/** Reads a decision. Where it has an edit, the run is asked for the call that this changes. */
export async function readDecision(
  run: RunApi,
  form: Readonly<Record<string, string>>,
): Promise<{ reason: string; request: Result<Decision, RunCode | EdgeCode> }> {
  // A form sends line breaks as CRLF; the box, and its limit, count them as one character.
  const reason = lines(form.reason ?? "");
  const read = checkSchema({ ...form, reason, role: form.role || undefined }, decisionForm);
  if (!read.ok) return { reason, request: read };
  const assertion = readAssertion(form.assertion);
  if (!assertion.ok) return { reason, request: assertion };
  const edited = Object.entries(form).filter(([name]) => name === "edit" || ONE_ARGUMENT.test(name));
  const decision = { ...read.value, ...assertion.value };
  const [edit, ...others] = edited;
  if (others.length > 0) {
    return { reason, request: refuse("ERR_BODY_SCHEMA", "edit: expected one way to say the call, got two") };
  }
  if (!edit) return { reason, request: withWords(decision) };
  const action = await readEdit(run, decision.proposal, edit);
  return { reason, request: action.ok ? accept({ ...decision, edit: action.value }) : action };
}

function withWords(decision: Decision): Result<Decision, "ERR_DECISION_REASON"> {
  if (decision.decision !== "request_changes" || decision.reason.trim() !== "") return accept(decision);
  return refuse("ERR_DECISION_REASON", "expected a request for changes to say what to change");
}

function readAssertion(text: string | undefined): Result<{ readonly assertion?: unknown }, EdgeCode> {
  if (!text) return accept({});
  const parsed = parseJson(text);
  return parsed.ok ? accept({ assertion: parsed.value }) : parsed;
}

async function readEdit(
  run: RunApi,
  proposal: string,
  [name, text]: readonly [string, string],
): Promise<Result<Action, RunCode | EdgeCode>> {
  const view = await run.view();
  if (!view.ok) return view;
  const { pending } = view.value;
  if (pending?.proposal !== proposal) {
    return refuse(
      "ERR_DECISION_STALE",
      "the proposal that you edited is no longer the open one; look at the run again",
    );
  }
  const args = name === "edit" ? readArgs(text) : withArgument(pending, name, lines(text));
  return args.ok ? accept({ connector: pending.connector, method: pending.method, args: args.value }) : args;
}

function readArgs(text: string): Result<unknown, EdgeCode> {
  const parsed = parseJson(text);
  if (!parsed.ok) return refuse("ERR_BODY_SCHEMA", `edit: ${parsed.refusal.message}`);
  if (hasProto(parsed.value)) return refuse("ERR_BODY_SCHEMA", "edit: expected no member named __proto__");
  return parsed;
}

function withArgument({ args }: PendingView, name: string, text: string): Result<unknown, EdgeCode> {
  const [, argument = ""] = ONE_ARGUMENT.exec(name) ?? [];
  const isThere = typeof args === "object" && args !== null && Object.hasOwn(args, argument);
  if (isThere) return accept({ ...args, [argument]: text });
  return refuse(
    "ERR_BODY_SCHEMA",
    `edit: the call has no argument ${JSON.stringify(argument.slice(0, 100))}`,
  );
}

function lines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
