// Tells a receiver of the deployment's choosing that a decision is awaited, or that a run has ended: Standard Webhooks, signed.
// The event says where to look and no more; what is true of a run, its receipts say.
import { Webhook } from "standardwebhooks";
import { type ChainState, missingApprovals, nextStep, roundsBackward, runStatus } from "../chain/index.ts";
import type { Digest, Receipt } from "../receipt/index.ts";
import type { Settings } from "./env.ts";
import { type GivenApproval, givenApprovals } from "./given-approvals.ts";
import { isWebhookSecret, SECRET_FORM } from "./webhook-secret.ts";

/** How long a receiver may take to answer, in milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * The kinds of receipt that somebody is told of, and what the event is called. Of decisions only an approval after which others are
 * still waited for.
 */
export const EVENTS = {
  preview: "run.decision_awaited",
  decision: "run.decision_awaited",
  handoff: "run.ended",
} as const;

/** What an event is about, as it was when its receipt was signed. */
export interface EventFacts {
  readonly status: string;
  readonly title: string;
  readonly expiresAt: string | null;
  /** The approvals that were given by then. */
  readonly given: readonly GivenApproval[];
  /** The approvals that were waited for then: in which role, and how many. */
  readonly missing: readonly { readonly role: string; readonly count: number }[];
  readonly outcome: string | null;
}

/** What an event tells of a run. The same at each try, whatever the run has done since: a receiver may compare bodies. */
export function eventFacts(state: ChainState, receipt: Receipt): EventFacts {
  const title = state.alert?.statement.predicate.title ?? "";
  if (receipt.kind === "handoff") {
    const outcome = state.outcome?.statement.predicate.status ?? null;
    return { status: runStatus(state), title, expiresAt: null, given: [], missing: [], outcome };
  }
  const round = [...roundsBackward(state)].find(({ preview }) => preview?.digest === previewOf(receipt));
  const { seq } = receipt.statement.predicate;
  const given = (round?.decisions ?? []).filter(({ statement }) => statement.predicate.seq <= seq);
  return {
    status: "awaiting_decision",
    title,
    expiresAt: round?.preview?.statement.predicate.expiresAt ?? null,
    given: givenApprovals(given),
    missing: state.policy ? missingApprovals(state.policy, given) : [],
    outcome: null,
  };
}

/** The preview that an event about a decision is about. */
function previewOf(receipt: Receipt): Digest | null {
  if (receipt.kind === "preview") return receipt.digest;
  return receipt.kind === "decision" ? receipt.statement.predicate.preview : null;
}

/**
 * Whether an event is still worth telling: nobody is to be called for a decision that has been made or is too late, nor for what a later
 * event tells as it is by now.
 */
export function isStillDue(state: ChainState, receipt: Receipt, now: number): boolean {
  if (receipt.kind === "handoff") return true;
  const due = nextStep(state);
  const { preview = null, decisions = [] } = state.round ?? {};
  const newest = decisions.at(-1)?.digest ?? preview?.digest;
  return due?.kind === "decision" && newest === receipt.digest && now < Date.parse(due.expiresAt);
}

/** Where events go. Null when the deployment names no receiver. */
export interface Receiver {
  readonly url: string;
  readonly webhook: Webhook;
}

/** Whether the deployment names somebody to tell. */
export function hasReceiver({ WEBHOOK_URL: url }: Settings): boolean {
  return Boolean(url);
}

/**
 * Reads `WEBHOOK_URL` and the secret `WEBHOOK_SECRET`.
 * @throws when one of them is missing or unusable. A run notices only when it has something to tell, and tries again.
 */
export function readReceiver({ WEBHOOK_URL, WEBHOOK_SECRET }: Settings): Receiver | null {
  // What is set from a pipe or a file often ends with a line break.
  const [url, secret] = [WEBHOOK_URL?.trim(), WEBHOOK_SECRET?.trim()];
  if (!url) return null;
  const { protocol, hostname } = URL.parse(url) ?? { protocol: "", hostname: "" };
  const isLocal = protocol === "http:" && (hostname === "localhost" || hostname === "127.0.0.1");
  if (protocol !== "https:" && !isLocal) throw new Error("expected WEBHOOK_URL to be an https address");
  if (!secret || !isWebhookSecret(secret)) {
    throw new Error(`expected the secret WEBHOOK_SECRET as ${SECRET_FORM}`);
  }
  return { url, webhook: new Webhook(secret) };
}

/** The address of a run's page at the deployment that ISSUER names, with a slash at its end or without. */
export function pageOf(run: string, address: string): string {
  return `${address.replace(/\/+$/, "")}/runs/${run}`;
}

/**
 * Sends one event and waits for the receiver to take it. The same receipt always gives the same webhook-id, by which a receiver
 * knows an event that came twice.
 * @param address where the deployment is now, whatever the name in the run's chain.
 * @throws when the receiver does not answer with a 2xx status.
 */
export async function sendEvent(
  { url, webhook }: Receiver,
  address: string,
  { kind, digest, statement }: Receipt,
  facts: EventFacts,
  now: Date,
): Promise<void> {
  const { run, issuedAt, seq } = statement.predicate;
  const id = `msg_${digest.slice("sha256:".length)}`;
  const type = kind === "handoff" ? EVENTS.handoff : EVENTS.preview;
  const body = JSON.stringify({
    type,
    timestamp: issuedAt,
    data: { run, receipt: { seq, digest }, ...facts, url: pageOf(run, address) },
  });
  const answer = await fetch(url, {
    method: "POST",
    body,
    // Whoever never answers does not keep the connection either.
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    // A redirect would take the event to somebody else than was named.
    redirect: "manual",
    headers: {
      "content-type": "application/json",
      "user-agent": "Countersign",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": webhook.sign(id, now, body),
    },
  }).catch((error) => {
    // An error may name the address, which for many receivers is a secret, and this one is logged.
    throw new Error(
      `the receiver of webhooks cannot be reached: ${error instanceof Error ? error.name : "?"}`,
    );
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the receiver of webhooks answered ${answer.status}`);
}
