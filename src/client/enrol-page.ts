// The script of the enrol page: makes a passkey, remembers it in this browser, and prints the entry for the reviewers' file.

import { makePasskey } from "./ceremony.ts";
import { forgetPasskeys, keepPasskey, ownPasskeys, type Passkey, passkeyTrouble } from "./own-passkeys.ts";
import { link, part } from "./page-part.ts";

const form = part("enrol", HTMLFormElement);

const where = passkeyTrouble();
if (where) {
  tell(where.words);
  if (where.instead) part("trouble").append(" Open ", link(where.instead, where.instead), ".");
  part("make", HTMLButtonElement).disabled = true;
}
showOwn();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [reviewer, role] = ["reviewer", "role"].map((id) => part(id, HTMLInputElement).value.trim());
  if (!reviewer || !role) return tell("Say your id and your role.");
  form.inert = true;
  tell("");
  const made = await makePasskey(reviewer, ownPasskeys());
  form.inert = false;
  if (!made.ok) return tell(`No passkey was made: ${made.refusal.message}. Try again.`);
  keepPasskey(made.value);
  part("entry").textContent = JSON.stringify(entryOf(reviewer, role, made.value), null, 2);
  part("made").hidden = false;
  part("made-title").focus();
  showOwn();
});

part("copy").addEventListener("click", async () => {
  const copied = await navigator.clipboard?.writeText(part("entry").textContent ?? "").then(
    () => true,
    () => false,
  );
  part("copied").textContent = copied ? "Copied" : "Not copied: select the text instead";
});

part("forget").addEventListener("click", () => {
  forgetPasskeys();
  showOwn();
});

/** The reviewer as a trust policy lists them, with this one key. */
function entryOf(id: string, role: string, { credential, publicKey, rpId }: Passkey) {
  const always = { notBefore: null, notAfter: null };
  const key = { type: "webauthn", credential, publicKey, rpId, origins: [location.origin] };
  return { id, roles: [{ role, ...always }], keys: [{ ...key, ...always, revokedAt: null }] };
}

function tell(words: string): void {
  const place = part("trouble");
  place.hidden = words === "";
  place.textContent = words;
}

function showOwn(): void {
  const own = ownPasskeys();
  part("own").hidden = own.length === 0;
  const lines = own.map(({ credential, rpId }) => {
    const line = document.createElement("li");
    line.textContent = `${credential}, for ${rpId}`;
    return line;
  });
  part("own-keys").replaceChildren(...lines);
}
