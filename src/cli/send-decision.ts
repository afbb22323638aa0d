// Sends a decision that is signed already, and believes nothing but the chain: it is given once a bundle that verifies holds exactly
// this assertion. What did not come through is sent again as long as the same preview is open; the signature stays good for it.
import { type Inspection, nextStep } from "../chain/index.ts";
import { type Result, refuse, sha256Hex, subjectDigest } from "../receipt/index.ts";
import type { BearerToken } from "./bearer-token.ts";
import type { OwnDecision } from "./own-decision.ts";
import { describeFailure, FETCH_TIMEOUT_MS, tokenHint } from "./read-source.ts";

/** How often a decision is sent before it is left. */
const TRIES = 3;

/** Most that is read of a refusal. */
const MAX_PROBLEM = 64 * 1024;

/** Where a run is served, and what opens it. */
export interface Place {
  readonly origin: string;
  readonly run: string;
  readonly token: BearerToken | null;
}

/** What a server answered: nothing where it took the decision. */
interface Refused {
  readonly code: string;
  readonly message: string;
  /** True where the same decision may yet be taken: it was too early to say, or did not arrive. */
  readonly again: boolean;
}

/**
 * Sends a decision until the chain holds it, the round is over, or it is refused.
 * @param inspect fetches the run's bundle and verifies it, on from the chain that the reviewer saw.
 */
export async function sendDecision(
  place: Place,
  decision: OwnDecision,
  inspect: () => Promise<Result<Inspection, string>>,
): Promise<Result<Inspection, string>> {
  for (let attempt = 1; ; attempt += 1) {
    const refused = await post(place, decision);
    const after = await inspect();
    if (after.ok && (after.value.report.verdict === "invalid" || holds(after.value, decision))) return after;
    if (after.ok && !isOpen(after.value, decision)) {
      const message = refused?.message ?? "the server took it";
      return refuse(
        "ERR_DECISION_STALE",
        `the proposal is not open any more, and this decision is not in its chain: ${message}`,
      );
    }
    const failed = after.ok ? refused : { ...after.refusal, again: true };
    if (!failed?.again || attempt === TRIES) {
      return refuse(
        failed?.code ?? "ERR_DECISION_MISSING",
        failed?.message ?? "the server says that it took the decision, and its chain does not hold it",
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
  }
}

/** True while the preview that was decided on waits for decisions. */
function isOpen({ replayed: { state } }: Inspection, { preview }: OwnDecision): boolean {
  return nextStep(state)?.kind === "decision" && state.round?.preview?.digest === preview;
}

/** True where the verified chain has a decision with exactly these bytes of intent and assertion. */
function holds({ replayed }: Inspection, { intent, assertion }: OwnDecision): boolean {
  return replayed.receipts.some(
    ({ receipt }) =>
      receipt?.kind === "decision" &&
      subjectDigest(receipt.statement, "intent") === sha256Hex(intent) &&
      subjectDigest(receipt.statement, "assertion") === sha256Hex(assertion),
  );
}

async function post({ origin, run, token }: Place, decision: OwnDecision): Promise<Refused | null> {
  const { intended, proposal, assertion } = decision;
  const words =
    intended.decision === "request_changes" ? { feedback: intended.reason } : { reason: intended.reason };
  const body = {
    proposal,
    role: intended.role,
    ...words,
    assertion: JSON.parse(new TextDecoder().decode(assertion)),
  };
  const url = new URL(`/api/runs/${run}/${intended.decision.replace("_", "-")}`, origin);
  const isGiven = token?.origin === origin;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(isGiven && { authorization: `Bearer ${token.token}` }),
      },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    });
    if (response.ok) {
      await response.body?.cancel();
      return null;
    }
    const { code, detail } = await readProblem(response);
    const hint = hintFor(response.status, code, intended.reviewer, url, isGiven);
    const again = response.status === 409 || response.status >= 500;
    return { code, message: hint ? `${detail}; ${hint}` : detail, again };
  } catch (error) {
    return {
      code: "ERR_UNAVAILABLE",
      message: `cannot send to ${url}: ${describeFailure(error)}`,
      again: true,
    };
  }
}

/** What to do. Everything that the rules say of the signature was checked here already, so the server takes somebody for another. */
function hintFor(status: number, code: string, reviewer: string, url: URL, isGiven: boolean): string | null {
  if (status === 401) return tokenHint(url, isGiven);
  if (code === "ERR_ASSERTION" || code === "ERR_INTENT") {
    return `the signature is good for ${reviewer}; the token has to be theirs, too`;
  }
  if (code === "ERR_REVIEWER_KEY")
    return "your trust policy lists this key, and the deployment's reviewers' file does not";
  return null;
}

async function readProblem(response: Response): Promise<{ code: string; detail: string }> {
  const text = (await response.text()).slice(0, MAX_PROBLEM);
  const unknown = { code: "ERR_UNAVAILABLE", detail: `expected an answer of 200, got ${response.status}` };
  try {
    const { code, detail } = JSON.parse(text);
    return /^ERR_[A-Z_]{1,40}$/.test(code) && typeof detail === "string" ? { code, detail } : unknown;
  } catch {
    return unknown;
  }
}
