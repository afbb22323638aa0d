// The script of the verify page. It carries what the visitor hands in to the verifier, and what the verifier says to the
// page. It fetches the trust policy when the page loads, a run that the address or the visitor names, another run beside it to
// take receipts from, and nothing else.
import type { Refusal } from "../receipt/refusal.ts";
import { bundlePath, fetchOwn, findOtherRun, findTrustPath, TRUST_PATH } from "./fetch-chain.ts";
import { part } from "./page-part.ts";
import type { Source } from "./read-source.ts";
import { showBreaking } from "./show-breaking.ts";
import { showChosen } from "./show-chosen.ts";
import { showReceipts } from "./show-receipts.ts";
import { showRefusal, showTrust } from "./show-sources.ts";
import { showVerdict } from "./show-verdict.ts";
import { type Take, takeDrops, takeFile, takeText } from "./take-source.ts";
import { createVerifierClient } from "./verifier-client.ts";
import type { Breakage, Request, Sheet } from "./verifier-protocol.ts";

type BenchRequest = Exclude<Request, { ask: "judge" }>;

const verifier = createVerifierClient();
/** The trust policy in force, and the visitor's name for it; the name is null for this deployment's own. */
let trust: { readonly source: Source; readonly given: string | null } | null = null;
let asked = 0;
/** The run that the address names; null where it names none. */
const run = new URLSearchParams(location.search).get("run");

/**
 * Asks the bench, and shows what it says unless something newer has been asked. `adopt` notes on the page what the bench now
 * holds, and is not called when it was refused. Answers the refusal, if it is one.
 */
async function ask(request: BenchRequest, adopt: () => void = () => {}): Promise<Refusal | null> {
  const turn = ++asked;
  part("busy").hidden = false;
  const reply = await verifier.ask(request);
  if (turn === asked) part("busy").hidden = true;
  if (reply.ok) {
    adopt();
    if (turn === asked) show(reply.value);
    return null;
  }
  // With the worker its bench is gone; the next one starts from the keys that were in force.
  const gone = reply.refusal.code === "ERR_STOPPED" || reply.refusal.code === "ERR_VERIFIER";
  if (gone) {
    part("bench").hidden = true;
    part("bar").hidden = true;
    if (trust) void verifier.ask({ ask: "trust", source: trust.source });
  }
  return reply.refusal;
}

function show(sheet: Sheet): void {
  showTrust(sheet, trust?.given ?? null);
  const { judgement } = sheet;
  part("bench").hidden = !judgement;
  // With no chain on the bench, what was said of the one that could not be laid there stands.
  if (judgement || sheet.refusal) showRefusal("bundle-refusal", "Nothing can be judged yet.", sheet.refusal);
  if (judgement) {
    const keys = sheet.believesOwn ? "made here" : (trust?.given ?? null) === null ? "deployment" : "given";
    showVerdict(judgement, keys);
    showReceipts(sheet, (key) => void ask({ ask: "choose", key }));
    const place = sheet.keys.indexOf(sheet.chosen?.key ?? -1);
    showChosen(sheet.chosen, judgement.receipts[place], breakIt);
  }
  showBreaking(sheet);
}

const takeBundle: Take = (source, name) => void takeChain(source, name, null);

async function takeChain(source: Source, name: string, run: string | null): Promise<void> {
  const size = typeof source === "string" ? source.length : source.size;
  part("bundle-named").textContent = `${name} (${Math.ceil(size / 1024).toLocaleString("en")} KiB)`;
  part("bundle-zone").classList.remove("is-waiting");
  showRefusal("bundle-refusal", "", null);
  part("bench").hidden = true;
  part("bar").hidden = true;
  const refusal = await ask({ ask: "bundle", source, run });
  if (refusal) showRefusal("bundle-refusal", "This cannot be checked.", refusal);
}

/** Counts the choices of a trust policy: the last one stands, however long another takes to arrive. */
let trustChosen = 0;

const takeTrust: Take = async (source, name) => {
  trustChosen += 1;
  const refusal = await takePolicy(source, name);
  // The deployment's own may have come meanwhile, and was dropped for one that turns out to be none.
  if (refusal && !trust) await takeOwnTrust();
  showRefusal("trust-refusal", "The keys stay as they were.", refusal);
};

function takePolicy(source: Source, given: string | null): Promise<Refusal | null> {
  return ask({ ask: "trust", source }, () => {
    trust = { source, given };
  });
}

/** Believes this deployment's own trust policy, fetched now. */
async function takeOwnTrust(): Promise<void> {
  trustChosen += 1;
  const turn = trustChosen;
  const own = await fetchOwn(run === null ? TRUST_PATH : await findTrustPath(run));
  if (turn !== trustChosen) return;
  const refusal = own.ok ? await takePolicy(own.value, null) : own.refusal;
  showRefusal("trust-refusal", "This deployment’s own trust policy cannot be used.", refusal);
}

const takeOther: Take = async (source) => {
  showRefusal("other-refusal", "No receipt can be taken from that.", await ask({ ask: "other", source }));
};

async function fetchOther(run: string): Promise<void> {
  const bundle = await fetchOwn(bundlePath(run));
  if (bundle.ok) takeOther(bundle.value, run);
  else showRefusal("other-refusal", "That run cannot be had.", bundle.refusal);
}

async function breakIt(breakage: Breakage): Promise<void> {
  const refusal = await ask({ ask: "break", breakage });
  if (refusal) showRefusal("bundle-refusal", "That change cannot be made.", refusal);
}

/** With the last change its button disappears, and the focus goes where the next change would be made. */
async function goBack(how: "undo" | "restart"): Promise<void> {
  await ask({ ask: how });
  if (part("bar").hidden) part("break-title").focus({ preventScroll: true });
}

function onClick(id: string, work: () => void): void {
  part(id).addEventListener("click", work);
}

function wire(): void {
  takeFile("bundle-file", takeBundle);
  takeText("bundle-text", takeBundle);
  takeFile("trust-file", takeTrust);
  takeText("trust-text", takeTrust);
  takeFile("other-file", takeOther);
  takeDrops([
    { id: "bundle-zone", take: takeBundle },
    { id: "trust-zone", take: takeTrust },
    { id: "other-zone", take: takeOther },
  ]);
  onClick("trust-own", takeOwnTrust);
  onClick("other-fetch", () => void fetchOther(part("other-run", HTMLInputElement).value.trim()));
  onClick("stop", () => verifier.stop());
  for (const how of ["drop", "swap", "repeat", "splice"] as const) {
    onClick(how, () => void breakIt({ how, key: chosenKey() }));
  }
  onClick("resign", () => void breakIt({ how: "resign" }));
  onClick("believe-pinned", () => void ask({ ask: "believe", own: false }));
  onClick("believe-own", () => void ask({ ask: "believe", own: true }));
  onClick("undo", () => void goBack("undo"));
  onClick("restart", () => void goBack("restart"));
}

function chosenKey(): number {
  return Number(part("break").dataset.key);
}

async function fetchRun(run: string): Promise<void> {
  const bundle = await fetchOwn(bundlePath(run));
  if (!bundle.ok) return showRefusal("bundle-refusal", "That run cannot be had.", bundle.refusal);
  await takeChain(bundle.value, `${run}, fetched just now from ${location.origin}`, run);
  // A genuine receipt of another run is the most convincing thing to put in.
  const other = await findOtherRun(run);
  if (other !== null) await fetchOther(other);
}

wire();
part("waiting").hidden = true;
part("checker").hidden = false;
await takeOwnTrust();
if (run !== null) await fetchRun(run);
