// Signs a decision with the reviewer's passkey before it is sent. The intent comes from the verifier, which builds it from the chain that it
// verified; where that is not the chain which this page shows, nothing is signed. Whatever goes wrong, nothing is sent and no word is lost.

import type { Assertion } from "./ceremony.ts";
import type { Intended, Meant } from "./intend.ts";
import { keepPasskey, ownPasskeys, type Passkey, passkeyTrouble } from "./own-passkeys.ts";
import { part } from "./page-part.ts";
import { fetchRun, shownReceipts, verifier } from "./verify-run.ts";

/** The form whose signature stands ready, while it is being sent. */
let signed: HTMLFormElement | null = null;
let busy = false;

/** Whether this form is being sent with its signature: that is about the proposal which it names, whatever has come in meanwhile. */
export function isSignedAlready(form: EventTarget | null): boolean {
  return form !== null && form === signed;
}

/** Listens for decisions that are to be signed. */
export function signDecisions(): void {
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (
      event.defaultPrevented ||
      !(form instanceof HTMLFormElement) ||
      !isSigned(form) ||
      isSignedAlready(form)
    )
      return;
    event.preventDefault();
    if (!busy && submitter instanceof HTMLButtonElement) void signAndSend(form, submitter);
  });
}

/** Whether the run asks for a signature of the reviewer's own on what this form decides, or the reviewer wants to give one. */
function isSigned(form: HTMLFormElement): boolean {
  if (!form.action.endsWith("/decision")) return false;
  const wanted = document.getElementById("sign");
  return (
    part("decision").dataset.key !== "optional" || (wanted instanceof HTMLInputElement && wanted.checked)
  );
}

async function signAndSend(form: HTMLFormElement, submitter: HTMLButtonElement): Promise<void> {
  busy = true;
  // What is being signed does not change meanwhile.
  form.inert = true;
  say("Waiting for your passkey …");
  const before = wordsOf(form, submitter);
  const assertion = await sign(before).catch((error: unknown) => trouble(String(error)));
  busy = false;
  form.inert = false;
  if (!assertion) return submitter.focus({ preventScroll: true });
  if (!form.isConnected || JSON.stringify(wordsOf(form, submitter)) !== JSON.stringify(before))
    return void trouble("the run moved on meanwhile; look again");
  say("");
  const add = ({ formData }: FormDataEvent) => formData.set("assertion", JSON.stringify(assertion));
  form.addEventListener("formdata", add, { once: true });
  signed = form;
  form.requestSubmit(submitter);
  signed = null;
  form.removeEventListener("formdata", add);
}

/** What a form says, as it is going to be sent. */
function wordsOf(form: HTMLFormElement, { value }: HTMLButtonElement) {
  const fields = [...new FormData(form)].map(([name, text]) => [name, String(text)] as const);
  return { decision: value as Meant["decision"], fields };
}

type Words = ReturnType<typeof wordsOf>;

async function sign({ decision, fields }: Words): Promise<Assertion | null> {
  const where = passkeyTrouble();
  if (where) return say(where.words, { instead: where.instead, terminal: true });
  const said = new Map(fields);
  const found = await fetchRun();
  if (!found.ok) return trouble(found.refusal.message);
  const { run, ...sources } = found.value;
  const { key = "optional", reviewer = "" } = part("decision").dataset;
  const [name, text] = fields.find(([field]) => field.startsWith("edit:")) ?? [];
  const json = said.get("edit") ?? null;
  const argument =
    name === undefined || text === undefined ? null : { name: name.slice("edit:".length), text: lines(text) };
  const meant: Meant = {
    run,
    decision,
    reason: lines(said.get("reason") ?? ""),
    reviewer,
    role: said.get("role") ?? "",
    edit: json === null && argument === null ? null : { json, argument },
    origin: location.origin,
    now: new Date().toISOString(),
  };
  const intended = await verifier.ask({ ask: "intend", ...sources, meant });
  if (!intended.ok) return trouble(intended.refusal.message);
  if (!isShown(intended.value, said.get("proposal")))
    return trouble(
      "the chain that this browser verified is not the one that this page shows; load the page again",
    );
  const passkeys = await keysFor(intended.value, key, reviewer);
  if (!passkeys) return null;
  const { signWith } = await ceremony();
  const made = await signWith(passkeys, intended.value.challenge);
  return made.ok ? made.value : trouble(made.refusal.message);
}

/** Whether every receipt on the page is the one that was verified, and the open proposal is the form's. */
function isShown({ receipts, proposal, preview }: Intended, ours: string | undefined): boolean {
  const shown = shownReceipts().map(({ dataset }) => dataset.digest);
  return (
    proposal === ours && shown.includes(preview) && shown.every((digest, seq) => digest === receipts[seq])
  );
}

/** The passkeys to ask for. Where nobody lists any, the one of this browser's own, made on the spot if need be. */
async function keysFor(
  { isListed, passkeys }: Intended,
  key: string,
  reviewer: string,
): Promise<readonly Passkey[] | null> {
  if (passkeys.length > 0) return passkeys;
  if (isListed || key !== "optional")
    return say("No passkey of yours is listed for this address. Make one, and have it listed.", {
      instead: "/enrol",
      terminal: true,
    });
  const own = ownPasskeys().filter(({ rpId }) => rpId === location.hostname);
  if (own.length > 0) return own;
  say("First make a passkey, then sign with it …");
  const { makePasskey } = await ceremony();
  const made = await makePasskey(reviewer, []);
  if (!made.ok) return trouble(made.refusal.message);
  keepPasskey(made.value);
  return [made.value];
}

function ceremony(): Promise<typeof import("./ceremony.ts")> {
  return import(new URL("./ceremony.js", import.meta.url).href);
}

function trouble(words: string): null {
  return say(`Nothing was signed or sent: ${words}.`);
}

/** Says so above the buttons. `instead` is an address to go to; `terminal` names the way that needs no browser. */
function say(words: string, more: { instead: string | null; terminal: boolean } | null = null): null {
  const note = part("new-proposal");
  note.hidden = words === "";
  note.replaceChildren(more ? "Nothing was signed or sent. " : "", words);
  if (more?.instead) {
    const link = document.createElement("a");
    link.href = more.instead;
    link.textContent = more.instead.startsWith("/") ? "Make a passkey" : `Open ${more.instead}`;
    note.append(" ", link, ".");
  }
  if (more?.terminal) {
    const command = document.createElement("code");
    command.textContent = `npx countersign-review ${location.origin}${location.pathname} --trust trust.json`;
    note.append(" Or sign in a terminal: ", command);
  }
  return null;
}

/** A form sends line breaks as CRLF; what is signed has them as one character. */
function lines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
