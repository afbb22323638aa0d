// The receipts of a run's page, verified by the visitor's own browser. The page says "verified" only beside a receipt whose
// very digest this browser has checked in the bundle, and never before.
import { accept, type Result } from "../receipt/refusal.ts";
import { bundlePath, fetchOwn, TRUST_PATH } from "./fetch-chain.ts";
import type { JudgedReceipt, Judgement } from "./judgement.ts";
import { isOwnKey } from "./own-passkeys.ts";
import { bold, code, link, part } from "./page-part.ts";
import { createVerifierClient } from "./verifier-client.ts";

type Words = (Node | string)[];

interface Finding {
  readonly state: Judgement["verdict"] | "checking" | "unable";
  readonly words: Words;
}

/** This page's verifier. */
export const verifier = createVerifierClient();
/** What was last found, and the digest that each receipt's mark is about. */
let found: Finding["state"] | null = null;
const marked = new WeakMap<HTMLElement, string>();
/** The receipts, by their digests, that were verified last or are being verified. An answer about others comes too late. */
let subject = "";

/**
 * Verifies the run that the page shows, and marks its receipts. Call it again whenever the page has changed: receipts that are
 * still those that were verified keep their marks, and nothing is fetched for them. What was found stands until the next is.
 */
export async function verifyRun(): Promise<void> {
  const digests = shownReceipts().map(({ dataset }) => dataset.digest);
  const shown = digests.join();
  if (shown === subject) return warnInTab();
  subject = shown;
  if (digests.length === 0) return;
  clearMarks(({ dataset }, digest) => dataset.digest !== digest);
  if (found === null) tell({ state: "checking", words: ["Verifying in your browser …"] });
  const make = await check();
  if (shown !== subject) return;
  const finding = make();
  tell(finding);
  // What hindered it may be over when the page changes next.
  if (finding.state === "unable") subject = "";
}

/** Fetches and verifies. The finding is made when it is told, from the page as it is then. */
async function check(): Promise<() => Finding> {
  const fetched = await fetchRun();
  if (!fetched.ok) return () => unable(fetched.refusal.message);
  const judged = await verifier.ask({ ask: "judge", ...fetched.value });
  if (judged.ok) {
    const { verdict, receipts } = judged.value;
    const digests = new Set(receipts.flatMap(({ digest }) => digest ?? []));
    held = verdict === "invalid" ? null : { fetched: fetched.value, digests };
    return () => compare(judged.value, shownReceipts());
  }
  const { code: reason, message } = judged.refusal;
  if (reason === "ERR_VERIFIER") return () => unable(message);
  return () => invalid([bold("This cannot be a run’s bundle. "), code(reason), `: ${message}.`]);
}

interface FetchedRun {
  readonly run: string;
  readonly bundle: Blob;
  readonly trust: Blob;
}

/** The chain that was verified last, and the digests of its receipts. */
let held: { readonly fetched: FetchedRun; readonly digests: ReadonlySet<string> } | null = null;

/**
 * Fetches the chain that the page shows, and the trust policy of its issuer. A chain that was verified and has the last receipt shown is
 * not fetched again: that receipt commits to all before it.
 */
export async function fetchRun(): Promise<Result<FetchedRun, "ERR_FETCH">> {
  if (held?.digests.has(shownReceipts().at(-1)?.dataset.digest ?? "")) return accept(held.fetched);
  const { run = "", trust: path = TRUST_PATH } = part("receipts").dataset;
  const [bundle, trust] = await Promise.all([fetchOwn(bundlePath(run)), fetchOwn(path)]);
  if (!bundle.ok) return bundle;
  return trust.ok ? accept({ run, bundle: bundle.value, trust: trust.value }) : trust;
}

