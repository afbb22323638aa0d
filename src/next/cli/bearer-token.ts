// The token that reads protected bundles. It may also decide runs, so it goes to the one origin it was given for, and never in clear.
import { accept, type Result, refuse } from "../receipt/index.ts";

/** The variable of the environment that holds the token, behind the origin that it is for. */
export const TOKEN_VARIABLE = "COUNTERSIGN_TOKEN";

/** A token and the one origin that it may be sent to. */
export interface BearerToken {
  readonly origin: string;
  readonly token: string;
}

const FORM = `expected ${TOKEN_VARIABLE} as <origin>=<token>, for example https://countersign.example=…`;

/**
 * Reads `<origin>=<token>`; nothing, for nothing. The origin is https, or http on this very machine. A refusal never repeats the
 * value: what is in the wrong place there may be the token.
 */
export function readBearerToken(value: string | undefined): Result<BearerToken | null, "ERR_TOKEN"> {
  if (!value) return accept(null);
  const end = value.indexOf("=");
  const origin = value.slice(0, Math.max(0, end));
  const url = URL.canParse(origin) ? new URL(origin) : null;
  // An origin and nothing else: a path would promise that only what is below it gets the token.
  if (!url || url.href !== `${url.origin}/`) return refuse("ERR_TOKEN", FORM);
  if (!isPrivate(url)) {
    return refuse("ERR_TOKEN", `${FORM}; the origin must be https, or http on localhost`);
  }
  const token = value.slice(end + 1);
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return refuse("ERR_TOKEN", `${FORM}; the token must be visible ASCII without white space`);
  }
  return accept({ origin: url.origin, token });
}

/** True where nobody on the way can read along. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && LOCAL.includes(hostname));
}

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];
