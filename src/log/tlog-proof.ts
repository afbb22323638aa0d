// Proofs that travel (c2sp.org/tlog-proof): an entry's place in a log and the checkpoint that covers it, to be checked offline.
import { accept, fromBase64, type Result, refuse, toBase64 } from "../receipt/index.ts";
import { readCheckpoint, readDecimal, readHash } from "./checkpoint.ts";
import { cosignedAt } from "./cosignature.ts";
import { isSignedBy, type Note, readNote } from "./note.ts";
import { isQuorum, type LogPolicy } from "./policy.ts";
import { MAX_PROOF, rootOfInclusion } from "./proof.ts";
import { isSameHash, leafHash } from "./tree.ts";

const HEADER = "c2sp.org/tlog-proof@v1";

/** A proof as it is written. `checkpoint` is a signed note. */
export interface TlogProof {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  readonly checkpoint: string;
}

/** What a proof that holds says: which log, where in it, and which witnesses saw it when (seconds since 1970). */
export interface Logged {
  readonly origin: string;
  readonly index: number;
  readonly size: number;
  readonly witnesses: readonly { readonly name: string; readonly time: number }[];
}

/** Spells a proof. */
export function writeTlogProof({ index, hashes, checkpoint }: TlogProof): string {
  return `${[HEADER, `index ${index}`, ...hashes.map(toBase64)].join("\n")}\n\n${checkpoint}`;
}

/** Reads a proof. Success says nothing of what it proves. Extra data is passed over: nobody vouches for it. */
export function readTlogProof(text: string): Result<TlogProof, "ERR_TLOG_PROOF"> {
  const fail = (message: string) => refuse("ERR_TLOG_PROOF", `not a log's proof: ${message}`);
  const end = text.indexOf("\n\n");
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split("\n");
  if (header !== HEADER) return fail(`expected the line ${HEADER}`);
  if (lines[0]?.startsWith("extra ")) {
    if (!fromBase64(lines[0].slice("extra ".length))) return fail("expected the extra data in base64");
    lines.shift();
  }
  const [first = "", ...encoded] = lines;
  const index = first.startsWith("index ") ? readDecimal(first.slice("index ".length)) : null;
  if (index === null) return fail("expected the line index <decimal>");
  const hashes = encoded.map(readHash).filter((hash) => hash !== null);
  if (hashes.length !== encoded.length || hashes.length > MAX_PROOF) {
    return fail(`expected at most ${MAX_PROOF} hashes in base64, a line each`);
  }
  return accept({ index, hashes, checkpoint: text.slice(end + 2) });
}

/**
 * Checks that an entry is in a log that the policy lists, under a checkpoint that the log signed and a quorum of witnesses saw.
 * It knows no clock: how old a cosignature may be is for the caller to say.
 */
export async function checkTlogProof(
  policy: LogPolicy,
  entry: Uint8Array,
  text: string,
): Promise<Result<Logged, "ERR_TLOG_PROOF">> {
  const fail = (message: string) => refuse("ERR_TLOG_PROOF", message);
  const proof = readTlogProof(text);
  if (!proof.ok) return proof;
  const { index, hashes } = proof.value;
  const seen = await checkCheckpoint(policy, proof.value.checkpoint);
  if (!seen.ok) return seen;
  const { origin, size, root, witnesses } = seen.value;
  const reached = rootOfInclusion(leafHash(entry), index, size, hashes);
  if (!reached || !isSameHash(reached, root)) {
    return fail(`the entry is not at ${index} in the tree of ${size} that ${origin} signed`);
  }
  return accept({ origin, index, size, witnesses });
}

/** A checkpoint that counts under a policy. */
export interface SeenCheckpoint extends Pick<Logged, "origin" | "size" | "witnesses"> {
  readonly root: Uint8Array;
}

/** Checks that a log of the policy signed a checkpoint, and that a quorum of its witnesses saw it. */
export async function checkCheckpoint(
  policy: LogPolicy,
  signed: string,
): Promise<Result<SeenCheckpoint, "ERR_TLOG_PROOF">> {
  const fail = (message: string) => refuse("ERR_TLOG_PROOF", message);
  const note = readNote(signed);
  if (!note.ok) return fail(note.refusal.message);
  const checkpoint = readCheckpoint(note.value.text);
  if (!checkpoint.ok) return fail(checkpoint.refusal.message);
  const { origin, size, root } = checkpoint.value;
  const logs = policy.logs.filter(({ key }) => key.name === origin);
  const signedBy = await Promise.all(logs.map(({ key }) => isSignedBy(note.value, key)));
  if (!signedBy.some(Boolean)) return fail(`no log of the policy signed this checkpoint of ${origin}`);
  const witnesses = await cosignersOf(policy, note.value);
  const bad = witnesses.find(({ time }) => time === "fails");
  if (bad) return fail(`the cosignature of ${bad.name} does not hold`);
  const saw = witnesses.flatMap(({ id, name, time }) =>
    typeof time === "number" ? [{ id, name, time }] : [],
  );
  if (!isQuorum(policy, new Set(saw.map(({ id }) => id)))) {
    const missing = witnesses.filter(({ time }) => time === null).map(({ name }) => name);
    return fail(`no quorum of witnesses saw this checkpoint of ${origin}: missing ${missing.join(", ")}`);
  }
  return accept({ origin, size, root, witnesses: saw.map(({ name, time }) => ({ name, time })) });
}

/** What each witness of a policy said of a checkpoint. `id` is its name in the policy, `name` that of its key. */
async function cosignersOf(policy: LogPolicy, note: Note) {
  return Promise.all(
    [...policy.witnesses].map(async ([id, { key }]) => ({
      id,
      name: key.name,
      time: await cosignedAt(note, key),
    })),
  );
}
