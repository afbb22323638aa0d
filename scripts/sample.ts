// Writes the sample that the desk shows and the checker opens on: `npm run sample`. Two short runs of a flag, made with signNext
// from fixed keys. The seeds are public, so the sample shows how checking works and proves nothing else. Same output every time.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as ed from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { concat, sshString } from "../src/chain/byte-reader.ts";
import {
  type Artifacts,
  type Bundle,
  type ChainState,
  checkAssertion,
  contentBytes,
  createBundle,
  createTrustPolicy,
  digestFromHex,
  EMPTY,
  intentOf,
  type OwnFields,
  type Policy,
  readTrustPolicy,
  signNext,
  type TrustPolicy,
} from "../src/chain/index.ts";
import { claimsOf } from "../src/client/peek.ts";
import {
  canonicalBytes,
  createSigner,
  decodeEnvelope,
  type Kind,
  publicJwk,
  type Receipt,
  type Role,
  SIGNER_OF,
  type Subject,
  sha256Hex,
  subjectOf,
  toBase64,
} from "../src/receipt/index.ts";
import { laidOutJson } from "../src/view/laid-out-json.ts";
import { envelopeWords } from "../src/view/receipt-words.ts";

const ISSUER = "https://sample.invalid";
const REVIEWER = { id: "alice", method: "token" };
const encoder = new TextEncoder();
const seedOf = (name: string) => sha256(encoder.encode(`countersign sample, public: ${name}`));

const SEEDS: Readonly<Record<Role, Uint8Array>> = {
  agent: seedOf("agent"),
  human: seedOf("human"),
  runtime: seedOf("runtime"),
};

/** An OpenSSH key of the reviewer, and what `ssh-keygen -Y sign -n countersign` would make with it. */
function sshKey(seed: Uint8Array) {
  const type = encoder.encode("ssh-ed25519");
  const blob = concat(sshString(type), sshString(ed.getPublicKey(seed)));
  const publicKey = `ssh-ed25519 ${toBase64(blob)}`;
  const sign = (message: Uint8Array) => {
    const [namespace, reserved, hash] = ["countersign", "", "sha512"].map((text) =>
      sshString(encoder.encode(text)),
    );
    const head = concat(namespace ?? blob, reserved ?? blob, hash ?? blob);
    const magic = encoder.encode("SSHSIG");
    const raw = ed.sign(concat(magic, head, sshString(sha512(message))), seed);
    const signature = concat(sshString(type), sshString(raw));
    const version = Uint8Array.of(0, 0, 0, 1);
    return toBase64(concat(magic, version, sshString(blob), head, sshString(signature)));
  };
  return { publicKey, sign };
}

const aliceKey = sshKey(seedOf("alice"));
const open = { notBefore: null, notAfter: null };

export const sampleTrust: TrustPolicy = createTrustPolicy(
  ISSUER,
  {
    agent: publicJwk(SEEDS.agent),
    human: publicJwk(SEEDS.human),
    runtime: publicJwk(SEEDS.runtime),
  },
  [
    {
      id: REVIEWER.id,
      roles: [{ role: "reviewer", ...open }],
      keys: [{ type: "ssh", publicKey: aliceKey.publicKey, ...open, revokedAt: null }],
    },
  ],
);

const POLICY: Policy = {
  version: 2,
  domain: "flags",
  rule: "A human approves every change of a flag.",
  effects: [
    {
      connector: "flags",
      method: "set",
      own: true,
      effects: [{ resource: "flag:{flag}", before: "read", after: "$on" }],
    },
  ],
  free: [{ connector: "flags", method: "get" }],
  decisionSeconds: 3600,
  revisions: 6,
  approvals: [{ role: "reviewer", count: 1 }],
  separateReviewer: false,
  reviewerKey: "required",
  logged: "no",
};

interface Story {
  readonly run: string;
  readonly flag: string;
  readonly alert: string;
  readonly title: string;
  readonly check: string;
  readonly firedAt: string;
}

const STORY: Story = {
  run: "sample",
  flag: "new_pricing",
  alert: "Carts are priced wrong",
  title: "Switch new_pricing off",
  check: "Carts priced wrong",
  firedAt: "2026-11-30T07:52:25.000Z",
};

const OTHER: Story = {
  run: "sample-other",
  flag: "free_shipping",
  alert: "Orders ship for nothing",
  title: "Switch free_shipping off",
  check: "Orders shipped for nothing",
  firedAt: "2026-11-29T16:20:03.000Z",
};

/** One chain in the making. */
class Writer {
  readonly receipts: Receipt[] = [];
  readonly #kept = new Map<string, Uint8Array>();
  readonly artifacts: Artifacts = (sha256) => this.#kept.get(sha256);
  readonly #run: string;
  state: ChainState = EMPTY;

  constructor(run: string) {
    this.#run = run;
  }

  keep(bytes: Uint8Array): Uint8Array {
    this.#kept.set(sha256Hex(bytes), bytes);
    return bytes;
  }

  subject(name: string, bytes: Uint8Array): Subject {
    return subjectOf(name, this.keep(bytes));
  }

