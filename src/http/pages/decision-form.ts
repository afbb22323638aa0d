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

/** What a form said: its words and its edit as typed, and the decision, or why it is none. */
interface ReadDecision {
  readonly reason: string;
  readonly edit: Readonly<Record<string, string>> | null;
  readonly request: Result<Decision, RunCode | EdgeCode>;
}

/** Reads a decision. Where it has an edit, the run is asked for the call that this changes. */
export async function readDecision(
  run: RunApi,
  form: Readonly<Record<string, string>>,
): Promise<ReadDecision> {
  // A form sends line breaks as CRLF; the box, and its limit, count them as one character.
  const reason = lines(form.reason ?? "");
  const fields = Object.entries(form)
    .filter(([name]) => name === "edit" || ONE_ARGUMENT.test(name))
    .map(([name, text]) => [name, lines(text)] as const);
  const edit = fields.length > 0 ? Object.fromEntries(fields) : null;
  return { reason, edit, request: await readRequest(run, { ...form, reason }, edit) };
}

async function readRequest(
  run: RunApi,
  form: Readonly<Record<string, string>>,
  edit: ReadDecision["edit"],
): Promise<ReadDecision["request"]> {
  const read = checkSchema({ ...form, role: form.role || undefined }, decisionForm);
  if (!read.ok) return read;
  const assertion = readAssertion(form.assertion);
  if (!assertion.ok) return assertion;
  const decision = { ...read.value, ...assertion.value };
  if (!edit) return withWords(decision);
  const action = await readEdit(run, decision.proposal, edit);
  return action.ok ? accept({ ...decision, edit: action.value }) : action;
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
  fields: Readonly<Record<string, string>>,
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
  const { connector, method } = pending;
  const { edit: json, ...texts } = fields;
  const base = json === undefined ? accept(pending.args) : readArgs(json);
  if (!base.ok) return base;
  const [text, ...others] = Object.entries(texts);
  if (!text) return accept({ connector, method, args: base.value });
  if (others.length > 0) return refuse("ERR_BODY_SCHEMA", "edit: expected the text of one argument, got two");
  const args = withArgument(pending, base.value, text);
  return args.ok ? accept({ connector, method, args: args.value }) : args;
}

function readArgs(text: string): Result<unknown, EdgeCode> {
  const parsed = parseJson(text);
  if (!parsed.ok)
    return refuse("ERR_BODY_SCHEMA", `edit: ${parsed.refusal.message.replace("the body", "it")}`);
  if (hasProto(parsed.value)) return refuse("ERR_BODY_SCHEMA", "edit: expected no member named __proto__");
  return parsed;
}

/** The arguments with the text of one that the call has. Where the others came as JSON, it must not stand there again. */
function withArgument(
  { args }: PendingView,
  base: unknown,
  [name, text]: readonly [string, string],
): Result<unknown, EdgeCode> {
  const [, argument = ""] = ONE_ARGUMENT.exec(name) ?? [];
  const fail = (words: string) =>
    refuse("ERR_BODY_SCHEMA", `edit: ${words} ${JSON.stringify(argument.slice(0, 100))}`);
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(args) || !Object.hasOwn(Object(args), argument)) return fail("the call has no argument");
  if (!isObject(base)) return fail("expected an object of the arguments beside");
  if (base !== args && Object.hasOwn(Object(base), argument)) return fail("the others have one more");
  return accept({ ...Object(base), [argument]: text });
}

function lines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
