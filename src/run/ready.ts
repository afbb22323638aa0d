// Whether this deployment can work on a run at all. Asked before a run is begun: one that could get nowhere would be tried for ever.
import { type Result, refuse } from "../receipt/index.ts";
import type { Env } from "./env.ts";
import { type KeysCode, loadSigningKeys, type SigningKeys } from "./signing-keys.ts";

/** The bindings of wrangler.toml, and what a run needs each for. */
export const BINDINGS = {
  RUN: "each run is one of its objects",
  INDEX: "it is the list of runs",
  LOADER: "it runs generated code and the probed checkout",
  ASSETS: "it serves the pages' styles and scripts",
  START_LIMIT: "it counts starts",
} as const satisfies { readonly [Name in keyof Env]?: string };

/** What to say of a binding that is not there. */
export function missingBinding(name: keyof typeof BINDINGS): string {
  return `the binding ${name} is missing, and ${BINDINGS[name]}; wrangler.toml declares it`;
}

/** The deployment's keys, if it has them and all that a run works with. */
export function readyToStart(env: Env): Result<SigningKeys, KeysCode | "ERR_BINDING_MISSING"> {
  const present: Partial<Env> = env;
  for (const name of ["LOADER", "INDEX"] as const) {
    if (!present[name]) return refuse("ERR_BINDING_MISSING", missingBinding(name));
  }
  return loadSigningKeys(env);
}
