// `npm run deploy -- --issuer https://…`: keys, checks and deployment in one go. Nothing is sent before everything is there, keys that
// the Worker has are kept, and no secret is printed. Exits 0 when the deployment works, 1 when it does not, 2 when something is missing.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { askHealth } from "./deployment/ask-health.ts";
import { makePlan, type Plan } from "./deployment/plan.ts";
import { isLoggedIn, run, secretNames } from "./deployment/wrangler.ts";

const USAGE = `usage: npm run deploy -- --issuer https://<your Worker's address> [options]

  --issuer <address>   names the deployment in every chain it signs; not needed where wrangler.toml has it in ISSUER
  --secrets <file>     JSON of secrets to set, by name (secrets.json). Keys that the Worker has are kept, whatever stands there;
                       keys that are nowhere are made, and written there
  --wait <seconds>     how long the deployment may take to answer (60)
  --dry-run            checks and builds, and says what would be done; asks Cloudflare nothing
  --help               print this`;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const options = readOptions(argv);
  if (typeof options === "string") return tell(`${options}\n\n${USAGE}`, 2);
  if (options.help) return tell(USAGE, 0);
  const file = readSecrets(options.secrets);
  if (typeof file === "string") return tell(file, 2);
  const isDry = options["dry-run"];
  const remote = isDry ? null : readRemote();
  const issuer = options.issuer ?? null;
  // Takes a second to load: not before the options are known to be right.
  const { experimental_readRawConfig } = await import("wrangler");
  const { rawConfig } = experimental_readRawConfig({ config: "wrangler.toml" });
  const known = remote instanceof Set ? remote : null;
  const { plan, missing } = makePlan(rawConfig, { issuer, file, remote: known });
  const lacks = [...missing, ...(typeof remote === "string" ? [remote] : [])];
  if (lacks.length > 0)
    return tell(["Nothing was deployed. Missing:", ...lacks.map((lack) => `- ${lack}`)].join("\n"), 2);
  console.log(describe(plan, options.secrets, isDry));
  if (!run(["deploy", "--dry-run", "--var", `ISSUER:${plan.issuer}`]))
    return tell("Nothing was deployed: it does not build.", 1);
  if (isDry) return 0;
  return deploy(plan, file, options);
}

async function deploy(
  { issuer, fromFile, fresh }: Plan,
  file: Readonly<Record<string, string>>,
  { secrets, wait }: { readonly secrets: string; readonly wait: string },
): Promise<number> {
  // Kept first: whatever happens on the way, keys that were sent are not lost.
  if (Object.keys(fresh).length > 0) writeSecrets(secrets, { ...file, ...fresh });
  const sent = { ...Object.fromEntries(fromFile.map((name) => [name, file[name]])), ...fresh };
  const folder = mkdtempSync(join(tmpdir(), "countersign-deploy-"));
  try {
    const path = join(folder, "secrets.json");
    writeSecrets(path, sent);
    const withSecrets = Object.keys(sent).length > 0 ? ["--secrets-file", path] : [];
    if (!run(["deploy", "--var", `ISSUER:${issuer}`, ...withSecrets])) return tell("It was not deployed.", 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (existsSync(secrets)) {
    console.log(
      `${secrets} holds secrets that Cloudflare never shows again: put it where nobody finds it, or delete it.`,
    );
  }
  const wrong = await askHealth(issuer, Number(wait));
  return wrong === null
    ? tell(`${issuer} works.`, 0)
    : tell(`It is deployed, and does not work as it is: ${wrong}`, 1);
}

function readOptions(argv: string[]) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        issuer: { type: "string" },
        secrets: { type: "string", default: "secrets.json" },
        wait: { type: "string", default: "60" },
        "dry-run": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return /^\d+$/.test(values.wait)
      ? values
      : `expected --wait to be a number of seconds, got ${values.wait}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The file's secrets; none where there is no file. A text says what is wrong with it, and repeats nothing of it. */
function readSecrets(path: string): Readonly<Record<string, string>> | string {
  if (!existsSync(path)) return {};
  const wanted = `expected ${path} to be a JSON object of secrets, each a text by its name`;
  try {
    const parsed = z.record(z.string(), z.string()).safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : wanted;
  } catch {
    return wanted;
  }
}

function writeSecrets(path: string, secrets: Readonly<Record<string, string | undefined>>): void {
  writeFileSync(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
}

/** The names of the secrets that the Worker has, or what is missing to know them. */
function readRemote(): ReadonlySet<string> | string {
  if (isLoggedIn()) return secretNames();
  return "nobody is logged in to Cloudflare: npx wrangler login, or set CLOUDFLARE_API_TOKEN";
}

function describe({ issuer, kept, fromFile, fresh }: Plan, secrets: string, isDry: boolean): string {
  const list = (names: readonly string[]) => names.join(", ") || "none";
  const made = list(Object.keys(fresh));
  const keys = isDry
    ? [
        `Cloudflare was not asked what secrets the Worker has. Of these keys it would keep its own, and be given new ones: ${made}.`,
      ]
    : [`Keys that the Worker keeps: ${list(kept)}.`, `Keys made afresh, and written to ${secrets}: ${made}.`];
  return [`Deploys as ${issuer}.`, ...keys, `Set from ${secrets}: ${list(fromFile)}.`].join("\n");
}

/** Says it, where a failure is looked for, and gives the exit code back. */
function tell(words: string, code: number): number {
  if (code === 0) console.log(words);
  else console.error(words);
  return code;
}
