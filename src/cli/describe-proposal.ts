// What a reviewer decides on, for a terminal: the open proposal of a verified chain, all of it from signed bytes. Every line starts
// with words or signs of ours.
import {
  type Inspection,
  missingApprovals,
  type Policy,
  type Round,
  type VerifiedRun,
} from "../chain/index.ts";
import { subjectDigest } from "../receipt/index.ts";
import { contentLines } from "./content-lines.ts";
import { argumentLines, effectLines } from "./describe-effects.ts";
import { checkLines, describeDecision, roundLines } from "./describe-round.ts";
import { exactName, plainName, plainText, quoted } from "./plain-text.ts";

/** Room for words of which nothing may be cut off: a summary has 4,000 characters at most, each two columns wide at most. */
const WHOLE = 10_000;

/** The lines that show a reviewer what they decide on, contents broken already so as to fit. `run` is what the same chain says; `notes`, what else is not checked. */
export function proposalLines(
  { report, replayed, artifacts }: Inspection,
  run: VerifiedRun,
  columns: number,
  notes: readonly string[],
): string[] {
  const { alert, round, policy } = replayed.state;
  if (!alert || !round?.preview || !policy) return [];
  const { title, source, continues } = alert.statement.predicate;
  const earlier = run.rounds.slice(0, -1);
  return [
    `run ${report.run} of ${exactName(run.issuer, WHOLE)}: ${report.count} receipts verify, the last is ${report.head}`,
    `  alert     ${quoted(title, WHOLE)}, from ${plainName(source, WHOLE)}`,
    ...(continues ? [`  continues ${continues.run}, which is not checked here`] : []),
    "",
    ...(earlier.length > 0 ? [...roundLines({ ...run, rounds: earlier, outcome: null }), ""] : []),
    "what you decide on",
    ...wordLines(round),
    "  arguments",
    ...argumentLines(round, policy, columns),
    ...effectLines(round, policy, artifacts, columns),
    "  checks",
    ...checks(round),
    ...artifactLines("the dry run", subjectDigest(round.preview.statement, "plan")),
    ...artifactLines(
      "the script that asks, and goes on after it",
      subjectDigest(round.proposal.statement, "code"),
    ),
    "who decides",
    ...ruleLines(policy),
    ...(run.rounds.at(-1)?.decisions ?? []).map(describeDecision),
    ...missingApprovals(policy, round.decisions).map(
      ({ role, count }) => `    missing   ${count} as ${exactName(role)}`,
    ),
    `    until     ${round.preview.statement.predicate.expiresAt}`,
    "",
    "not checked",
    ...[...report.notChecked, ...notes].map((line) => `  · ${plainText(line)}`),
  ];

  function artifactLines(what: string, sha256: string | undefined): string[] {
    const bytes = sha256 === undefined ? undefined : artifacts(sha256);
    return bytes ? [`  ${what}`, ...contentLines(new TextDecoder().decode(bytes), columns)] : [];
  }
}

function wordLines({ proposal, action }: Round): string[] {
  const { author, revision, title, summary, risk, feedback, reverts } = proposal.statement.predicate;
  return [
    `  call      ${exactName(`${action.connector}.${action.method}`, WHOLE)}`,
    `  title     ${quoted(title, WHOLE)}`,
    `  risk      ${risk}, as ${author.kind === "agent" ? "the agent" : "the house"} says`,
    `  by        the ${author.kind} ${exactName(author.id, WHOLE)}, revision ${revision}`,
    ...(summary === "" ? [] : [`  summary   ${quoted(summary, WHOLE)}`]),
    ...(feedback?.applied ?? []).map((words) => `  applied   ${quoted(words, WHOLE)}`),
    ...(feedback?.notApplied ?? []).map((words) => `  not done  ${quoted(words, WHOLE)}`),
    ...(reverts === null ? [] : [`  undoes    the execution ${reverts}, which is not checked here`]),
    `  action    sha256:${subjectDigest(proposal.statement, "action")}`,
  ];
}

function checks({ preview }: Round): string[] {
  const measured = preview?.statement.predicate.checks ?? [];
  return measured.length === 0 ? ["    nothing was measured"] : checkLines(measured);
}

/** The rules, in one line: a server that holds its keys may choose others, unless the trust policy pins them. */
function ruleLines({ approvals, separateReviewer, reviewerKey }: Policy): string[] {
  const asked = approvals.map(({ role, count }) => `${count} as ${exactName(role)}`).join(", ");
  const apart = separateReviewer ? "; not by who started the run" : "";
  return [`    asked     ${asked}${apart}; a key of the reviewer's own is ${reviewerKey}`];
}
