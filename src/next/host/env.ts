// What a deployment is given: variables and secrets, all texts; and what it names of its bindings. Each file states the slice it needs.
import type { ReviewerEntry } from "../chain/index.ts";
import type { IndexApi, RunApi } from "./run-api.ts";

/** Variables and secrets: texts, all of which may be missing. docs/operations.md says what each does. */
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
 * The methods of an API by their names. The types of stubs spell what crosses RPC otherwise (a tuple comes out as an array), so a
 * binding as `wrangler types` declares it is asked only whether it has them all.
 */
type MethodsOf<Api> = { readonly [Name in keyof Api]: unknown };

/** Where a Worker keeps its runs and their list, and who its reviewers are. `Env` is the Worker's. */
export interface Deployment<Env> {
  readonly runs: (env: Env) => Named<MethodsOf<RunApi>>;
  readonly index: (env: Env) => Named<MethodsOf<IndexApi>>;
  /** The reviewers with their roles and keys, from a file of the project. Entries are never removed, only given an end. */
  readonly reviewers: readonly ReviewerEntry[];
}

let declared: Deployment<never> | null = null;

/** Declares this Worker's deployment. Called once, when its module is evaluated, and so before any object of it. */
export function declareDeployment<Env>(deployment: Deployment<Env>): void {
  declared = deployment;
}

/** What this Worker declared, for its own bindings. */
export function deploymentOf(env: unknown): {
  readonly runs: Named<RunApi>;
  readonly index: IndexApi;
  readonly reviewers: readonly ReviewerEntry[];
} {
  if (!declared)
    throw new Error("expected the Worker's module to export default countersign({ runs, index, reviewers })");
  const { runs, index, reviewers } = declared;
  return {
    runs: runs(env as never) as Named<RunApi>,
    index: (index(env as never) as Named<IndexApi>).getByName("runs"),
    reviewers,
  };
}
