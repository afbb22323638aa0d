// What a verified run says, round by round, for a terminal: the call, what it changes, what was measured, who decided with whose
// key, and what became of it. Every line starts with words of ours, so that a signer's can pass for none of them.
import type { VerifiedDecision, VerifiedRound, VerifiedRun } from "../chain/index.ts";
import type { Content, Tally } from "../receipt/index.ts";
import { exactName, quoted } from "./plain-text.ts";

/** Rounds told in full, the newest. A chain may have many thousands. */
const MAX_ROUNDS = 20;

/** Names and reasons stand last in their lines, so that they may take what room they need. */
const LONG = 400;

/** A run's rounds and its outcome as lines of text; the first line is their title. */
export function roundLines({ rounds, outcome, domain }: VerifiedRun): string[] {
  const told = rounds.slice(-MAX_ROUNDS);
  const earlier = rounds.length - told.length;
  return [
    `what was proposed in the domain ${exactName(domain)}`,
    ...(rounds.length === 0 ? ["  nothing"] : []),
    ...(earlier > 0 ? [`  ${earlier} earlier rounds; --json has them`] : []),
    ...told.flatMap((round, i) => describeRound(round, earlier + i + 1)),
    ...(outcome ? describeOutcome(outcome) : []),
  ];
}

function describeRound(round: VerifiedRound, number: number): string[] {
  const { action, title, effects, checks, decisions, execution } = round;
  return [
    `  round ${number}: ${exactName(`${action.connector}.${action.method}`)}, ${quoted(title, LONG)}`,
    `    action    ${action.digest}`,
    ...effects.map(
      ({ resource, before, after }) =>
        `    changes   ${contentWords(before)} → ${contentWords(after)} at ${exactName(resource, LONG)}`,
    ),
    ...(effects.length === 0 ? ["    changes   nobody can say what"] : []),
    ...checkLines(checks),
    ...decisions.map(describeDecision),
    `    execution ${execution ? `${execution.status}${reasonWords(execution.reason)}` : "none so far"}`,
  ];
}

/** What was measured before the call, and in its rehearsal. */
export function checkLines(checks: VerifiedRound["checks"]): string[] {
  return checks.map(({ name, before, rehearsed }) => {
    const then = rehearsed ? `${countsWords(rehearsed)} rehearsed` : "not rehearsed";
    return `    check     ${countsWords(before)} failed before, ${then}: ${exactName(name, LONG)}`;
  });
}

/** Who decided what, in which role, with whose key, and why. */
export function describeDecision({
  decision,
  reviewer,
  role,
  reason,
  edit,
  signed,
}: VerifiedDecision): string {
  const wanted = edit === null ? "" : `, wants the call ${edit} instead`;
  return `    decision  ${decision} by ${exactName(reviewer)} as ${exactName(role)}, ${keyWords(signed)}${wanted}${reasonWords(reason)}`;
}

/** Whose word it is that this reviewer decided. */
function keyWords(signed: VerifiedDecision["signed"]): string {
  if (signed === null) return "on the server's word";
  return signed.listed
    ? `signed with their own ${keyName(signed)}`
    : `signed with ${keyName(signed) === "passkey" ? "a passkey" : "an SSH key"} that nobody vouches for`;
}

/** The form of a reviewer's own key. */
export function keyName({ type }: NonNullable<VerifiedDecision["signed"]>): "passkey" | "SSH key" {
  return type === "webauthn" ? "passkey" : "SSH key";
}

function describeOutcome({ status, reason, checks }: NonNullable<VerifiedRun["outcome"]>): string[] {
  return [
    `  outcome: ${status}${reasonWords(reason)}`,
    ...checks.map(({ name, before, after }) => {
      const then = after ? `${countsWords(after)} after` : "not measured after";
      return `    check     ${countsWords(before)} failed before, ${then}: ${exactName(name, LONG)}`;
    }),
  ];
}

/** A count of a check: "6 of 40". */
export function countsWords({ total, failed }: Tally): string {
  return `${failed} of ${total}`;
}

/** What stands at a resource: the first digits of its digest. */
export function contentWords(content: Content): string {
  if (content === null) return "nothing";
  return content === "unknown" ? "unknown" : shortDigest(content);
}

/** The first digits of a digest. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

function reasonWords(reason: string): string {
  return reason && `: ${quoted(reason, LONG)}`;
}
