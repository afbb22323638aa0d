// The arguments of `verify`: read whole before anything is opened, and refused where they could be meant in two ways.
import { parseArgs } from "node:util";
import type { Requirements, VerifyOptions } from "../chain/index.ts";
import type { Digest } from "../receipt/index.ts";
import { plainText } from "./plain-text.ts";

/** What `--help` prints. */
export const USAGE = `usage: countersign-verify <bundle> --trust <policy> [options]

  <bundle>             a file, an http(s) URL, or - for standard input
  --trust <policy>     the trust policy to believe, a file or URL: a deployment's /.well-known/countersign.json, kept by you
  --expect-run <run>   the run that the bundle must be of
  --expect-head <seq>:<digest>
                       a receipt that the chain must have: the head as you noted it before, and its place, counted from 0
  --require executed|resolved
                       what must have come of the run: that a call was executed, or that its outcome is resolved
  --require-action <digest>
                       the call that must have been executed, by the digest of its action
  --require-call <connector.method>
                       a call of this name must have been executed. Requirements may be repeated; all must be met
  --follow             also verify the run that this one continues, and so on to the first; further --trust name the policies
                       of their issuers, if they are others. What is expected and required is of the newest run
  --parent <bundle>    with --follow: a parent's bundle as you hold it, to be compared with the one inside; may be repeated
  --allow-incomplete   exit 0 for a chain that verifies but is still open
  --json               print the report as JSON, and nothing else
  --help               print this

Where a deployment protects reading, COUNTERSIGN_TOKEN=<origin>=<token> in the environment is sent with the URLs of bundles
of that origin, and nowhere else. The origin is https://…, or http://localhost:<port>.

exit codes: 0 valid, 1 invalid, 2 unusable input or arguments, 3 incomplete, 4 a requirement is not met (before 3);
2 also when the report could not be written. A valid chain may be of a rejected run: its last line says so, --require asks for more`;

const NO_TRUST = `no trust policy is pinned: expected --trust <file or URL>.
Without one nothing is ever valid, for a key inside a bundle is only a hint. Get the issuer's /.well-known/countersign.json in a
way that you trust, keep it, and name it here.`;

/** The arguments, checked as far as that goes without opening anything. */
export interface Arguments {
  readonly bundle: string;
  readonly trust: readonly string[];
  readonly parents: readonly string[];
  readonly follow: boolean;
  readonly json: boolean;
  readonly allowIncomplete: boolean;
  readonly options: VerifyOptions;
}

/** The arguments; null when only help is asked for; or what is wrong with them, for a terminal. */
export function readArguments(argv: string[]): Arguments | string | null {
  try {
    return read(argv);
  } catch (error) {
    return plainText(error instanceof Error ? error.message : String(error));
  }
}

const LIST = { type: "string", multiple: true, default: [] as string[] } as const;
const SWITCH = { type: "boolean", default: false } as const;

function read(argv: string[]): Arguments | string | null {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      trust: LIST,
      parent: LIST,
      "expect-run": LIST,
      "expect-head": LIST,
      require: LIST,
      "require-action": LIST,
      "require-call": LIST,
      follow: SWITCH,
      "allow-incomplete": SWITCH,
      json: SWITCH,
      help: SWITCH,
    },
  });
  if (values.help) return null;
  const [bundle, ...rest] = positionals;
  if (bundle === undefined || rest.length > 0) return `expected one bundle, got ${positionals.length}`;
  const { trust, follow, parent, json } = values;
  if (trust.length === 0) return NO_TRUST;
  if (!follow && trust.length > 1) return "expected one --trust; more than one goes with --follow";
  if (!follow && parent.length > 0) return "expected --parent only with --follow";
  const run = atMostOne(values["expect-run"], "--expect-run");
  const head = atMostOne(values["expect-head"], "--expect-head");
  const results = values.require.map(readResult);
  const require: Requirements = {
    executed: results.includes("executed"),
    resolved: results.includes("resolved"),
    actions: values["require-action"].map((text) => readDigest(text, "--require-action <digest>")),
    calls: values["require-call"].map(readCall),
  };
  const options = {
    ...(run !== undefined && { run }),
    ...(head !== undefined && { head: readHead(head) }),
    require,
  };
  return {
    bundle,
    trust,
    parents: parent,
    follow,
    json,
    allowIncomplete: values["allow-incomplete"],
    options,
  };
}

/** The last of two would win unseen: whoever expects two things may not be told that one of them holds. */
function atMostOne([value, ...others]: readonly string[], flag: string): string | undefined {
  if (others.length > 0) throw new Error(`expected ${flag} once, got it ${others.length + 1} times`);
  return value;
}

function readHead(text: string): NonNullable<VerifyOptions["head"]> {
  const form = "--expect-head <seq>:<digest>";
  const end = text.indexOf(":");
  const seq = text.slice(0, Math.max(0, end));
  if (!/^(0|[1-9]\d{0,8})$/.test(seq)) {
    throw new Error(`expected ${form}, such as 7:sha256:…, got ${JSON.stringify(text)}`);
  }
  return { seq: Number(seq), digest: readDigest(text.slice(end + 1), form) };
}

function readDigest(text: string, form: string): Digest {
  if (isDigest(text)) return text;
  throw new Error(`expected ${form} with sha256: and 64 lower-case hex digits, got ${JSON.stringify(text)}`);
}

function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

function readResult(text: string): "executed" | "resolved" {
  if (text === "executed" || text === "resolved") return text;
  throw new Error(`expected --require executed or --require resolved, got ${JSON.stringify(text)}`);
}

function readCall(call: string): string {
  if (/^.+\..+$/s.test(call)) return call;
  throw new Error(`expected --require-call <connector.method>, got ${JSON.stringify(call)}`);
}
