// Whether a deployment can work: `GET /healthz`. Each setting is read and each binding is tried, as a run would.
// Answers 200, or 503 with all that is missing or fails.
import type { Context } from "hono";
import type { Refusal } from "../receipt/index.ts";
import type { Env } from "../run/env.ts";
import { logFailure } from "../run/log.ts";
import { type BINDINGS, missingBinding } from "../run/ready.ts";
import { runIndexOf } from "../run/run-index-stub.ts";
import { loadSigningKeys } from "../run/signing-keys.ts";
import { inTime } from "../run/within.ts";
import { type ProblemCode, problem } from "./problem.ts";
import { settingsFaults } from "./settings.ts";

/** How long a binding may take, in milliseconds. */
const TRIED_WITHIN_MS = 5_000;

export async function getHealth(c: Context<{ Bindings: Env }>): Promise<Response> {
  const faults = [...settingsFaults(c.env), ...(await bindingFaults(c.env)), ...(await nameFaults(c.env))];
  const [first] = faults;
  if (!first) return Response.json({ keys: "loaded", storage: "reachable" });
  const message = faults.map(({ message }) => message).join("; ");
  return problem({ code: first.code, message }, c.req.path);
}

/** Tries of each binding, and what to say where one fails. */
const TRIES: Readonly<
  Record<keyof typeof BINDINGS, { readonly fails: string; readonly use: (env: Env) => Promise<boolean> }>
> = {
  RUN: {
    fails: "the storage of runs (the binding RUN) cannot be reached",
    // Any run's storage will do; this one is never started, so it leaves nothing behind.
    async use({ RUN }) {
      const answer = await RUN.getByName("healthz").view();
      return !answer.ok && answer.refusal.code === "ERR_RUN_UNKNOWN";
    },
  },
  INDEX: {
    fails: "the list of runs (the binding INDEX) cannot be read",
    use: async (env) => Array.isArray(await runIndexOf(env).issuers()),
  },
  LOADER: {
    fails:
      "no Dynamic Worker can be loaded (the binding LOADER); on Cloudflare that needs the Workers Paid plan",
    async use({ LOADER }) {
      // By a name, and not afresh each time: Cloudflare bills every Dynamic Worker that is loaded on a day.
      const worker = LOADER.get("healthz", () => ({
        compatibilityDate: "2026-10-01",
        mainModule: "healthz.js",
        modules: { "healthz.js": "export default { fetch: () => new Response(null, { status: 204 }) };" },
        globalOutbound: null,
        env: {},
      }));
      return (await worker.getEntrypoint().fetch("http://healthz/")).status === 204;
    },
  },
  ASSETS: {
    fails: "the pages' files (the binding ASSETS) cannot be had",
    async use({ ASSETS }) {
      const answer = await ASSETS.fetch("http://assets/build/run-page.js");
      await answer.body?.cancel();
      return answer.ok;
    },
  },
  START_LIMIT: {
    fails: "starts cannot be counted (the binding START_LIMIT)",
    async use({ START_LIMIT }) {
      // Of a share that no starter has.
      await START_LIMIT.limit({ key: "healthz" });
      return true;
    },
  },
};

async function bindingFaults(env: Env): Promise<Refusal<ProblemCode>[]> {
  const names = Object.keys(TRIES) as (keyof typeof TRIES)[];
  const tried = await Promise.all(names.map((name) => tryBinding(env, name)));
  return tried.filter((fault) => fault !== null);
}

async function tryBinding(env: Env, name: keyof typeof TRIES): Promise<Refusal<ProblemCode> | null> {
  const present: Partial<Env> = env;
  if (!present[name]) return { code: "ERR_BINDING_MISSING", message: missingBinding(name) };
  try {
    if (await inTime(TRIES[name].use(env), TRIED_WITHIN_MS)) return null;
  } catch (error) {
    logFailure("binding_failed", error, { binding: name });
  }
  return { code: "ERR_UNAVAILABLE", message: TRIES[name].fails };
}

/** Runs of the list that bear a name which the deployment no longer lists. An unreadable list is told of already. */
async function nameFaults(env: Env): Promise<Refusal<ProblemCode>[]> {
  const keys = loadSigningKeys(env);
  if (!keys.ok) return [];
  try {
    const issuers = await inTime(runIndexOf(env).issuers(), TRIED_WITHIN_MS);
    const message = unlistedNames(issuers, keys.value);
    return message === null ? [] : [{ code: "ERR_ISSUER_UNLISTED", message }];
  } catch {
    return [];
  }
}

/** What to say where runs bear names that the deployment does not list; null where none does. */
export function unlistedNames(
  issuers: readonly string[],
  { issuers: own, present }: { readonly issuers: ReadonlySet<string>; readonly present: string },
): string | null {
  const names = issuers.filter((issuer) => !own.has(issuer)).map((name) => JSON.stringify(name));
  if (names.length === 0) return null;
  return `runs that were signed under the name ${names.join(", ")} cannot be opened: ISSUER is ${JSON.stringify(present)}; with the former name in FORMER_ISSUERS they open again`;
}
