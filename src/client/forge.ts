// What anybody can do: make three keys on the spot and sign a whole chain with them. The keys live in this worker's memory;
// nothing that they sign leaves the tab.
import * as ed from "@noble/ed25519";
import type { TrustedKeyEntry, TrustPolicy } from "../chain/index.ts";
import {
  canonicalBytes,
  createSigner,
  type Digest,
  fromBase64,
  PAYLOAD_TYPE,
  preAuthEncode,
  publicJwk,
  type Role,
  SIGNER_OF,
  type Signer,
  sha256Hex,
  toBase64,
} from "../receipt/index.ts";
import { isObject, type JsonObject, mapStrings } from "./json-tree.ts";
import { claimsOf, kindOf, statementOf } from "./peek.ts";
import type { Specimen } from "./specimen.ts";

interface OwnKey {
  readonly signer: Signer;
  readonly entry: TrustedKeyEntry;
}

export type OwnKeys = Readonly<Record<Role, OwnKey>>;

/** The run that a receipt made on the spot belongs to. */
export const STRAY_RUN = "run-made-in-this-tab";

/** Makes a key for each role. */
export function makeKeys(): OwnKeys {
  return { agent: makeKey("agent"), human: makeKey("human"), runtime: makeKey("runtime") };
}

function makeKey(role: Role): OwnKey {
  const seed = ed.utils.randomSecretKey();
  const signer = createSigner(seed);
  const window = { notBefore: null, notAfter: null, revokedAt: null };
  return { signer, entry: { ...publicJwk(seed), kid: signer.kid, role, ...window } };
}

/**
 * The trust policy of somebody whose server was taken over: these keys in place of the deployment's. The reviewers stay, for
 * their own keys were never on the server.
 */
export function ownPolicy({ agent, human, runtime }: OwnKeys, trust: TrustPolicy): TrustPolicy {
  return { ...trust, keys: [agent.entry, human.entry, runtime.entry] };
}

/**
 * Signs every receipt again and makes all of it agree, as a careful forger would: places, links and run are renewed, altered
 * artifacts get the names that their bytes now have, and every mention of an old digest becomes the new one, in what a
 * reviewer signed as well. The one thing that a forger cannot make is that reviewer's own signature.
 */
export function resign(specimen: Specimen, keys: OwnKeys): Specimen {
  const renamed = new Map<string, string>();
  const artifacts: Record<string, string> = {};
  for (const [name, text] of Object.entries(specimen.artifacts)) {
    const bytes = fromBase64(text);
    rename(renamed, artifacts, name, bytes ? sha256Hex(bytes) : name, text);
  }
  let prev: Digest | null = null;
  const items = specimen.items.map((item, seq) => {
    rewriteIntent(item.envelope, renamed, artifacts);
    const envelope = sign(item.envelope, { run: specimen.run, seq, prev }, renamed, keys);
    const { digest } = claimsOf(envelope);
    if (item.digest !== null && digest !== null) renamed.set(item.digest, digest);
    prev = digest;
    return { key: item.key, digest, envelope };
  });
  return { run: specimen.run, items, artifacts };
}

function rename(
  renamed: Map<string, string>,
  artifacts: Record<string, string>,
  name: string,
  sha256: string,
  text: string,
): void {
  artifacts[sha256] = text;
  renamed.set(name, sha256).set(`sha256:${name}`, `sha256:${sha256}`);
}

/** Makes the intent of a decision agree with the chain as it is now. */
function rewriteIntent(
  envelope: unknown,
  renamed: Map<string, string>,
  artifacts: Record<string, string>,
): void {
  const subjects = statementOf(envelope)?.subject;
  if (!Array.isArray(subjects)) return;
  const subject = subjects.find((each) => isObject(each) && each.name === "intent");
  const named = isObject(subject) && isObject(subject.digest) ? subject.digest.sha256 : null;
  if (typeof named !== "string") return;
  const sha256 = renamed.get(named) ?? named;
  const bytes = fromBase64(artifacts[sha256] ?? "");
  if (!bytes) return;
  try {
    const intent: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const fresh = canonicalBytes(mapStrings(intent, (text) => renamed.get(text) ?? text));
    delete artifacts[sha256];
    rename(renamed, artifacts, named, sha256Hex(fresh), toBase64(fresh));
  } catch {
    // No intent that can be read: it stays as it is.
  }
}

/** A receipt like the given one, of a run that does not exist. */
export function strayReceipt(envelope: unknown, keys: OwnKeys): unknown {
  return sign(envelope, { run: STRAY_RUN }, new Map(), keys);
}

/** Signs what an envelope says, with changes to its predicate; an envelope that says nothing readable stays as it is. */
function sign(
  envelope: unknown,
  frame: JsonObject,
  renamed: ReadonlyMap<string, string>,
  keys: OwnKeys,
): unknown {
  const statement = mapStrings(statementOf(envelope), (text) => renamed.get(text) ?? text);
  if (!isObject(statement) || !isObject(statement.predicate)) return envelope;
  const kind = kindOf(statement);
  if (kind === null) return envelope;
  const { signer } = keys[SIGNER_OF[kind]];
  const predicate = { ...statement.predicate, ...frame, kid: signer.kid };
  const payload = canonicalBytes({ ...statement, predicate });
  const signature = signer.sign(preAuthEncode(PAYLOAD_TYPE, payload));
  return {
    payloadType: PAYLOAD_TYPE,
    payload: toBase64(payload),
    signatures: [{ keyid: signer.kid, sig: toBase64(signature) }],
  };
}
