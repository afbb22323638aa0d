// What the stories are about: a source before and after, a script, and effects on them.
import type { Json } from "../../src/domain/index.ts";
import type { ToldArtifact, ToldEffect } from "../../src/host/run-story.ts";
import { canonicalBytes, type Digest, digestOf } from "../../src/receipt/index.ts";

export const RUN = "run-840ab3c1d2e3f405162738ab";
const START = Date.parse("2026-11-29T07:52:25.071Z");

export const digest = (of: Json): Digest => digestOf(canonicalBytes(of));
/** An instant so many milliseconds after the alert. */
export const at = (ms: number) => new Date(START + ms).toISOString();

export function artifact(text: string): ToldArtifact {
  return { digest: digest(text), bytes: text.length, text };
}

export const BEFORE = `import { json } from "./http.js";
import { total } from "./pricing.js";

export async function checkout(session, request) {
  const cart = session.cart;
  if (cart.items.length === 0) {
    return json(400, { error: "cart_empty" });
  }
  return json(200, { total: total(cart.items) });
}
`;
export const GUARD = `  if (cart?.items === undefined) {
    return json(400, {
      error: "cart_missing",
      message: "This session has no cart any more. Start a new cart, then try again.",
    });
  }
`;
export const AFTER = BEFORE.replace("  if (cart.items.length", `${GUARD}  if (cart.items.length`);

export const CODE = `async () => {
  const path = "src/checkout.js";
  const { content, digest } = await repository.read_file({ path });
  const anchor = "  if (cart.items.length === 0) {";
  const parts = content.split(anchor);
  if (parts.length !== 2) throw new Error("The line is not where it was");
  const patched = parts.join(GUARD + anchor);
  if (patched === content) throw new Error("The patch changes nothing");
  return await repository.write_file({ path, content: patched, before: digest });
}`;

export function textEffect(resource: string, before: string | null, after: string | null): ToldEffect {
  return { resource, before: side(before), after: side(after) };
}

export function side(value: Json): ToldEffect["before"] {
  return { digest: value === null ? null : digest(value), value };
}
