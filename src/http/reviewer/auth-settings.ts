// Who may do what, from the deployment's variables. Nothing is guessed: a word that is missing or unknown, or a mode without
// what it needs, is refused by name, and whoever asks must then let nobody in.
import { accept, type Result, refuse } from "../../receipt/index.ts";
import type { EdgeSettings } from "../edge-env.ts";
import { readAccessAuth } from "./access-auth.ts";
import { VISITOR } from "./identity.ts";
import type { AuthCode, ReviewAuth } from "./review-auth.ts";
import { readTokenAuth } from "./token-auth.ts";

export interface AuthSettings {
  readonly auth: ReviewAuth;
  readonly readsAreProtected: boolean;
}

const OPEN: ReviewAuth = {
  mode: "open",
  challenge: "",
  identify: () => Promise.resolve(accept(VISITOR)),
};

const memo = new WeakMap<object, Result<AuthSettings, AuthCode>>();

/** Reads the settings, or says which variable is wrong and what it may be. */
export function loadAuthSettings(env: EdgeSettings): Result<AuthSettings, AuthCode> {
  const known = memo.get(env);
  if (known) return known;
  const settings = readAuthSettings(env);
  memo.set(env, settings);
  return settings;
}

/** Whether everyone may start runs and decide. Never so where the settings cannot be read. */
export function isOpenToAll(env: EdgeSettings): boolean {
  const settings = loadAuthSettings(env);
  return settings.ok && settings.value.auth.mode === "open";
}

function readAuthSettings(env: EdgeSettings): Result<AuthSettings, AuthCode> {
  const mode = oneOf(env, "REVIEW_AUTH", ["open", "token", "access"]);
  if (!mode.ok) return mode;
  const reads = oneOf(env, "READ_AUTH", ["public", "protected"]);
  if (!reads.ok) return reads;
  if (mode.value === "open" && reads.value === "protected") {
    return refuse(
      "ERR_AUTH_CONFIG",
      'READ_AUTH is "protected", but REVIEW_AUTH is "open" and lets everyone in',
    );
  }
  const auth = readMode(mode.value, env);
  return auth.ok ? accept({ auth: auth.value, readsAreProtected: reads.value === "protected" }) : auth;
}

function readMode(mode: ReviewAuth["mode"], env: EdgeSettings): Result<ReviewAuth, AuthCode> {
  switch (mode) {
    case "open":
      return accept(OPEN);
    case "token":
      return readTokenAuth(env);
    case "access":
      return readAccessAuth(env);
  }
}

function oneOf<Word extends string>(
  env: EdgeSettings,
  name: "REVIEW_AUTH" | "READ_AUTH",
  words: readonly Word[],
): Result<Word, AuthCode> {
  const set: string | undefined = env[name];
  const word = words.find((known) => known === set);
  if (word !== undefined) return accept(word);
  const wanted = words.map((known) => `"${known}"`).join(" or ");
  return refuse(
    "ERR_AUTH_CONFIG",
    `expected the variable ${name} to be ${wanted}, got ${set ? JSON.stringify(set) : "nothing"}`,
  );
}
