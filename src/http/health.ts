// Whether a deployment can work: `GET /healthz`. Each setting is read and each binding is tried, as a run would.
// Answers 200, or 503 with all that is missing or fails.
import { deploymentOf, inTime, loadSigningKeys, logFailure, logNamespace, logOf } from "../host/index.ts";
import type { Refusal } from "../receipt/index.ts";
import type { Ctx, EdgeEnv } from "./edge-env.ts";
import { type ProblemCode, problem } from "./problem.ts";
import { settingsFaults } from "./settings.ts";

/** How long a binding may take, in milliseconds. */
const TRIED_WITHIN_MS = 5_000;

export async function getHealth(c: Ctx): Promise<Response> {
  const faults = [...settingsFaults(c.env), ...(await bindingFaults(c.env)), ...(await nameFaults(c.env))];
  const [first] = faults;
  if (!first) return Response.json({ keys: "loaded", storage: "reachable" });
  const message = [...new Set(faults.map(({ message }) => message))].join("; ");
  return problem({ code: first.code, message }, c.req.path);
}

/** What to say of a binding that is not there. */
export const MISSING = {
  runs: missing("of the runs or of their list", "runs are kept in one and listed in the other"),
  index: missing("of the runs or of their list", "runs are kept in one and listed in the other"),
  LOADER: missing("LOADER", "it runs generated code"),
  ASSETS: missing("ASSETS", "it serves the pages' styles and scripts"),
  START_LIMIT: missing("START_LIMIT", "it counts starts"),
  log: missing("of the log", "LOG_SIGNING_KEY is set"),
} as const;
type Part = keyof typeof MISSING;

function missing(name: string, use: string): string {
  return `the binding ${name} is missing, and ${use}; the wrangler configuration declares it`;
}

/** Tries of each binding, and what to say where one fails. */
const TRIES: Readonly<
  Record<Part, { readonly fails: string; readonly use: (env: EdgeEnv) => Promise<boolean> }>
> = {
  runs: {
    fails: "the storage of runs cannot be reached",
    // Any run's storage will do; this one is never started, so it leaves nothing behind.
    async use(env) {
      const answer = await deploymentOf(env).runs.getByName("healthz").view();
      return !answer.ok && answer.refusal.code === "ERR_RUN_UNKNOWN";
    },
  },
  index: {
    fails: "the list of runs cannot be read",
    use: async (env) => Array.isArray(await deploymentOf(env).index.issuers()),
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
      const answer = await ASSETS.fetch("http://assets/build/countersign.css");
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
  log: {
    fails: "the log cannot be read",
    async use(env) {
      await logOf(env)?.checkpoint();
      return true;
    },
  },
};

async function bindingFaults(env: EdgeEnv): Promise<Refusal<ProblemCode>[]> {
  const names = Object.keys(TRIES) as Part[];
  const tried = await Promise.all(names.map((name) => tryBinding(env, name)));
  return tried.filter((fault) => fault !== null);
}

/** The bindings that are not there, each told once. */
export function missingParts(env: EdgeEnv): Refusal<ProblemCode>[] {
  const names = Object.keys(TRIES) as Part[];
  const words = names.filter((name) => !isThere(env, name)).map((name) => MISSING[name]);
  return [...new Set(words)].map((message) => ({ code: "ERR_BINDING_MISSING", message }));
}

async function tryBinding(env: EdgeEnv, name: Part): Promise<Refusal<ProblemCode> | null> {
  if (!isThere(env, name)) return { code: "ERR_BINDING_MISSING", message: MISSING[name] };
  try {
    if (await inTime(name, TRIED_WITHIN_MS, () => TRIES[name].use(env))) return null;
  } catch (error) {
    logFailure("binding_failed", error, { binding: name });
  }
  return { code: "ERR_UNAVAILABLE", message: TRIES[name].fails };
}

function isThere(env: EdgeEnv, name: Part): boolean {
  const present: Partial<EdgeEnv> = env;
  if (name === "log") return !env.LOG_SIGNING_KEY || logNamespace(env) !== null;
  if (name !== "runs" && name !== "index") return Boolean(present[name]);
  try {
    deploymentOf(env);
    return true;
  } catch {
    return false;
  }
}

/** Runs of the list that bear a name which the deployment no longer lists. An unreadable list is told of already. */
async function nameFaults(env: EdgeEnv): Promise<Refusal<ProblemCode>[]> {
  const keys = loadSigningKeys(env);
  if (!keys.ok) return [];
  try {
    const issuers = await inTime("the list", TRIED_WITHIN_MS, () => deploymentOf(env).index.issuers());
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
