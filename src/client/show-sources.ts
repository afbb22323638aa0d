// Says what is being checked, under whose keys, what that means, and why something handed in could not be used.

import type { Refusal } from "../receipt/refusal.ts";
import { code, part, stamp } from "./page-part.ts";
import type { Sheet } from "./verifier-protocol.ts";

/** Shows whose keys count. `given` is the name of the visitor's own trust policy, null when it is this deployment's. */
export function showTrust({ trust, judgement, issuer, believesOwn }: Sheet, given: string | null): void {
  if (!trust) return;
  part("trust-keys").hidden = believesOwn;
  if (believesOwn) {
    part("trust-named").textContent = "For the moment three keys made in this tab, and no other.";
    part("trust-meaning").textContent =
      "Anybody can do that. Under “Sign all of it again” you go back to the pinned ones.";
    return;
  }
  const keys = trust.count === 1 ? "The 1 key" : `The ${trust.count} keys`;
  const from = given === null ? `${location.origin}/.well-known/countersign.json` : given;
  part("trust-named").replaceChildren(
    `${keys} that `,
    code(from),
    " lists for ",
    code(trust.issuer),
    ", and no other.",
  );
  part("trust-meaning").textContent =
    given === null
      ? "Fetched when this page loaded: this deployment’s own word on its keys. Good for seeing what was altered, not against a deployment that lies. Keep a copy, and use that."
      : "Your own copy. Only these keys count now; what this deployment says of its keys does not.";
  const foreign = judgement?.verdict === "invalid" && issuer !== null && issuer !== trust.issuer;
  if (foreign) {
    part("trust-meaning").textContent +=
      ` The chain says that it is of ${issuer}: if you mean to trust that deployment, give its trust policy here.`;
  }
  part("trust-keys").replaceChildren(
    ...trust.keys.map(({ kid, role, limits }) => {
      const { root, slot } = stamp("key");
      slot("seal").replaceChildren(stamp(`seal-${role}`).root);
      slot("role").textContent = role;
      slot("kid").textContent = `${kid.slice(0, 12)}…`;
      slot("kid").title = kid;
      slot("limits").textContent = limits ?? "";
      return root;
    }),
  );
  part("trust-own").hidden = given === null;
}

/** What to do about input that could not be used. */
const ADVICE: Readonly<Record<string, string>> = {
  ERR_DOCUMENT:
    "A bundle or trust policy is one JSON document, and no object in it has a name twice. Is it all there?",
  ERR_BUNDLE: "A run’s page offers its bundle, under “Check it yourself”.",
  ERR_TRUST_POLICY: "A deployment publishes its trust policy at /.well-known/countersign.json.",
  ERR_UNREADABLE: "It is not what a deployment would hand out.",
  ERR_FETCH: "Check the id, or drop the file here instead.",
  ERR_STOPPED: "Nothing was judged.",
  ERR_VERIFIER: "Nothing was judged. Load the page again, or use the command line below.",
};

/** Says why something could not be used; null takes back what was said before. */
export function showRefusal(id: string, title: string, refusal: Refusal | null): void {
  const place = part(id);
  place.hidden = refusal === null;
  place.replaceChildren();
  if (!refusal) return;
  const sentence = document.createElement("p");
  const bold = document.createElement("b");
  bold.textContent = title;
  sentence.append(bold, ` ${refusal.message.charAt(0).toUpperCase()}${refusal.message.slice(1, 400)}.`);
  const advice = document.createElement("p");
  advice.append(ADVICE[refusal.code] ?? "", " ", code(refusal.code));
  place.append(sentence, advice);
}
