// A witness over HTTP (c2sp.org/tlog-witness): cosigns a checkpoint of a log it knows if that contradicts nothing it cosigned before.
// No request is taken before the last one is on disk.
import { createServer, type IncomingMessage, type Server } from "node:http";
import {
  cosign,
  EMPTY_ROOT,
  isConsistent,
  isSameHash,
  isSignedBy,
  MAX_PROOF,
  type Note,
  type NoteKey,
  readCheckpoint,
  readDecimal,
  readHash,
  readNote,
} from "../log/index.ts";
import { hashOf, type WitnessState } from "./witness-state.ts";

/** Longest request that is read, in bytes. */
const MAX_BODY = 64 * 1024;

/** A witness: its key, the logs it knows, and what it has seen of them. */
export interface Witness {
  readonly key: NoteKey;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
  readonly logs: readonly NoteKey[];
  readonly state: WitnessState;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

const refused = (status: number, why: string): Answer => ({ status, text: `${why}\n` });

/** Serves a witness. Requests to add a checkpoint are taken one after the other. */
export function witnessServer(witness: Witness): Server {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (body: string): Promise<Answer> => {
    const answer = last.then(() => addCheckpoint(witness, body));
    last = answer.catch(() => {});
    return answer;
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const path = request.url ?? "";
    const [, hash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path) ?? [];
    if (request.method === "GET" && hash !== undefined) return showCheckpoint(witness, hash);
    if (path !== "/add-checkpoint") return refused(404, "there is nothing here");
    if (request.method !== "POST") return refused(405, "expected a POST");
    const body = await readBody(request);
    return body === null ? refused(413, `expected at most ${MAX_BODY} bytes`) : inTurn(body);
  };
  return createServer((request, response) => {
    answer(request)
      .catch((error) => {
        console.error(error);
        return refused(500, "the checkpoint could not be kept, and was not cosigned");
      })
      .then(({ status, text, type = "text/plain; charset=utf-8" }) =>
        response.writeHead(status, { "content-type": type }).end(text),
      );
  });
}

function showCheckpoint({ state }: Witness, originHash: string): Answer {
  const newest = state.newest(originHash);
  return newest ? { status: 200, text: newest.note } : refused(404, "no checkpoint of this log was cosigned");
}

/** Judges one request in the order of the specification. */
export async function addCheckpoint(witness: Witness, body: string): Promise<Answer> {
  const request = readRequest(body);
  if (!request) return refused(400, "expected old <size>, a proof, an empty line and a checkpoint");
  const { old, proof, note } = request;
  const { origin, size, root } = request.checkpoint;
  const keys = witness.logs.filter(({ name }) => name === origin);
  if (keys.length === 0) return refused(404, "this log is not known here");
  if (!(await isSigned(note, keys))) return refused(403, "the log's signature is missing or does not hold");
  if (old > size) return refused(400, `expected a size of at least ${old}, got ${size}`);
  const known = witness.state.newest(hashOf(origin)) ?? { size: 0, root: EMPTY_ROOT };
  if (old !== known.size) return { status: 409, text: `${known.size}\n`, type: "text/x.tlog.size" };
  if (size === 0 && !isSameHash(root, EMPTY_ROOT)) return refused(422, "an empty tree has another root");
  if (!isConsistent(known, { size, root }, proof)) {
    console.error(
      `refused a checkpoint of ${origin} of ${size} entries, which does not grow from ${known.size}:\n${request.text}`,
    );
    return refused(422, "the checkpoint does not grow from the last one that was cosigned");
  }
  const line = cosign(note.text, witness.now(), witness.key, witness.sign);
  witness.state.keep(origin, { size, root, note: `${request.text}${line}` });
  return { status: 200, text: line };
}

interface Request {
  readonly old: number;
  readonly proof: readonly Uint8Array[];
  readonly text: string;
  readonly note: Note;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: Uint8Array };
}

function readRequest(body: string): Request | null {
  const end = body.indexOf("\n\n");
  const [first = "", ...lines] = body.slice(0, Math.max(0, end)).split("\n");
  const old = first.startsWith("old ") ? readDecimal(first.slice(4)) : null;
  const proof = lines.map(readHash).filter((hash) => hash !== null);
  const text = body.slice(end + 2);
  const note = readNote(text);
  const checkpoint = note.ok ? readCheckpoint(note.value.text) : note;
  if (
    old === null ||
    proof.length !== lines.length ||
    proof.length > MAX_PROOF ||
    !note.ok ||
    !checkpoint.ok
  ) {
    return null;
  }
  return { old, proof, text, note: note.value, checkpoint: checkpoint.value };
}

/** At least one key of the log has signed, and no line by any of them fails. */
async function isSigned(note: Note, keys: readonly NoteKey[]): Promise<boolean> {
  const own = keys.filter((key) =>
    note.signatures.some(({ name, id }) => name === key.name && id === key.id),
  );
  const held = await Promise.all(own.map((key) => isSignedBy(note, key)));
  return own.length > 0 && held.every(Boolean);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
