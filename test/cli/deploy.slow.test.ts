// `npm run deploy` as somebody calls it who has an account, somebody who has none, and somebody who has forgotten something. What needs
// Cloudflare is answered by a stand-in; the configuration, the checks and the build are the real ones.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { experimental_readRawConfig } from "wrangler";
import { makePlan } from "../../scripts/deployment/plan.ts";
import { makeProgramFolder } from "./run-cli.ts";

const KEYS = ["AGENT_SIGNING_KEY", "HUMAN_SIGNING_KEY", "RUNTIME_SIGNING_KEY"];
/** Nobody is there. */
const ISSUER = "https://countersign.invalid";
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;

interface Call {
  readonly args: readonly string[];
  readonly secrets: Readonly<Record<string, string>> | null;
}

/** Runs it with the stand-in before the real wrangler, and a file of secrets. */
function deploy(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { folder = makeProgramFolder(), file }: { folder?: string; file?: object } = {},
) {
  const stand = join(folder, "wrangler");
  copyFileSync("test/cli/wrangler-stand-in.mjs", stand);
  chmodSync(stand, 0o755);
  const path = join(folder, "secrets.json");
  if (file) writeFileSync(path, JSON.stringify(file));
  const calls = join(folder, "calls");
  writeFileSync(calls, "");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["scripts/deploy.ts", "--secrets", path, "--wait", "0", ...args],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${folder}${delimiter}${process.env.PATH}`,
        CALLS: calls,
        REAL_WRANGLER: resolve("node_modules/.bin/wrangler"),
        ...env,
      },
    },
  );
  const made = readFileSync(calls, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line): Call => JSON.parse(line));
  const sent = made.filter(
    ({ args: [command, ...rest] }) => command === "deploy" && !rest.includes("--dry-run"),
  );
  return { status, said: stdout + stderr, calls: made, sent, path, folder };
}

const ACCOUNT = { LOGGED_IN: "yes" };

describe("npm run deploy", () => {
  it("makes keys for a Worker that is not there yet, keeps them, and sends them with it", () => {
    const { status, said, sent, path, folder } = deploy(["--issuer", `${ISSUER}/`], ACCOUNT);
    expect(said).toContain(`Deploys as ${ISSUER}.`);
    expect(said).toContain("env.LOADER");
    expect(sent).toHaveLength(1);
    const { args, secrets } = sent[0] as Call;
    expect(args.slice(0, 3)).toEqual(["deploy", "--var", `ISSUER:${ISSUER}`]);
    expect(Object.keys(secrets ?? {})).toEqual(KEYS);
    const values = Object.values(secrets ?? {});
    expect(new Set(values.map((value) => Buffer.from(value, "base64url").length))).toEqual(new Set([32]));
    expect(new Set(values).size).toBe(3);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(secrets);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const value of values) expect(said).not.toContain(value);
    // What was sent was in a file of its own, which is gone.
    expect(existsSync(args.at(-1) ?? "")).toBe(false);
    // Nobody is at that address, which is no success.
    expect([status, said]).toEqual([
      1,
      expect.stringContaining(`does not work as it is: ${ISSUER} could not be asked`),
    ]);

    // A second try goes on with the keys of the first.
    const again = deploy(["--issuer", ISSUER], ACCOUNT, { folder });
    expect(again.sent[0]?.secrets).toEqual(secrets);
  });

  it("leaves the keys that the Worker has, whatever the file says, and sets what else stands there", () => {
    const file = { AGENT_SIGNING_KEY: Buffer.alloc(32, 1).toString("base64url"), WEBHOOK_SECRET };
    const env = { ...ACCOUNT, WORKER_SECRETS: JSON.stringify([...KEYS, "ALERT_SECRET_GRAFANA"]) };
    const { said, sent, path } = deploy(["--issuer", ISSUER], env, { file });
    expect(said).toContain(`Keys that the Worker keeps: ${KEYS.join(", ")}.`);
    expect(sent.map(({ secrets }) => secrets)).toEqual([{ WEBHOOK_SECRET }]);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(file);
  });

  it("sends no secrets where all are there, and says when it was not deployed", () => {
    const env = { ...ACCOUNT, WORKER_SECRETS: JSON.stringify(KEYS), DEPLOYED: "1" };
    const { status, said, sent, path } = deploy(["--issuer", ISSUER], env);
    expect(sent.map(({ args }) => args)).toEqual([["deploy", "--var", `ISSUER:${ISSUER}`]]);
    expect(existsSync(path)).toBe(false);
    expect([status, said]).toEqual([1, expect.stringContaining("It was not deployed.")]);
  });

  it("says all that is missing at once, and sends nothing", () => {
    const file = { AGENT_SIGNING_KEY: "short" };
    const { status, said, calls, path } = deploy([], {}, { file });
    expect(status).toBe(2);
    expect(said).toContain("Nothing was deployed. Missing:");
    for (const what of ["--issuer", "AGENT_SIGNING_KEY is malformed", "nobody is logged in"])
      expect(said).toContain(what);
    expect(said).not.toMatch(/^\s+at /m);
    expect(calls.map(({ args }) => args)).toEqual([["whoami", "--json"]]);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(file);
  });

  it("checks and builds on a dry run, and asks Cloudflare nothing", () => {
    const { status, said, calls, path } = deploy(["--dry-run", "--issuer", ISSUER]);
    expect(status).toBe(0);
    expect(said).toContain("--dry-run: exiting now.");
    expect(calls.map(({ args }) => args)).toEqual([["deploy", "--dry-run", "--var", `ISSUER:${ISSUER}`]]);
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    [["--isuer", ISSUER], "--isuer"],
    [["--issuer", ISSUER, "--wait", "long"], "expected --wait"],
  ])("takes no option that it does not know (%s)", (args, words) => {
    const { status, said, calls } = deploy(args, ACCOUNT);
    expect([status, said, calls]).toEqual([2, expect.stringContaining(words), []]);
  });
});

describe("the plan of a deployment", () => {
  const { rawConfig } = experimental_readRawConfig({ config: "wrangler.toml" });
  const missing = (
    vars: object,
    { issuer = ISSUER, file = {}, remote = [] as string[], config = rawConfig } = {},
  ) =>
    makePlan({ ...config, vars: { ...config.vars, ...vars } }, { issuer, file, remote: new Set(remote) })
      .missing;

  it("lacks nothing as wrangler.toml stands, with an issuer", () => {
    expect(missing({})).toEqual([]);
  });

  it.each([
    "http://countersign.example",
    "https://localhost",
    "countersign.example",
    "https://a.example/path",
    "",
  ])("takes no issuer %s", (issuer) => {
    expect(missing({}, { issuer })).toEqual([expect.stringContaining("expected --issuer")]);
  });

  it.each([
    [{ REVIEW_AUTH: "token" }, "REVIEWER_TOKENS"],
    [{ REVIEW_AUTH: "access" }, "ACCESS_TEAM_DOMAIN"],
    [{ WEBHOOK_URL: "https://hooks.example" }, "WEBHOOK_SECRET"],
    [{ REVISIONS: "many" }, "REVISIONS"],
    [{ PLANNER: "workers-ai", PLANNER_MODEL: "@cf/openai/gpt-oss-120b" }, "the binding AI"],
    [{ PLANNER: "openai-compatible", PLANNER_MODEL: "a-model" }, "PLANNER_URL"],
    [{ TRUSTED_ISSUERS: "{}" }, "TRUSTED_ISSUERS"],
    [{ FORMER_ISSUERS: "https://old.example" }, "FORMER_ISSUERS"],
  ])("says what %o lacks", (vars, name) => {
    expect(missing(vars)).toEqual([expect.stringContaining(name)]);
  });

  it.each([
    [{ REVIEW_AUTH: "token" }, "REVIEWER_TOKENS"],
    [{ WEBHOOK_URL: "https://hooks.example" }, "WEBHOOK_SECRET"],
  ])("takes a secret that the Worker has for sound (%o)", (vars, name) => {
    expect(missing(vars, { remote: [name] })).toEqual([]);
  });

  it("says which binding Cloudflare would refuse", () => {
    const bindings = [
      ...(rawConfig.durable_objects?.bindings ?? []),
      { name: "CODEMODE", class_name: "CodemodeRuntime" },
    ];
    const config = { ...rawConfig, durable_objects: { bindings } };
    expect(missing({}, { config })).toEqual([expect.stringContaining("the binding CODEMODE")]);
  });

  it("keeps each key that is somewhere, and makes only those that are not", () => {
    const file = { HUMAN_SIGNING_KEY: Buffer.alloc(32, 2).toString("base64url") };
    const { plan } = makePlan(rawConfig, { issuer: ISSUER, file, remote: new Set(["AGENT_SIGNING_KEY"]) });
    expect(plan).toMatchObject({ kept: ["AGENT_SIGNING_KEY"], fromFile: ["HUMAN_SIGNING_KEY"] });
    expect(Object.keys(plan.fresh)).toEqual(["RUNTIME_SIGNING_KEY"]);
  });
});
