// Asks a witness to cosign a checkpoint (c2sp.org/tlog-witness, add-checkpoint). What a witness answers is believed no further than its
// cosignature holds; the size that it names only chooses what it is shown next.
import {
  consistencyProof,
  cosignedAt,
  type HashReader,
  readDecimal,
  readNote,
  readSignature,
} from "../log/index.ts";
import { toBase64 } from "../receipt/index.ts";
import type { Witness } from "./log-settings.ts";
import type { SignedCheckpoint } from "./log-store.ts";

/** How long a witness may take to answer, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;
/** Most that is read of an answer, in characters. */
const MAX_ANSWER = 20_000;

/** The witness's cosignature line. */
export interface Cosigned {
  readonly line: string;
}

/**
 * Shows a checkpoint to a witness, with a proof from the size that it is thought to have seen, or if that is wrong, from the one it names.
 * @throws with words for an operator where it does not cosign.
 */
export async function askWitness(
  witness: Witness,
  { size, note }: SignedCheckpoint,
  read: HashReader,
  known: number,
): Promise<Cosigned> {
  let old = Math.min(known, size);
  for (let tries = 0; tries < 2; tries += 1) {
    const proof = old === 0 ? [] : consistencyProof(read, old, size);
    const answer = await post(
      witness,
      `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join("")}\n${note}`,
    );
    const text = (await answer.text()).slice(0, MAX_ANSWER);
    if (answer.ok) return cosignatureIn(witness, text, note);
    const seen = answer.status === 409 ? readDecimal(text.trim()) : null;
    if (seen === null)
      throw new Error(`${witness.key.name} answered ${answer.status}: ${text.slice(0, 200).trim()}`);
    if (seen > size) {
      throw new Error(
        `${witness.key.name} has seen ${seen} entries of this log, which has ${size}: it was set back or forked`,
      );
    }
    old = seen;
  }
  throw new Error(`${witness.key.name} names another size each time`);
}

async function post({ key, url }: Witness, body: string): Promise<Response> {
  try {
    return await fetch(`${url}/add-checkpoint`, {
      method: "POST",
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch (error) {
    throw new Error(`${key.name} cannot be reached: ${error instanceof Error ? error.name : "?"}`);
  }
}

async function cosignatureIn({ key }: Witness, text: string, note: string): Promise<Cosigned> {
  const own = text.split("\n").filter((line) => {
    const signature = readSignature(line);
    return signature?.name === key.name && signature.id === key.id;
  });
  const [line] = own;
  const signed =
    line === undefined ? null : readNote(`${note.slice(0, note.lastIndexOf("\n\n") + 2)}${line}\n`);
  const time = signed?.ok ? await cosignedAt(signed.value, key) : null;
  if (line === undefined || typeof time !== "number" || time === 0) {
    throw new Error(`${key.name} answered without a cosignature that holds`);
  }
  return { line: `${line}\n` };
}
