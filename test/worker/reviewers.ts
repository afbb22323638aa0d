// The reviewers of the tests' deployment, as its file lists them.
import type { ReviewerEntry } from "../../src/chain/index.ts";
import { passkeyOf } from "../engine/passkey.ts";

const always = { notBefore: null, notAfter: null };

/** Where the tests' pages are. */
const ORIGIN = "http://localhost:8787";

/** The passkeys of the two owners, and one that nobody lists. */
export const PASSKEYS = {
  "owner-1": passkeyOf("owner-1", ORIGIN),
  "owner-2": passkeyOf("owner-2", ORIGIN),
  nobody: passkeyOf("nobody", ORIGIN),
};

function reviewer(
  id: string,
  roles: readonly string[],
  keys: readonly (typeof PASSKEYS.nobody)[] = [],
): ReviewerEntry {
  return {
    id,
    roles: roles.map((role) => ({ role, ...always })),
    keys: keys.map(({ entry }) => entry),
  };
}

/** `carol` has two roles; everybody who is not listed has the one role `reviewer`. */
export const REVIEWERS: readonly ReviewerEntry[] = [
  reviewer("owner-1", ["owner"], [PASSKEYS["owner-1"]]),
  reviewer("owner-2", ["owner"], [PASSKEYS["owner-2"]]),
  reviewer("carol", ["owner", "reviewer"]),
];
