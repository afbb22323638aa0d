// One way to recognize people, and why somebody is not let through.
import type { Context } from "hono";
import type { Result } from "../../receipt/index.ts";
import type { Identity } from "./identity.ts";

/** Why a request is not let through, or why nobody's is. */
export type AuthCode =
  | "ERR_AUTH_CONFIG"
  | "ERR_AUTH_KEYS"
  | "ERR_SIGN_IN_REQUIRED"
  | "ERR_CREDENTIAL"
  | "ERR_MAY_NOT_DECIDE";

/** One way to recognize people. `challenge` is what a 401 says in `WWW-Authenticate`. */
export interface ReviewAuth {
  readonly mode: "open" | "token" | "access";
  readonly challenge: string;
  /** Who sends this request: null without any credential; a refusal for one that is not good. */
  identify(c: Context): Promise<Result<Identity | null, AuthCode>>;
}
