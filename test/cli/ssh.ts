// OpenSSH as it is installed: keys made by ssh-keygen, an agent that holds one, and `ssh-keygen -Y verify` for a second opinion.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { makeFolder } from "./run-cli.ts";

/** Whether there is an ssh-keygen that signs and verifies. Without one, what needs it is left out, and it says so. */
export const hasSshKeygen = /sign/.test(spawnSync("ssh-keygen", ["-?"], { encoding: "utf8" }).stderr ?? "");
if (!hasSshKeygen)
  process.stderr.write("NOT TESTED: there is no ssh-keygen of OpenSSH here, so nothing is signed with one\n");

/** Makes a key pair, `passphrase` or none, and gives the path of the private key and the line of the public one. */
export function makeKey(
  folder: string,
  name: string,
  type: "ed25519" | "ecdsa",
  passphrase = "",
): { readonly file: string; readonly line: string } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  execFileSync("ssh-keygen", [
    "-q",
    "-t",
    type,
    "-N",
    passphrase,
    "-C",
    "a comment: with a colon",
    "-f",
    file,
  ]);
  return { file, line: readFileSync(`${file}.pub`, "utf8").split(" ").slice(0, 2).join(" ") };
}

/** An agent that holds this key until the test has finished: the environment that leads to it. */
export function agentWith(file: string): Record<string, string> {
  const started = execFileSync("ssh-agent", ["-s"], { encoding: "utf8" });
  const of = (name: string) => new RegExp(`${name}=([^;]+);`).exec(started)?.[1] ?? "";
  const env = { SSH_AUTH_SOCK: of("SSH_AUTH_SOCK") };
  onTestFinished(() => {
    process.kill(Number(of("SSH_AGENT_PID")));
  });
  execFileSync("ssh-add", ["-q", file], { env: { ...process.env, ...env }, stdio: "pipe" });
  return env;
}

/** What `ssh-keygen -Y verify` says of a signature: true where it is good, for this key and these bytes. */
export function sshVerifies(publicKey: string, signature: string, bytes: Uint8Array): boolean {
  const folder = makeFolder();
  const [allowed, armoured] = [join(folder, "allowed"), join(folder, "signature")];
  writeFileSync(allowed, `alice namespaces="countersign" ${publicKey}\n`);
  const lines = signature.match(/.{1,70}/g)?.join("\n");
  writeFileSync(armoured, `-----BEGIN SSH SIGNATURE-----\n${lines}\n-----END SSH SIGNATURE-----\n`);
  const args = ["-Y", "verify", "-f", allowed, "-I", "alice", "-n", "countersign", "-s", armoured];
  return spawnSync("ssh-keygen", args, { input: bytes }).status === 0;
}
