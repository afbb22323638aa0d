// The script of the verify page. It carries what the visitor hands in to the verifier, and what the verifier says to the page.
// It fetches the sample or the run that the address names, the trust policy, another run to borrow an approval from, and nothing
// else. It sends nothing.

import type { Refusal } from "../receipt/refusal.ts";
import { type Cheat, firstToTry, readCheat } from "./cheat-names.ts";
import type { KeySource } from "./check-words.ts";
import { bundlePath, fetchOwn, findOtherRun, findTrustPath, SAMPLE, TRUST_PATH } from "./fetch-chain.ts";
import { link, part } from "./page-part.ts";
import type { Source } from "./read-source.ts";
import { showAdvanced } from "./show-chosen.ts";
import { showReceipts } from "./show-receipts.ts";
import { forgetCaught, showCheats, showVerdict } from "./show-verdict.ts";
import { type Take, takeDrops, takeFile } from "./take-source.ts";
import { createVerifierClient } from "./verifier-client.ts";
import type { Breakage, Request, Sheet } from "./verifier-protocol.ts";

type BenchRequest = Exclude<Request, { ask: "judge" | "intend" }>;

const verifier = createVerifierClient();
const asked = new URLSearchParams(location.search);
/** The run that is laid out; null for the sample and for what was handed in. */
let run: string | null = asked.get("run");
let keysFrom: Exclude<KeySource, "made here"> = "sample";
let turn = 0;
/** What the address asks to be tried first. */
let toTry = firstToTry(asked.get("try"));
/** Whether another run has been looked for, to borrow an approval from. */
let borrowed: Promise<unknown> | null = null;

/** Asks the bench, and shows what it says unless something newer has been asked. Answers the refusal, if it is one. */
async function ask(request: BenchRequest): Promise<Refusal | null> {
  const mine = ++turn;
  const reply = await verifier.ask(request);
  if (!reply.ok) return reply.refusal;
  if (mine === turn) show(reply.value);
  return null;
}

function show(sheet: Sheet): void {
  const { judgement, trust, believesOwn, issuer } = sheet;
  if (trust) part("trust-named").textContent = `Keys: ${trust.count} of ${trust.issuer}.`;
  part("trust-own").hidden = keysFrom !== "given";
  if (!judgement) return;
  showVerdict(sheet, judgement, believesOwn ? "made here" : keysFrom);
  showCheats(sheet);
  showReceipts(judgement, believesOwn && judgement.verdict !== "invalid");
  showAdvanced(sheet, (breakage) => void breakIt(breakage));
  const foreign = trust && issuer !== null && issuer !== trust.issuer && sheet.changes.length === 0;
  if (foreign) {
    part("verdict-how").textContent =
      `This chain is of ${issuer}, and the keys are of ${trust.issuer}. If you trust that deployment, open its trust policy.`;
  }
}

function refuseWith(refusal: Refusal | null, words: string): void {
  const notice = part("refusal");
  notice.hidden = refusal === null;
  notice.textContent = refusal ? `${words} ${refusal.message} (${refusal.code}).` : "";
  if (refusal) part("source", HTMLDetailsElement).open = true;
}

/** Lays out a bundle that was handed in; a trust policy in its place is taken for what it is. */
const takeAny: Take = (source, name) => void takeHandedIn(source, name);

async function takeHandedIn(source: Source, name: string): Promise<void> {
  const before = keysFrom;
  // Not shown yet: the sample is still laid out, and these keys are not its own.
  if (before === "sample") await believeOwn();
  const refusal = await layOut(source, null);
  if (!refusal) {
    run = null;
    part("source-named").textContent = name;
    return refuseWith(null, "");
  }
  if (refusal.code === "ERR_BUNDLE" && !(await takePolicy(source))) return refuseWith(null, "");
  if (before === "sample") await backToSampleKeys();
  refuseWith(refusal, "This cannot be verified:");
}

async function layOut(source: Source, named: string | null): Promise<Refusal | null> {
  forgetCaught();
  borrowed = null;
  const request = { ask: "bundle", source, run: named } as const;
  if (toTry.length === 0) return ask(request);
  // What the address asks to be tried is shown at once, and not first as it was.
  const reply = await verifier.ask(request);
  return reply.ok ? null : reply.refusal;
}

async function takePolicy(source: Source): Promise<Refusal | null> {
  const before = keysFrom;
  keysFrom = "given";
  const refusal = await ask({ ask: "trust", source });
  if (refusal) keysFrom = before;
  return refusal;
}

const takeTrust: Take = async (source) => refuseWith(await takePolicy(source), "The keys stay as they were:");

/** Gives the verifier this deployment's own keys, and shows nothing. Without them those of the sample stay, which fit nothing else. */
async function believeOwn(): Promise<void> {
  const own = await fetchOwn(TRUST_PATH);
  if (!own.ok) return;
  keysFrom = "deployment";
  await verifier.ask({ ask: "trust", source: own.value });
}

