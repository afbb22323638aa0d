// Writes a whole chain from a scenario, signed and linked, the same bytes every time: fixed keys, fixed times, no clock.
// Whatever a step changes, everything after it is linked and signed again, so that a chain is wrong in one place only.
import {
  canonicalBytes,
  canonicalize,
  type Digest,
  digestOf,
  PAYLOAD_TYPE,
  preAuthEncode,
  SIGNER_OF,
  toBase64,
} from "../../src/receipt/index.ts";
import { seedOf, signerOf } from "./fixed-keys.ts";
import { type Edit, isRecord, type Json, type Written } from "./json-edit.ts";
import type { Step } from "./step.ts";
import { contentOf, keep, type Progress } from "./step-content.ts";

/** The instant of the first receipt. */
export const START = Date.parse("2026-11-23T05:30:00.000Z");

export interface ChainOptions {
  readonly run?: string;
  /** The repository that the run finds, text by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Changes the policy before it is written. */
  readonly policy?: Edit;
  /** Changes the policy's spelling. */
  readonly policyText?: (text: string) => string | Uint8Array;
  /** Further artifacts that edited receipts may name; packed only if one does. */
  readonly store?: readonly (string | Uint8Array)[];
  /** Changes the finished bundle. */
  readonly bundle?: Edit;
}

export interface Chain {
  readonly bundle: Json;
  readonly envelopes: readonly Json[];
  readonly digests: readonly Digest[];
  /** Every artifact there is, also those that no receipt names. */
  readonly store: ReadonlyMap<string, Uint8Array>;
}

const POLICY: Json = {
  version: 1,
  rule: "A human approves every write.",
  connector: "repository",
  method: "write_file",
  decisionSeconds: 900,
  revisions: 3,
  separateReviewer: false,
};

/** Writes the chain of a scenario and packs it into a bundle. */
export function writeChain(scenario: readonly Step[], options: ChainOptions = {}): Chain {
  const run = options.run ?? "run-1";
  const progress = begin(options);
  const digests: Digest[] = [];
  const envelopes: Json[] = [];
  const named = new Set<string>();
  for (const step of scenario) {
    progress.time += step.after ?? 60_000;
    const { envelope, digest, statement } = writeReceipt(step, progress, { run, digests });
    digests.push(digest);
    progress.last.set(step.kind, digest);
    envelopes.push(envelope);
    for (const sha256 of namesOf(statement, progress.store)) named.add(sha256);
  }
  const bundle = {
    mediaType: "application/vnd.countersign.bundle+json;version=1",
    run,
    receipts: envelopes,
    artifacts: pack(named, progress.store),
  };
  return {
    bundle: options.bundle ? options.bundle(bundle, { digests }) : bundle,
    envelopes,
    digests,
    store: progress.store,
  };
}

const FILES = { "README.md": "# Checkout\n", "src/checkout.js": "export const status = 500;\n" };

function begin({ files = FILES, policy, policyText, store }: ChainOptions): Progress {
  const kept = new Map<string, Uint8Array>();
  for (const text of store ?? []) keep(kept, text);
  const value = policy ? policy(POLICY, { digests: [] }) : POLICY;
  const seconds = isRecord(value) ? Number(value.decisionSeconds) : Number.NaN;
  const text = canonicalize(value);
  const utf8 = new TextEncoder();
  return {
    store: kept,
    policy: {
      sha256: keep(kept, policyText ? policyText(text) : text),
      decisionSeconds: Number.isSafeInteger(seconds) ? seconds : 900,
    },
    files: new Map(Object.entries(files).map(([path, text]) => [path, utf8.encode(text)])),
    last: new Map(),
    time: START - 60_000,
    proposals: 0,
    executions: 0,
    call: 0,
    revision: 0,
    reason: "",
    decision: null,
    more: false,
    written: false,
    // Steps that come before any proposal are about these.
    code: keep(kept, "async () => nothing();"),
    action: keep(kept, "{}"),
    pending: null,
  };
}

function writeReceipt(step: Step, progress: Progress, { run, digests }: Written & { run: string }) {
  const key = step.signer ?? SIGNER_OF[step.kind];
  const signer = signerOf(key);
  const { subject, fields } = contentOf(step, progress);
  const plain: Json = {
    _type: "https://in-toto.io/Statement/v1",
    subject: subject.map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: `urn:countersign:receipt:${step.kind}:v1`,
    predicate: {
      run,
      seq: digests.length,
      prev: digests.at(-1) ?? null,
      kid: signer.kid,
      issuedAt: new Date(progress.time).toISOString(),
      policy: `sha256:${progress.policy.sha256}`,
      ...fields,
    },
  };
  const statement = step.edit ? step.edit(plain, { digests }) : plain;
  const payload = spell(statement, step.payload);
  const payloadType = step.payloadType ?? PAYLOAD_TYPE;
  const signed = preAuthEncode(payloadType, payload);
  const signature = step.forge ? step.forge(signed, payload, seedOf(key)) : signer.sign(signed);
  const envelope: Json = {
    payloadType,
    payload: toBase64(payload),
    signatures: [{ keyid: signer.kid, sig: toBase64(signature) }],
  };
  return {
    statement,
    digest: digestOf(signed),
    envelope: step.envelope ? step.envelope(envelope, { digests }) : envelope,
  };
}

function spell(statement: Json, respell: Step["payload"]): Uint8Array {
  if (!respell) return canonicalBytes(statement);
  const spelled = respell(canonicalize(statement));
  return typeof spelled === "string" ? new TextEncoder().encode(spelled) : spelled;
}

/** The artifacts that a statement names, with the files of its repository if it has one. */
function* namesOf(statement: Json, store: ReadonlyMap<string, Uint8Array>): Generator<string> {
  if (!isRecord(statement) || !Array.isArray(statement.subject)) return;
  for (const subject of statement.subject) {
    const sha256 = subject?.digest?.sha256;
    if (typeof sha256 !== "string") continue;
    yield sha256;
    if (subject.name !== "repository") continue;
    const text = new TextDecoder().decode(store.get(sha256));
    for (const [file] of text.matchAll(/(?<=sha256:)[0-9a-f]{64}/g)) yield file;
  }
}

function pack(named: ReadonlySet<string>, store: ReadonlyMap<string, Uint8Array>): Json {
  const packed: Record<string, string> = {};
  for (const sha256 of [...named].sort()) {
    const bytes = store.get(sha256);
    if (bytes) packed[sha256] = toBase64(bytes);
  }
  return packed;
}
