// Writes a whole chain from a scenario, signed and linked, the same bytes every time: fixed keys, fixed times, no clock.
// Whatever a step changes, everything after it is linked and signed again, so that a chain is wrong in one place only.
import { type Role, seedOf, signerOf } from "./fixed-keys.ts";
import { type Edit, isRecord, type Json, type Written } from "./json-edit.ts";
import { POLICY } from "./policy.ts";
import { canonicalBytes, canonicalize, digestOf, preAuthEncode, toBase64, utf8 } from "./primitives.ts";
import { keep, type Progress } from "./progress.ts";
import type { Kind, Step } from "./step.ts";
import { contentOf } from "./step-content.ts";

/** The instant of the first receipt. */
export const START = Date.parse("2026-11-23T05:30:00.000Z");

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** The role whose key signs each kind. */
const SIGNER_OF: Readonly<Record<Kind, Role>> = {
  alert: "runtime",
  evidence: "agent",
  proposal: "agent",
  preview: "runtime",
  decision: "human",
  execution: "runtime",
  outcome: "runtime",
  handoff: "agent",
};

export interface ChainOptions {
  readonly run?: string;
  /** The instant of the first receipt, when not {@link START}. */
  readonly start?: string;
  /** The run's own resources as it finds them, text by name. */
  readonly resources?: Readonly<Record<string, string>>;
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
  readonly digests: readonly string[];
  /** Every artifact there is, also those that no receipt names. */
  readonly store: ReadonlyMap<string, Uint8Array>;
}

export const RESOURCES: Readonly<Record<string, string>> = {
  "file:README.md": "# Checkout\n",
  "file:src/checkout.js": "export const status = 500;\n",
};

/** Writes the chain of a scenario and packs it into a bundle. */
export function writeChain(scenario: readonly Step[], options: ChainOptions = {}): Chain {
  const progress = begin(options);
  const digests: string[] = [];
  const envelopes: Json[] = [];
  const named = new Set<string>();
  for (const [i, step] of scenario.entries()) {
    progress.time += i === 0 ? 0 : (step.wait ?? 60_000);
    const { envelope, digest, statement } = writeReceipt(step, progress, { digests });
    digests.push(digest);
    envelopes.push(envelope);
    for (const sha256 of namesOf(statement, progress.store)) named.add(sha256);
  }
  const bundle = {
    mediaType: "application/vnd.countersign.bundle+json;version=2",
    run: progress.run,
    receipts: envelopes,
    artifacts: pack(named, progress.store),
    anchors: [],
  };
  return {
    bundle: options.bundle ? options.bundle(bundle, { digests }) : bundle,
    envelopes,
    digests,
    store: progress.store,
  };
}

function begin({
  run = "run-1",
  start,
  resources = RESOURCES,
  policy,
  policyText,
  store = [],
}: ChainOptions): Progress {
  const kept = { store: new Map<string, Uint8Array>() };
  for (const content of store) keep(kept, content);
  const value = policy ? policy(POLICY, { digests: [] }) : POLICY;
  const text = canonicalize(value);
  return {
    ...kept,
    run,
    policy: value,
    policySha256: keep(kept, policyText ? policyText(text) : text),
    resources: new Map(
      Object.entries(resources).map(([name, content]) => [name, `sha256:${keep(kept, content)}`]),
    ),
    last: new Map(),
    assertions: [],
    time: start === undefined ? START : Date.parse(start),
    startedBy: "",
    planner: "scripted",
    proposals: 0,
    executions: 0,
    calls: 0,
    round: null,
    checks: null,
    touched: false,
  };
}

function writeReceipt(step: Step, progress: Progress, { digests }: Written) {
  const key = step.signer ?? SIGNER_OF[step.kind];
  const signer = signerOf(key);
  const { subject, fields, whenWritten } = contentOf(step, progress);
  const plain: Json = {
    _type: "https://in-toto.io/Statement/v1",
    subject: subject.map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: `urn:countersign:receipt:${step.kind}:v2`,
    predicate: {
      run: progress.run,
      seq: digests.length,
      prev: digests.at(-1) ?? null,
      kid: signer.kid,
      issuedAt: new Date(progress.time).toISOString(),
      policy: `sha256:${progress.policySha256}`,
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
  const digest = digestOf(canonicalBytes(envelope));
  progress.last.set(step.kind, digest);
  whenWritten?.(digest);
  return {
    statement,
    digest,
    envelope: step.envelope ? step.envelope(envelope, { digests }) : envelope,
  };
}

function spell(statement: Json, respell: Step["payload"]): Uint8Array {
  if (!respell) return canonicalBytes(statement);
  const spelled = respell(canonicalize(statement));
  return typeof spelled === "string" ? utf8(spelled) : spelled;
}

/** The artifacts that a statement names, with the contents in its manifest if it has one. */
function* namesOf(statement: Json, store: ReadonlyMap<string, Uint8Array>): Generator<string> {
  if (!isRecord(statement) || !Array.isArray(statement.subject)) return;
  for (const subject of statement.subject) {
    const sha256 = subject?.digest?.sha256;
    if (typeof sha256 !== "string") continue;
    yield sha256;
    if (subject.name !== "resources") continue;
    const text = new TextDecoder().decode(store.get(sha256));
    for (const [content] of text.matchAll(/(?<=sha256:)[0-9a-f]{64}/g)) yield content;
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
