// What a deployment is given: variables and secrets, all texts; and what it names of its bindings. Each file states the slice it needs.
import type { LogApi } from "./log-api.ts";
import type { IndexApi, RunApi } from "./run-api.ts";

/** Variables and secrets: texts but for one, all of which may be missing. docs/operations.md says what each does. */
export interface Settings {
  readonly ISSUER?: string;
  readonly FORMER_ISSUERS?: string;
  readonly RETIRED_KEYS?: string;
  readonly TRUSTED_ISSUERS?: string;
  readonly DECISION_SECONDS?: string;
  readonly REVISIONS?: string;
  readonly APPROVALS?: string;
  readonly SEPARATE_REVIEWER?: string;
  readonly REVIEWER_KEY?: string;
  readonly LOGGED?: string;
  readonly RETENTION_DAYS?: string;
  readonly REVIEW_AUTH?: string;
  readonly WEBHOOK_URL?: string;
  readonly WEBHOOK_SECRET?: string;
  readonly AGENT_SIGNING_KEY?: string;
  readonly HUMAN_SIGNING_KEY?: string;
  readonly RUNTIME_SIGNING_KEY?: string;
  readonly PLANNER?: string;
  readonly PLANNER_MODEL?: string;
  readonly PLANNER_URL?: string;
  readonly PLANNER_KEY?: string;
  readonly PLANNER_CALLS?: string;
  readonly PLANNER_TOKENS?: string;
  readonly PLANNER_SECONDS?: string;
  readonly PLANNER_TRANSCRIPT?: string;
  /** Workers AI, where `PLANNER` asks for it: the one setting that is a binding. */
  readonly AI?: object;
  readonly LOG_SIGNING_KEY?: string;
  readonly WITNESSES?: string;
  readonly WITNESS_QUORUM?: string;
}

/** What a run itself needs of its Worker. */
export interface RunEnv extends Settings {
  readonly LOADER: WorkerLoader;
}

/** A Durable Object namespace, as far as runs are asked for by name. */
export interface Named<Api> {
  getByName(name: string): Api;
}

/**
 * An object of a namespace as its binding is typed: with every method of its interface. What they take and answer is the class's to
 * promise, for over RPC TypeScript takes a tuple for a list.
 */
export type Remote<Api> = { readonly [Method in keyof Api]: (...args: never[]) => unknown };

/** Where a Worker keeps its runs and their list, and who its reviewers are. `Env` is the Worker's. */
export interface Deployment<Env> {
  readonly runs: (env: Env) => Named<Remote<RunApi>>;
  readonly index: (env: Env) => Named<Remote<IndexApi>>;
  /** Where its log is, if it keeps one: it does once the secret LOG_SIGNING_KEY is set. */
  readonly log?: (env: Env) => Named<Remote<LogApi>>;
  /**
   * The reviewers with their roles and keys, parsed from a JSON file of the project. Entries are never removed, only given an end. A list
   * that is not of the form of docs/access.md starts no run, and /healthz says what is wrong with it.
   */
  readonly reviewers: unknown;
  /** The desk's button: its words, and the title of the alert that it raises. Left out, runs start only from outside. */
  readonly button?: { readonly words: string; readonly title: string };
}

let declared: Deployment<never> | null = null;

/** Declares this Worker's deployment. Called once, when its module is evaluated, and so before any object of it. */
export function declareDeployment<Env>(deployment: Deployment<Env>): void {
  declared = deployment;
}

function declaration(): Deployment<never> {
  if (declared) return declared;
  throw new Error("expected the Worker's module to export default countersign({ runs, index, reviewers })");
}

/** The desk's button, if this Worker declared one. */
export function declaredButton(): Deployment<never>["button"] | null {
  return declaration().button ?? null;
}

/** The reviewers whom this Worker declared; none where it declared nothing, as in a command that only looks at settings. */
export function declaredReviewers(): unknown {
  return declared ? declared.reviewers : [];
}

/**
 * Where this Worker keeps its runs and their list, for its own bindings.
 * @throws where one of these bindings is missing.
 */
export function deploymentOf(env: unknown): { readonly runs: Named<RunApi>; readonly index: IndexApi } {
  const { runs, index } = declaration();
  const [found, list] = [runs(env as never) as Named<RunApi>, index(env as never) as Named<IndexApi>];
  if (!found || !list) throw new Error("the binding of the runs or of their list is missing");
  return {
    runs: found,
    // At its use: a list that cannot be reached is another thing than one that is not bound.
    get index() {
      return list.getByName("runs");
    },
  };
}

/** The namespace of this Worker's log; null where it declares or binds none. */
export function logNamespace(env: unknown): Named<LogApi> | null {
  return (declaration().log?.(env as never) as Named<LogApi> | undefined) ?? null;
}