/** Holds the page's receipts against those that were verified, marks each, and sums up. */
function compare(judgement: Judgement, rows: readonly HTMLElement[]): Finding {
  const { verdict, receipts, first, ms } = judgement;
  for (const [seq, row] of rows.entries()) markReceipt(row, receipts[seq]);
  if (verdict === "invalid") {
    const where = first?.seq === undefined ? "" : `Receipt ${first.seq}: `;
    return invalid([
      bold("These receipts do not verify. "),
      where,
      code(first?.code ?? ""),
      `: ${first?.message}.`,
    ]);
  }
  const astray = rows.findIndex((row, seq) => row.dataset.digest !== receipts[seq]?.digest);
  if (astray >= 0) {
    const why = `Receipt ${astray} here is not receipt ${astray} of the bundle, which verifies.`;
    return invalid([bold("This page does not show what was checked. "), why]);
  }
  const all = `✓ ${judgement.count === 1 ? "1 signature" : `All ${judgement.count} signatures`} match, the chain is unbroken`;
  const more = judgement.count - rows.length;
  return {
    state: verdict,
    words: [
      bold(`${all}${verdict === "valid" ? " and the run is complete." : ". The run is still open."}`),
      ` Verified in this browser in ${Math.max(1, Math.round(ms))} ms. Keys: from `,
      link(part("receipts").dataset.trust ?? TRUST_PATH, `${location.host} itself`),
      ".",
      more > 0 ? ` The run has gone on: ${count(more)} more than shown here.` : "",
    ],
  };
}

/** A receipt is marked for what the page shows of it, which is its digest. */
function markReceipt(row: HTMLElement, judged: JudgedReceipt | undefined): void {
  if (judged?.digest !== row.dataset.digest) setMark(row, "is-failed", "✗ differs from the bundle");
  else if (judged?.mark === "holds") setMark(row, "is-held", isOwnKey(judged.key) ? "✓ your passkey" : "✓");
  else if (judged?.failure) setMark(row, "is-failed", `✗ ${judged.failure.code}`);
  else setMark(row, "is-open", "not judged: an earlier one fails");
}

function setMark(row: HTMLElement, name: string, words: string): void {
  const mark = row.querySelector(".receipt-mark");
  if (!mark) return;
  mark.className = `receipt-mark ${name}`;
  mark.textContent = words;
  mark.setAttribute("title", name === "is-held" ? "verified in this browser" : "");
  marked.set(row, row.dataset.digest ?? "");
}

/** Takes away marks: a receipt that was replaced must not keep that of the one before. */
function clearMarks(which: (row: HTMLElement, digest: string) => boolean): void {
  for (const row of shownReceipts()) if (which(row, marked.get(row) ?? "")) setMark(row, "", "");
}

function invalid(words: Words): Finding {
  return { state: "invalid", words };
}

function unable(message: string): Finding {
  return { state: "unable", words: [bold("Not checked. "), `${message}.`] };
}

function tell({ state, words }: Finding): void {
  if (state !== "checking") found = state;
  const check = part("browser-check");
  check.className = `browser-check is-${state}`;
  check.replaceChildren(...words);
  if (state === "unable") clearMarks(() => true);
  tellInBrief(state);
  // What must not be overlooked is said at the head of the page too.
  const alert = part("check-alert");
  alert.hidden = state !== "invalid";
  if (state !== "invalid") return;
  const sentence = document.createElement("p");
  sentence.append(...words.map((word) => (typeof word === "string" ? word : word.cloneNode(true))));
  const advice = document.createElement("p");
  advice.textContent = "Do not decide on this page or rely on it.";
  alert.replaceChildren(sentence, advice);
  warnInTab();
}

/** Only a reference: what was checked, and how, the receipts' own place says. */
function tellInBrief(state: Finding["state"]): void {
  const isHeld = state === "valid" || state === "incomplete";
  const shown = shownReceipts().length;
  const tape = part("tape-brief");
  if (tape.firstChild) tape.firstChild.nodeValue = isHeld ? `✓ ${shown} verified` : count(shown);
  const brief = part("check-brief");
  brief.className = `check-brief ${isHeld ? "is-held" : ""} ${state === "invalid" ? "is-invalid" : ""}`;
  if (state === "checking") return;
  const said = isHeld
    ? `✓ ${count(shown)} verified here`
    : state === "invalid"
      ? "✗ does not verify"
      : "not verified";
  brief.replaceChildren(link("#tape", said));
}

/** Where the page strikes out the status, its tab does not keep it either: title and icon, which come anew with each look. */
function warnInTab(): void {
  if (part("check-alert").hidden) return;
  document.title = "Does not verify · Countersign";
  document.querySelector('link[rel="icon"]')?.setAttribute("href", "/favicon-bad.svg");
}

/** The receipts that the page shows. */
export function shownReceipts(): HTMLElement[] {
  return [...part("receipts").querySelectorAll<HTMLElement>(".receipt")];
}

function count(receipts: number): string {
  return receipts === 1 ? "1 receipt" : `${receipts} receipts`;
}
