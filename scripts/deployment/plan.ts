// What a deployment needs and what it would do, from the configuration, the secrets at hand and those that the Worker has. Pure: asks
// nobody, and prints nothing.
import { randomBytes } from "node:crypto";
import type { Settings } from "../../src/host/env.ts";
import { SECRET_OF } from "../../src/host/signing-keys.ts";
import { settingsFaults } from "../../src/http/settings.ts";
import { type DurableObjectConfig, unmigratedBindings } from "./unmigrated.ts";

export interface Config extends DurableObjectConfig {
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  readonly ai?: unknown;
}

export interface Asked {
  /** `--issuer`; null where it was not given. */
  readonly issuer: string | null;
  /** Secrets of the file, by name. */
  readonly file: Readonly<Record<string, string>>;
  /** Names of the secrets that the Worker has; null where nobody has asked. A Worker that is not there has none. */
  readonly remote: ReadonlySet<string> | null;
}

export interface Plan {
  readonly issuer: string;
  /** Signing keys that the Worker has. Whatever the file says of them is left there. */
  readonly kept: readonly string[];
  /** Secrets of the file that are set. */
  readonly fromFile: readonly string[];
  /** Signing keys that are nowhere yet, fresh. */
  readonly fresh: Readonly<Record<string, string>>;
}

const KEYS: readonly string[] = Object.values(SECRET_OF);

/** The plan, and everything that is in its way. */
export function makePlan(
  config: Config,
  { issuer: asked, file, remote }: Asked,
): { plan: Plan; missing: string[] } {
  const vars = Object.fromEntries(
    Object.entries(config.vars ?? {}).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as const] : [],
    ),
  );
  const issuer = readIssuer(asked ?? vars.ISSUER ?? "");
  const kept = KEYS.filter((name) => remote?.has(name));
  const fromFile = Object.keys(file).filter((name) => !kept.includes(name));
  const lacking = KEYS.filter((name) => !kept.includes(name) && !Object.hasOwn(file, name));
  const fresh = Object.fromEntries(lacking.map((name) => [name, randomBytes(32).toString("base64url")]));
  const plan = { issuer: issuer ?? "", kept, fromFile, fresh };
  const settings: Settings = {
    ...vars,
    ...standIns(remote),
    ...Object.fromEntries(fromFile.map((name) => [name, file[name]])),
    ...fresh,
    ...(config.ai !== undefined && { AI: {} }),
    ISSUER: plan.issuer || "https://not.given.example",
  };
  const missing = [
    ...(issuer === null ? [`${NO_ISSUER}, got ${asked ?? vars.ISSUER ?? "nothing"}`] : []),
    ...unmigratedBindings(config),
    ...settingsFaults(settings).map(({ message }) => message),
  ];
  return { plan, missing };
}

const NO_ISSUER =
  "expected --issuer https://<your Worker's address>, or ISSUER in wrangler.toml: it names the deployment in every chain";

/** An https origin, without the slash at its end; null for anything else. Chains of localhost would be of nobody. */
function readIssuer(text: string): string | null {
  const url = URL.parse(text);
  if (url?.protocol !== "https:" || url.hostname === "localhost") return null;
  return text.replace(/\/$/, "") === url.origin ? url.origin : null;
}

/** Sound values in place of the secrets that the Worker has, for nobody can read those, or may have, where nobody asked. */
function standIns(remote: ReadonlySet<string> | null): Settings {
  const sound: Readonly<Record<string, () => string>> = {
    REVIEWER_TOKENS: () => JSON.stringify([{ id: "somebody", sha256: randomBytes(32).toString("hex") }]),
    WEBHOOK_SECRET: () => `whsec_${randomBytes(24).toString("base64")}`,
  };
  for (const name of KEYS) Object.assign(sound, { [name]: () => randomBytes(32).toString("base64url") });
  return Object.fromEntries(
    Object.entries(sound).flatMap(([name, make]) => (remote?.has(name) === false ? [] : [[name, make()]])),
  );
}
