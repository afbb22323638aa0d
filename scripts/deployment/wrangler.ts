// The wrangler of the PATH, which npm makes the project's own. It alone knows the account.
import { spawnSync } from "node:child_process";

interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs wrangler, and keeps what it says. It asks nothing. */
function ask(args: readonly string[]): Ended {
  const { status, stdout, stderr, error } = spawnSync("wrangler", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, output: stdout ?? "", errors: error ? String(error) : (stderr ?? "") };
}

/** Runs wrangler where it may be watched, and answered. */
export function run(args: readonly string[]): boolean {
  return spawnSync("wrangler", args, { stdio: "inherit" }).status === 0;
}

/** Whether somebody is logged in to Cloudflare. */
export function isLoggedIn(): boolean {
  return ask(["whoami", "--json"]).status === 0;
}

/** The names of the Worker's secrets; none where there is no such Worker yet. A text says why they cannot be had. */
export function secretNames(): ReadonlySet<string> | string {
  const { status, output, errors } = ask(["secret", "list", "--format", "json"]);
  if (status !== 0) {
    return /Worker "[^"]*".* not found|\[code: 10007\]/.test(`${output}${errors}`)
      ? new Set()
      : `${output}${errors}`.trim();
  }
  try {
    const secrets: readonly { readonly name: string }[] = JSON.parse(output);
    return new Set(secrets.map(({ name }) => name));
  } catch {
    return `expected the names of the Worker's secrets as JSON, got ${output.slice(0, 200)}`;
  }
}
