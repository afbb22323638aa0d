// The reviewers of the tests' deployment, as its file lists them.
import type { ReviewerEntry } from "../../src/chain/index.ts";

const always = { notBefore: null, notAfter: null };

function reviewer(id: string, ...roles: string[]): ReviewerEntry {
  return { id, roles: roles.map((role) => ({ role, ...always })), keys: [] };
}

/** `carol` has two roles; everybody who is not listed has the one role `reviewer`. */
export const REVIEWERS: readonly ReviewerEntry[] = [
  reviewer("owner-1", "owner"),
  reviewer("owner-2", "owner"),
  reviewer("carol", "owner", "reviewer"),
];
