// From a refusal to a page: the same status as the API gives, a title, and what to do next.
import type { Context } from "hono";
import type { Refusal } from "../../receipt/index.ts";
import { ErrorPage } from "../../view/error-page.tsx";
import { type ProblemCode, statusOf } from "../problem.ts";
import { htmlResponse } from "./html.ts";

/** Answers a refusal as a page; with a link to a run, where one is known to be there. */
export function errorPage(
  { code, message }: Refusal<ProblemCode>,
  more: Record<string, string> = {},
  run: string | null = null,
): Promise<Response> {
  const { title, next } = explain(code);
  const status = statusOf(code);
  const headers = code === "ERR_UNAVAILABLE" ? { "retry-after": "1", ...more } : more;
  const said = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  return htmlResponse(
    <ErrorPage status={status} code={code} title={title} message={said} next={next} run={run} />,
    status,
    headers,
  );
}

/** Answers that there is nothing at this address. */
export function notFoundPage(c: Context): Promise<Response> {
  return errorPage({ code: "ERR_NOT_FOUND", message: `there is nothing at ${c.req.path}` });
}

function explain(code: ProblemCode): { title: string; next: string } {
  switch (code) {
    case "ERR_NOT_FOUND":
      return { title: "Nothing here", next: "Check the address, or start from the desk." };
    case "ERR_RUN_UNKNOWN":
      return {
        title: "No such run",
        next: "A run’s address ends in “run-” and 24 hex digits. Check that you have all of it.",
      };
    case "ERR_KEY_MISSING":
    case "ERR_KEY_MALFORMED":
    case "ERR_KEYS_EQUAL":
    case "ERR_ISSUER_MISSING":
    case "ERR_RETIRED_KEYS":
    case "ERR_REVIEWERS":
    case "ERR_FORMER_ISSUERS":
      return {
        title: "This deployment cannot sign",
        next: "Without its name and three keys it starts no run and takes no decision. Its operator has to set them.",
      };
    case "ERR_CHAIN_CORRUPT":
      return {
        title: "This run’s chain is broken",
        next: "What is stored is not what was signed, or a key that does not count signed it. The run does nothing more. Fetch its bundle from the API: a verifier says what is wrong.",
      };
    case "ERR_ISSUER_UNLISTED":
      return {
        title: "This run was signed under a former name",
        next: "Nothing is lost, and the chain verifies. The operator has to list the former name. Until then, fetch the run’s bundle from the API.",
      };
    case "ERR_BINDING_MISSING":
      return {
        title: "This deployment lacks a binding",
        next: "It starts no run. Its operator has to add the binding and deploy again.",
      };
    case "ERR_RUN_GONE":
      return {
        title: "This run has been deleted",
        next: "If you kept its bundle, it still verifies with this deployment’s keys.",
      };
    case "ERR_RUN_VERSION":
      return {
        title: "An older version signed this run",
        next: "This version cannot open it. If you kept its bundle, the verifier of that version still checks it.",
      };
    case "ERR_AUTH_CONFIG":
    case "ERR_AUTH_KEYS":
      return {
        title: "Sign-in does not work here",
        next: "Until it does, no run starts and no decision is taken. The operator has to mend it.",
      };
    case "ERR_POLICY_CONFIG":
      return {
        title: "This deployment starts no runs",
        next: "Its policy cannot be read. Its operator has to mend the setting.",
      };
    case "ERR_PLANNER_CONFIG":
      return {
        title: "This deployment starts no runs",
        next: "Its agent is not set up right. Its operator has to mend the setting.",
      };
    case "ERR_MAY_NOT_DECIDE":
      return {
        title: "You may not decide here",
        next: "Nothing was signed. Your token starts runs; a decision needs a reviewer’s.",
      };
    case "ERR_TOO_MANY_STARTS":
      return {
        title: "Too many runs",
        next: "Nothing was started. Wait a minute, then try again.",
      };
    case "ERR_PARENT_INVALID":
      return {
        title: "That run’s chain does not verify",
        next: "Nothing was started: only a run whose chain verifies can be continued.",
      };
    case "ERR_PARENT_DOMAIN":
      return {
        title: "That run is of another domain",
        next: "Nothing was started: a run is continued only in its own domain.",
      };
    case "ERR_NOT_REVERTIBLE":
      return {
        title: "That cannot be undone here",
        next: "Nothing was started. Go back to the run and see what it changed.",
      };
    case "ERR_PARENT_UNFINISHED":
      return {
        title: "That run has not ended",
        next: "Nothing was started. Go back to it, and continue it once its handoff is signed.",
      };
    case "ERR_PARENT_TOO_LARGE":
      return {
        title: "That run’s history is too long",
        next: "Nothing was started: with all the runs before it, its bundle is too large. Start a new run.",
      };
    case "ERR_TRUSTED_ISSUERS":
      return {
        title: "This deployment cannot continue runs",
        next: "Its list of trusted issuers is malformed. Its operator has to mend it.",
      };
    case "ERR_CROSS_SITE":
      return {
        title: "That form came from elsewhere",
        next: "Nothing was started or signed. Open the run here and decide on its own page.",
      };
    case "ERR_QUERY":
      return { title: "No such list", next: "Go back to the desk and follow its links." };
    case "ERR_INDEX_UNAVAILABLE":
      return {
        title: "The list cannot be read now",
        next: "The runs go on without it, each at its own address. Load the page again in a moment.",
      };
    case "ERR_UNAVAILABLE":
      return { title: "The run is restarting", next: "Nothing is lost. Load the page again in a moment." };
    default:
      return statusOf(code) < 500
        ? {
            title: "That request cannot be used",
            next: "Nothing was started or signed. Go back and try again.",
          }
        : {
            title: "Something went wrong",
            next: "The fault is ours. Receipts that are signed are unharmed.",
          };
  }
}
