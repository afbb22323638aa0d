// The arguments of `review`: read whole before anything is opened or asked.
import { parseArgs } from "node:util";
import { plainText } from "./plain-text.ts";
import { isUrl } from "./read-source.ts";

/** What `--help` prints. */
export const USAGE = `usage: countersign-review <run URL> --trust <file> --key <file> [options]

  <run URL>          the run, by its page or by the API: https://…/runs/<run>
  --trust <file>     the trust policy to believe, a copy that you keep: it lists you, and your key
  --key <file>       the SSH key that signs: a private key, or a public one whose private key is in the agent or on a security key
  --role <role>      in which role, where you hold several of the run's
  --decision approve|reject|request-changes
                     decides without asking
  --reason <text>    why, or what to change, with --decision
  --help             print this

Fetches the run's bundle, verifies it under your trust policy, shows what it would change, asks, signs your decision with ssh-keygen,
sends it, and verifies that the chain holds it.

Where a deployment asks who you are, COUNTERSIGN_TOKEN=<origin>=<token> in the environment is sent to that origin, and nowhere else.

exit codes: 0 decided, and the chain holds it; 1 the chain is invalid; 2 unusable input, arguments or key, or nothing could be signed;
3 nothing was decided: you gave no decision, or none is due; 4 the decision is refused, by the rules or by the server`;

const NO_TRUST = `no trust policy is pinned: expected --trust <file>.
It says whose keys count, so it is a file that you keep, not what the server answers now. Get the deployment's
/.well-known/countersign.json in a way that you trust, keep it, and name it here.`;

/** The words for a decision on the command line, and in a receipt. */
export const DECISIONS = {
  approve: "approve",
  reject: "reject",
  "request-changes": "request_changes",
} as const;
/** One of {@link DECISIONS}. */
export type DecisionWord = keyof typeof DECISIONS;

/** The arguments, checked as far as that goes without opening anything. */
export interface Arguments {
  readonly origin: string;
  readonly run: string;
  readonly trust: string;
  readonly key: string;
  readonly role: string | undefined;
  readonly decision: DecisionWord | undefined;
  readonly reason: string | undefined;
}

/** The arguments; null when only help is asked for; or what is wrong with them, for a terminal. */
export function readArguments(argv: string[]): Arguments | string | null {
  try {
    return read(argv);
  } catch (error) {
    return plainText(error instanceof Error ? error.message : String(error));
  }
}

const TEXT = { type: "string" } as const;

function read(argv: string[]): Arguments | string | null {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      trust: TEXT,
      key: TEXT,
      role: TEXT,
      decision: TEXT,
      reason: TEXT,
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const [url, ...rest] = positionals;
  if (url === undefined || rest.length > 0) return `expected one run URL, got ${positionals.length}`;
  const { trust, key, role, decision, reason } = values;
  if (trust === undefined || isUrl(trust) || trust === "-") return NO_TRUST;
  if (key === undefined) return "expected --key <file>: the SSH key that signs the decision";
  if (decision !== undefined && !isDecision(decision)) {
    return plainText(`expected --decision approve, reject or request-changes, got ${decision}`);
  }
  if (reason !== undefined && decision === undefined) return "expected --reason only with --decision";
  if (decision === "request-changes" && !reason?.trim()) return "expected --reason to say what to change";
  return { ...readRun(url), trust, key, role, decision, reason };
}

/** True for one of {@link DECISIONS}. */
export function isDecision(word: string): word is DecisionWord {
  return Object.hasOwn(DECISIONS, word);
}

function readRun(text: string): { readonly origin: string; readonly run: string } {
  const url = isUrl(text) && URL.canParse(text) ? new URL(text) : null;
  const run = /^(?:\/api)?\/runs\/([\w-]{1,64})\/?$/.exec(url?.pathname ?? "")?.[1];
  if (url && run) return { origin: url.origin, run };
  throw new Error(`expected the URL of a run, such as https://countersign.example/runs/run-1, got ${text}`);
}
