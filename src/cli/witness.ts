#!/usr/bin/env node
// `countersign-witness`: a witness of logs, small enough to run on a second machine or account. Its secret comes from the environment.
import { parseArgs } from "node:util";
import { isKeyName, type NoteKey, noteKey, readVkey } from "../log/index.ts";
import { createSigner, fromBase64Url, publicJwk, readSeed } from "../receipt/index.ts";
import { complain, print } from "./print.ts";
import { witnessServer } from "./witness-server.ts";
import { WitnessState } from "./witness-state.ts";

const USAGE = `usage: countersign-witness --name <name> --state <folder> --log <vkey>… [--port <port>] [--host <address>]

Cosigns the checkpoints of logs that only grow (c2sp.org/tlog-witness), and refuses any that does not grow from the last one.

  --name <name>      what the witness is called: its address without https://, such as witness.example/w1
  --state <folder>   where it keeps what it cosigned; a witness that loses this can be shown a fork
  --log <vkey>       a log that it knows: the vkey in the deployment's trust policy, or the whole of any C2SP log. May be repeated
  --port <port>      7380 unless said otherwise
  --host <address>   127.0.0.1 unless said otherwise: put a server that speaks https in front
  --help             print this

WITNESS_SIGNING_KEY in the environment is its secret: 32 random bytes in unpadded base64url, used for nothing else.
It prints its own vkey, which a log's WITNESSES names. Exit code 2 for unusable arguments or state.`;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        name: { type: "string" },
        state: { type: "string" },
        log: { type: "string", multiple: true },
        port: { type: "string", default: "7380" },
        host: { type: "string", default: "127.0.0.1" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      await print(USAGE);
      return 0;
    }
    const { name = "", state, log = [], host } = values;
    if (!isKeyName(name)) throw new Error("expected --name <name>, without spaces and without +");
    if (state === undefined || log.length === 0)
      throw new Error("expected --state <folder> and --log <vkey>");
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error("expected --port from 0 to 65535");
    await serve({ name, logs: log.map(readLog), state: new WitnessState(state), host, port });
    return 0;
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function readLog(vkey: string): NoteKey {
  const key = readVkey(vkey);
  if (!key.ok) throw new Error(`--log: ${key.refusal.message}`);
  if (key.value.type !== 0x01) throw new Error("--log: expected a log's key, got a witness's");
  return key.value;
}

interface Setup {
  readonly name: string;
  readonly logs: readonly NoteKey[];
  readonly state: WitnessState;
  readonly host: string;
  readonly port: number;
}

async function serve({ name, logs, state, host, port }: Setup): Promise<void> {
  const seed = readSeed(process.env.WITNESS_SIGNING_KEY ?? "");
  if (!seed.ok) throw new Error(`WITNESS_SIGNING_KEY: ${seed.refusal.message}`);
  const key = noteKey(name, 0x04, fromBase64Url(publicJwk(seed.value).x) ?? new Uint8Array());
  const { sign } = createSigner(seed.value);
  const now = () => Math.floor(Date.now() / 1000);
  const server = witnessServer({ key, sign, logs, state, now });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const at = typeof address === "object" && address ? address.port : port;
  await print(`${key.text} listens on http://${host.includes(":") ? `[${host}]` : host}:${at}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.close());
}
