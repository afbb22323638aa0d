// The deployment's log, from its settings: what it is called and signs with, who witnesses it, and how many of them have to have seen
// an entry. Without LOG_SIGNING_KEY there is none. The secret's text never leaves this file.
import * as z from "zod";
import {
  isKeyName,
  type Listed,
  type LogPolicy,
  type NoteKey,
  noteKey,
  readLogPolicy,
  readVkey,
  writeLogPolicy,
} from "../log/index.ts";
import { accept, fromBase64Url, publicJwk, type Result, readSeed, refuse } from "../receipt/index.ts";
import type { Settings } from "./env.ts";
import { nativeSign } from "./native-signer.ts";

/** A witness, and where it takes checkpoints. */
export interface Witness {
  readonly key: NoteKey;
  readonly url: string;
}

/** A log as it is set up. `policy` is `policyText`, read: what a trust policy says of this log. */
export interface LogSettings {
  readonly key: NoteKey;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
  readonly witnesses: readonly Witness[];
  readonly policy: LogPolicy;
  readonly policyText: string;
}

type Read<Value> = Result<Value, "ERR_LOG_CONFIG">;

const witnessesSchema = z.array(z.strictObject({ key: z.string(), url: z.string() })).max(32);

/** Deriving public keys takes milliseconds, so it is done once per isolate and set of secrets. */
const memo = new WeakMap<object, Read<LogSettings | null>>();

/** Reads `LOG_SIGNING_KEY`, `WITNESSES` and `WITNESS_QUORUM`; null where the deployment keeps no log. */
export function readLogSettings(env: Settings): Read<LogSettings | null> {
  const known = memo.get(env);
  if (known) return known;
  const read = readAfresh(env);
  memo.set(env, read);
  return read;
}

function readAfresh(env: Settings): Read<LogSettings | null> {
  const fail = (message: string) => refuse("ERR_LOG_CONFIG", message);
  if (!env.LOG_SIGNING_KEY) {
    return env.WITNESSES
      ? fail("WITNESSES names witnesses, but there is no log: set LOG_SIGNING_KEY")
      : accept(null);
  }
  const seed = readSeed(env.LOG_SIGNING_KEY);
  if (!seed.ok) return fail(`the secret LOG_SIGNING_KEY is malformed: ${seed.refusal.message}`);
  if ([env.AGENT_SIGNING_KEY, env.HUMAN_SIGNING_KEY, env.RUNTIME_SIGNING_KEY].includes(env.LOG_SIGNING_KEY)) {
    return fail("expected LOG_SIGNING_KEY to be a key of its own, but it signs receipts, too");
  }
  const place = placeOf(env.ISSUER ?? "");
  if (!place) return fail("expected ISSUER to be the deployment's http(s) address: it names the log");
  const witnesses = readWitnesses(env.WITNESSES);
  if (!witnesses.ok) return witnesses;
  const quorum = readQuorum(env.WITNESS_QUORUM, witnesses.value.length);
  if (!quorum.ok) return quorum;
  const key = noteKey(place.origin, 0x01, fromBase64Url(publicJwk(seed.value).x) ?? new Uint8Array());
  const policyText = writeLogPolicy({ key, url: place.url }, witnesses.value, quorum.value);
  const policy = readLogPolicy(policyText);
  if (!policy.ok) return fail(`WITNESSES: ${policy.refusal.message}`);
  return accept({
    key,
    sign: nativeSign(seed.value),
    witnesses: witnesses.value,
    policy: policy.value,
    policyText,
  });
}

/** The log's origin is its address without the scheme (c2sp.org/tlog-tiles). */
function placeOf(issuer: string): { readonly origin: string; readonly url: string } | null {
  const { protocol = "", host = "", pathname = "" } = URL.parse(issuer) ?? {};
  const path = `${host}${pathname.replace(/\/+$/, "")}/log`;
  if (!/^https?:$/.test(protocol) || !isKeyName(path)) return null;
  return { origin: path, url: `${protocol}//${path}` };
}

function readWitnesses(text: string | undefined): Read<readonly (Witness & Listed)[]> {
  if (!text) return accept([]);
  const wanted =
    'expected the variable WITNESSES to be JSON such as [{"key": "<vkey>", "url": "https://witness.example"}]';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("ERR_LOG_CONFIG", wanted);
  }
  const parsed = witnessesSchema.safeParse(value);
  if (!parsed.success) return refuse("ERR_LOG_CONFIG", wanted);
  const witnesses: Witness[] = [];
  for (const { key: vkey, url } of parsed.data) {
    const key = readVkey(vkey);
    if (!key.ok) return refuse("ERR_LOG_CONFIG", `WITNESSES: ${key.refusal.message}`);
    if (!mayBeAsked(url)) {
      return refuse("ERR_LOG_CONFIG", `WITNESSES: expected the https address of ${key.value.name}`);
    }
    witnesses.push({ key: key.value, url: url.replace(/\/+$/, "") });
  }
  return accept(witnesses);
}

/** By https, or on this machine. */
function mayBeAsked(url: string): boolean {
  const { protocol = "", hostname = "" } = URL.parse(url) ?? {};
  if (/[\s#?]/.test(url)) return false;
  return (
    protocol === "https:" || (protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  );
}

/** All of them, unless said otherwise. */
function readQuorum(text: string | undefined, most: number): Read<number> {
  if (!text) return accept(most);
  const quorum = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (quorum <= most) return accept(quorum);
  const message = `expected the variable WITNESS_QUORUM to be a whole number from 0 to ${most}, for WITNESSES names ${most}`;
  return refuse("ERR_LOG_CONFIG", `${message}, got ${JSON.stringify(text)}`);
}
