// A log and its witnesses for the corpus, written from §13 alone: an entry's tree, a signed checkpoint, cosignatures, and the proof.
import { ISSUER } from "./fixed-keys.ts";
import {
  canonicalBytes,
  createSigner,
  fromBase64Url,
  joined,
  publicJwk,
  sha256,
  sha256Hex,
  toBase64,
  utf8,
} from "./primitives.ts";

export const ORIGIN = "countersign.example/log";

/** A key that signs notes: 1 is a log's, 4 a witness's. The seed is 32 times one byte. */
export interface NoteSigner {
  readonly name: string;
  readonly typed: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

export function noteSigner(name: string, type: 1 | 4, byte: number): NoteSigner {
  const seed = new Uint8Array(32).fill(byte);
  const key = fromBase64Url(publicJwk(seed).x) ?? new Uint8Array();
  return { name, typed: joined(Uint8Array.of(type), key), sign: createSigner(seed).sign };
}

const idOf = ({ name, typed }: NoteSigner) => sha256(joined(utf8(`${name}\n`), typed)).subarray(0, 4);

/** How a key is written. */
export function vkeyOf(signer: NoteSigner): string {
  return `${signer.name}+${sha256Hex(joined(utf8(`${signer.name}\n`), signer.typed)).slice(0, 8)}+${toBase64(signer.typed)}`;
}

const line = (signer: NoteSigner, signature: Uint8Array) =>
  `— ${signer.name} ${toBase64(joined(idOf(signer), signature))}\n`;

/** A signature line of a log's key. */
export const signedBy = (signer: NoteSigner, text: string): string => line(signer, signer.sign(utf8(text)));

/** A cosignature line, at a time in seconds since 1970. */
export function cosignedBy(signer: NoteSigner, text: string, time: bigint): string {
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, time);
  const signature = signer.sign(utf8(`cosignature/v1\ntime ${time}\n${text}`));
  return line(signer, joined(stamp, signature));
}

/** What a proof is made of, and how it departs from what it should be. */
export interface ProofPlan {
  /** The members of the entry that are other than the receipt's. */
  readonly entry?: Readonly<Record<string, unknown>>;
  readonly origin?: string;
  readonly logs?: readonly NoteSigner[];
  readonly witnesses?: readonly NoteSigner[];
  readonly time?: bigint;
  /** Stand in the tree before and after the entry. */
  readonly before?: number;
  readonly after?: number;
  readonly extension?: string;
  /** Changes the text of the checkpoint after it was signed, or the proof as a whole. */
  readonly note?: (note: string) => string;
  readonly proof?: (proof: string) => string;
}

export const LOG: NoteSigner = noteSigner(ORIGIN, 1, 0x91);
export const WITNESSES: readonly NoteSigner[] = [1, 2, 3].map((i) =>
  noteSigner(`witness.example/w${i}`, 4, 0x91 + i),
);

/** The proof that the log has a receipt. */
export function proofOf(
  receipt: {
    readonly seq: number;
    readonly kind: string;
    readonly reviewer: string | null;
    readonly digest: string;
  },
  plan: ProofPlan = {},
): string {
  const { seq, kind, reviewer, digest } = receipt;
  const entry = { issuer: ISSUER, run: "run-1", seq, kind, reviewer, receipt: digest, ...plan.entry };
  const filler = (i: number) => utf8(`entry ${i}`);
  const { before = 2, after = 2 } = plan;
  const entries = [
    ...Array.from({ length: before }, (_, i) => filler(i)),
    canonicalBytes(entry),
    ...Array.from({ length: after }, (_, i) => filler(i + before)),
  ];
  const leaves = entries.map((bytes) => sha256(joined(Uint8Array.of(0), bytes)));
  const { origin = ORIGIN, logs = [LOG], witnesses = WITNESSES.slice(0, 2), time = 1_780_000_000n } = plan;
  const text = `${origin}\n${entries.length}\n${toBase64(rootOf(leaves))}\n${plan.extension ?? ""}`;
  const lines = [
    ...logs.map((log) => signedBy(log, text)),
    ...witnesses.map((witness) => cosignedBy(witness, text, time)),
  ];
  const note = `${text}\n${lines.join("")}`;
  const hashes = pathOf(leaves, before).map((hash) => `${toBase64(hash)}\n`);
  const proof = `c2sp.org/tlog-proof@v1\nindex ${before}\n${hashes.join("")}\n${plan.note ? plan.note(note) : note}`;
  return plan.proof ? plan.proof(proof) : proof;
}

function splitOf(size: number): number {
  return 2 ** (Math.ceil(Math.log2(size)) - 1);
}

function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const [leaf] = leaves;
  if (!leaf || leaves.length === 1) return leaf ?? sha256(new Uint8Array());
  const k = splitOf(leaves.length);
  return sha256(joined(Uint8Array.of(1), rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k))));
}

function pathOf(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = splitOf(leaves.length);
  return index < k
    ? [...pathOf(leaves.slice(0, k), index), rootOf(leaves.slice(k))]
    : [...pathOf(leaves.slice(k), index - k), rootOf(leaves.slice(0, k))];
}
