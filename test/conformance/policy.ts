// The policy that most runs stand under, and the calls that it knows.
import type { Json } from "./json-edit.ts";

const entry = (connector: string, method: string, own: boolean, ...effects: readonly Json[]): Json => ({
  connector,
  method,
  own,
  effects,
});
const effect = (resource: string, before: string, after: string): Json => ({ resource, before, after });

/** Every form of template stands in one of these. `pager.page` stands in none, and is gated all the same. */
export const POLICY: Json = {
  version: 2,
  domain: "checkout",
  rule: "A human approves every write.",
  effects: [
    entry("repository", "write_file", true, effect("file:{+path}", "$before", "$content")),
    entry("repository", "delete_file", true, effect("file:{+path}", "$before", "absent")),
    entry(
      "repository",
      "move_file",
      true,
      effect("file:{+from}", "$before", "absent"),
      effect("file:{+to}", "absent", "$content"),
    ),
    entry("repository", "format_file", true, effect("file:{+path}", "unknown", "unknown")),
    entry("flags", "set", false, effect("flag:{flag}", "read", "$on")),
    entry(
      "database",
      "migrate",
      false,
      effect("table:{schema}/{table}", "unknown", "unknown"),
      effect("version:{schema}@{+to}", "$from", "$to"),
    ),
  ],
  free: [
    { connector: "browser", method: "run_checkout" },
    { connector: "repository", method: "read_file" },
  ],
  decisionSeconds: 900,
  revisions: 3,
  approvals: [{ role: "reviewer", count: 1 }],
  separateReviewer: false,
  reviewerKey: "optional",
  logged: "no",
};