/** What was handed in was nothing: the sample is still laid out, under its own keys. */
async function backToSampleKeys(): Promise<void> {
  const trust = await fetchOwn(SAMPLE.trust);
  if (!trust.ok) return;
  keysFrom = "sample";
  await verifier.ask({ ask: "trust", source: trust.value });
}

/** Believes this deployment's own trust policy, fetched now. */
async function takeOwnTrust(): Promise<Refusal | null> {
  const own = await fetchOwn(run === null ? TRUST_PATH : await findTrustPath(run));
  if (!own.ok) return own.refusal;
  keysFrom = "deployment";
  return ask({ ask: "trust", source: own.value });
}

/** Makes sure, once for each chain, that there is another run to borrow from. */
function haveOther(): Promise<unknown> {
  borrowed ??= borrow();
  return borrowed;
}

/** Finds a chain to borrow an approval from: a run of this deployment beside one of its own, else the sample's second run. */
async function borrow(): Promise<void> {
  const other = keysFrom === "sample" ? null : await findOtherRun(run);
  const bundle = await fetchOwn(other === null ? SAMPLE.other : bundlePath(other));
  if (bundle.ok) await verifier.ask({ ask: "other", source: bundle.value });
}

async function tryCheat(how: Cheat): Promise<Refusal | null> {
  if (how === "other") await haveOther();
  const refusal = await ask({ ask: "cheat", how });
  if (refusal) part(`caught-${how}`).textContent = refusal.message;
  else remember(how);
  return refusal;
}

/** Tries one after the other until the chain allows one. */
async function tryFirst(forgeries: readonly Cheat[]): Promise<boolean> {
  for (const how of forgeries) if (!(await tryCheat(how))) return true;
  return false;
}

/** So that the address, sent to somebody, opens as it is now. */
function remember(how: Cheat | null): void {
  const address = new URL(location.href);
  if (how === null) address.searchParams.delete("try");
  else address.searchParams.set("try", how);
  history.replaceState(null, "", address);
}

async function breakIt(breakage: Breakage): Promise<void> {
  if (breakage.how === "splice") await haveOther();
  const refusal = await ask({ ask: "break", breakage });
  if (refusal) refuseWith(refusal, "That change cannot be made:");
}

function onClick(id: string, work: () => void): void {
  part(id).addEventListener("click", work);
}

function wire(): void {
  takeFile("bundle-file", takeAny);
  takeFile("trust-file", takeTrust);
  takeDrops([{ id: "source", take: takeAny }]);
  takePaste();
  onClick("trust-own", async () => refuseWith(await takeOwnTrust(), "The keys stay as they were:"));
  for (const button of document.querySelectorAll<HTMLElement>("[data-cheat]")) {
    const how = readCheat(button.dataset.cheat ?? "");
    if (how) button.addEventListener("click", () => void tryCheat(how));
  }
  onClick("restart", () => {
    remember(null);
    void ask({ ask: "restart" });
  });
  onClick("undo", () => void ask({ ask: "undo" }));
  const believe = part("believe", HTMLInputElement);
  believe.addEventListener("change", () => void ask({ ask: "believe", own: believe.checked }));
  const choose = part("choose", HTMLSelectElement);
  choose.addEventListener("change", () => void ask({ ask: "choose", key: Number(choose.value) }));
  for (const how of ["drop", "swap", "repeat", "splice"] as const) {
    onClick(how, () => void breakIt({ how, key: Number(choose.value) }));
  }
}

/** Pasted text goes straight on: a box that holds megabytes would freeze the page. */
function takePaste(): void {
  const area = part("bundle-text", HTMLTextAreaElement);
  area.addEventListener("paste", (event) => {
    event.preventDefault();
    takeAny(event.clipboardData?.getData("text/plain") ?? "", "Pasted text");
  });
  area.addEventListener("change", () => area.value.trim() !== "" && takeAny(area.value, "Pasted text"));
}

async function open(): Promise<Refusal | null> {
  if (run !== null) {
    const [bundle, refusal] = await Promise.all([fetchOwn(bundlePath(run)), takeOwnTrust()]);
    if (!bundle.ok || refusal) return bundle.ok ? refusal : bundle.refusal;
    return layOut(bundle.value, run);
  }
  const [bundle, trust] = await Promise.all([fetchOwn(SAMPLE.bundle), fetchOwn(SAMPLE.trust)]);
  if (!bundle.ok) return bundle.refusal;
  if (!trust.ok) return trust.refusal;
  await verifier.ask({ ask: "trust", source: trust.value });
  return layOut(bundle.value, null);
}

wire();
const refused = await open();
if (refused) {
  part("verdict-title").textContent = "Nothing to verify.";
  part("verdict-how").replaceChildren("Open another run above, or ", link("/verify", "the sample"), ".");
  refuseWith(refused, "That run cannot be had:");
}
const forgeries = toTry;
toTry = [];
if (!refused && forgeries.length > 0 && !(await tryFirst(forgeries))) await ask({ ask: "restart" });