  sign<K extends Kind>(
    kind: K,
    now: string,
    subject: readonly Subject[],
    fields: OwnFields<K>,
    checked: Awaited<ReturnType<typeof checkAssertion>> | null = null,
  ): Receipt {
    const draft = { run: this.#run, kind, subject, fields, now };
    const signer = createSigner(SEEDS[SIGNER_OF[kind]]);
    const next = signNext(this.state, draft, signer, this.artifacts, trust, checked);
    if (!next.ok) throw new Error(`${kind}: ${next.refusal.code}: ${next.refusal.message}`);
    this.state = next.value.state;
    this.receipts.push(next.value.receipt);
    return next.value.receipt;
  }
}

const trust = readTrust();

function readTrust() {
  const read = readTrustPolicy(sampleTrust);
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}

async function tell({ run, flag, alert, title, check, firedAt }: Story): Promise<Bundle> {
  const at = (ms: number) => new Date(Date.parse(firedAt) + ms).toISOString();
  const writer = new Writer(run);
  const json = (name: string, value: unknown) => writer.subject(name, canonicalBytes(value));
  const text = (name: string, value: string) => writer.subject(name, encoder.encode(value));
  const tally = (failed: number) => ({ total: 4, failed });
  const args = { flag, on: false };
  const resource = `flag:${flag}`;
  const action = json("action", { connector: "flags", method: "set", args });
  const code = text("code", `async () => flags.set({ flag: "${flag}", on: false })`);
  const [before, after] = [contentBytes(true), contentBytes(false)];

  writer.sign(
    "alert",
    at(71),
    [json("alert", { source: "sample", title: alert, firedAt }), json("policy", POLICY)],
    {
      issuer: ISSUER,
      source: "sample",
      title: alert,
      firedAt,
      startedBy: { id: "monitor", method: "webhook" },
      continues: null,
    },
  );
  const looked = [
    text("code", `async () => ({ on: await flags.get({ flag: "${flag}" }) })`),
    json("item-1", true),
  ];
  writer.sign("evidence", at(104), looked, {
    planner: "sample",
    items: [{ name: flag, connector: "flags", method: "get" }],
    summary: `${flag} is on.`,
    transcript: null,
  });
  const proposal = writer.sign("proposal", at(131), [action, code], {
    author: { kind: "agent", id: "sample" },
    revision: 1,
    supersedes: null,
    reverts: null,
    title,
    summary: `It went on shortly before the alert. With it off, nothing fails.`,
    risk: "low",
    feedback: null,
  });
  const execution = { id: `execution-${run}`, seq: 1 };
  const preview = writer.sign(
    "preview",
    at(131),
    [action, code, writer.subject("before-1", before), json("report", { [flag]: false })],
    {
      proposal: proposal.digest,
      execution,
      effects: [{ resource, before: digestOfBytes(before), after: digestOfBytes(after) }],
      plan: null,
      checks: [{ name: check, before: tally(3), rehearsed: tally(0) }],
      expiresAt: at(3_600_000),
    },
  );
  const said = {
    decision: "approve",
    reason: "",
    reviewer: REVIEWER.id,
    role: "reviewer",
    edit: null,
  } as const;
  const intent = canonicalBytes(intentOf(writer.state, said));
  const { publicKey, sign } = aliceKey;
  const assertion = canonicalBytes({ type: "ssh", publicKey, signature: sign(intent) });
  const decision = writer.sign(
    "decision",
    at(48_310),
    [action, writer.subject("intent", intent), writer.subject("assertion", assertion)],
    {
      decision: said.decision,
      proposal: proposal.digest,
      preview: preview.digest,
      reason: "",
      reviewer: REVIEWER,
      role: "reviewer",
      edit: null,
      assertion: "ssh",
    },
    await checkAssertion(assertion, intent, trust),
  );
  const executed = writer.sign("execution", at(48_342), [action, json("result", null)], {
    decision: decision.digest,
    execution,
    status: "executed",
    reason: "",
    more: false,
    recovered: false,
  });
  const outcome = writer.sign("outcome", at(48_351), [json("report", { [flag]: false })], {
    execution: executed.digest,
    status: "resolved",
    reason: "",
    checks: [{ name: check, before: tally(3), after: tally(0) }],
  });
  writer.keep(after);
  writer.sign(
    "handoff",
    at(48_353),
    [text("summary", `${flag} is off.`), json("resources", { [resource]: digestOfBytes(after) })],
    { outcome: outcome.digest },
  );
  return createBundle(run, writer.receipts, writer.artifacts);
}

function digestOfBytes(bytes: Uint8Array) {
  return digestFromHex(sha256Hex(bytes));
}

/** What the desk shows of the sample before any script has run: one line a receipt. */
function tapeOf({ run, receipts }: Bundle) {
  const lines = receipts.map((envelope) => {
    const { kind, role, issuedAt } = claimsOf(envelope);
    const decoded = decodeEnvelope(envelope);
    return { kind, role, issuedAt, words: decoded.ok ? envelopeWords(decoded.value) : null };
  });
  return { run, lines };
}

/** Every file of the sample, by its path. */
export async function makeSample(): Promise<ReadonlyMap<string, string>> {
  const [bundle, other] = [await tell(STORY), await tell(OTHER)];
  const files = { bundle, other, trust: sampleTrust };
  return new Map([
    ...Object.entries(files).map(
      ([name, value]) => [`public/sample/${name}.json`, `${JSON.stringify(value)}\n`] as const,
    ),
    ["src/view/sample-tape.json", `${laidOutJson(tapeOf(bundle))}\n`] as const,
  ]);
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of await makeSample()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`${path} ${text.length}`);
  }
}
