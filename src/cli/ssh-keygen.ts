// OpenSSH's own `ssh-keygen` signs: with a key file, a key in the agent, or one on a security key. No secret comes into this process;
// what ssh-keygen asks, a passphrase or a touch, it asks on the terminal itself.
import { spawn } from "node:child_process";
import { fromBase64 } from "../receipt/index.ts";
import { TOKEN_VARIABLE } from "./bearer-token.ts";

/** The namespace of signatures on decisions (docs/receipts.md, §6.3). */
const NAMESPACE = "countersign";

/**
 * The public key in a file, as `<type> <base64>`. The file is a private key, encrypted or not, or a public one.
 * @throws {Error} for what is no key, and where there is no ssh-keygen.
 */
export async function readPublicKey(file: string): Promise<string> {
  const text = await run(["-e", "-m", "RFC4716", "-f", file], new Uint8Array());
  // RFC 4716: base64 in lines, between two marks and behind headers with a colon.
  const base64 = text
    .split("\n")
    .filter((line) => !/^----|:/.test(line))
    .join("");
  const blob = fromBase64(base64) ?? new Uint8Array();
  const type = new TextDecoder().decode(blob.subarray(4, 4 + (blob[3] ?? 0)));
  return `${type} ${base64}`;
}

/**
 * The SSHSIG blob over some bytes, in base64, by the key in a file. Where the file holds a public key, or the agent has this
 * key, the agent signs.
 * @throws {Error} where nothing was signed.
 */
export async function signWith(file: string, bytes: Uint8Array): Promise<string> {
  const armoured = await run(["-Y", "sign", "-n", NAMESPACE, "-f", file], bytes);
  return armoured
    .split("\n")
    .filter((line) => !line.startsWith("-----"))
    .join("");
}

/** Runs ssh-keygen and gives what it writes. Of the environment it needs the agent and what asks for passphrases, not our token. */
function run(args: readonly string[], input: Uint8Array): Promise<string> {
  const { [TOKEN_VARIABLE]: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn("ssh-keygen", args, { env, stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.on("error", () =>
      reject(new Error("expected ssh-keygen of OpenSSH 8.2 or newer on the PATH; it is what signs")),
    );
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`ssh-keygen ${args[0]} failed with exit code ${code}`)),
    );
    // It may have ended without reading; its exit code tells that.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
