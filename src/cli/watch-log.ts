// Follows a log from where it was last seen: fetches what was added, and finds whether it was only added to. What was seen is plain
// data, kept by the caller. Nothing here judges what entries say but that they cannot all be true.
import {
  checkCheckpoint,
  clashOf,
  growTree,
  isSameHash,
  type LogLeaf,
  type LogPolicy,
  leafHash,
  readLeaf,
  rootOf,
  type SeenCheckpoint,
  TILE_WIDTH,
  tilePath,
  unpackEntries,
  widthIn,
} from "../log/index.ts";
import { fromBase64, toBase64 } from "../receipt/index.ts";

/** What was seen of a log. Hashes are base64; `grownAt` is when it was last seen to grow, in seconds since 1970. */
export interface Watched {
  readonly version: 1;
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  readonly subtrees: readonly string[];
  readonly grownAt: number;
  /** The entries by run. */
  readonly runs: Readonly<Record<string, readonly LogLeaf[]>>;
  /** Entries of a run that cannot all be of one chain, once found told for ever. */
  readonly clashes: readonly string[];
}

/** What a look at a log found. `faults` are its; `leaves` were added since the last look. */
export interface Look {
  readonly watched: Watched;
  readonly faults: readonly string[];
  readonly leaves: readonly (LogLeaf & { readonly index: number })[];
  readonly strange: number;
  readonly checkpoint: string;
  readonly seen: SeenCheckpoint | null;
}

/** Fetches what stands at a path below the log's prefix. */
export type FetchPart = (path: string) => Promise<Uint8Array>;

/** Nothing seen yet. */
export function unwatched(origin: string, now: number): Watched {
  return {
    version: 1,
    origin,
    size: 0,
    root: toBase64(rootOf([])),
    subtrees: [],
    grownAt: now,
    runs: {},
    clashes: [],
  };
}

/** Looks at a log. @throws where it cannot be read; what is wrong with it is told as its faults, and then it counts as not seen. */
export async function lookAtLog(
  policy: LogPolicy,
  watched: Watched,
  fetchPart: FetchPart,
  now: number,
): Promise<Look> {
  const checkpoint = new TextDecoder().decode(await fetchPart("checkpoint"));
  const stays = (seen: SeenCheckpoint | null, ...faults: readonly string[]): Look => ({
    ...{ watched, faults, leaves: [], strange: 0, checkpoint, seen },
  });
  const checked = await checkCheckpoint(policy, checkpoint);
  if (!checked.ok) return stays(null, checked.refusal.message);
  const { origin, size, root } = checked.value;
  if (origin !== watched.origin) return stays(null, `expected the log ${watched.origin}, got ${origin}`);
  if (size < watched.size)
    return stays(checked.value, `the log shrank from ${watched.size} entries to ${size}`);
  const entries = await fetchEntries(watched.size, size, fetchPart);
  const known = watched.subtrees.map((hash) => fromBase64(hash) ?? new Uint8Array());
  const subtrees = growTree(known, watched.size, entries.map(leafHash));
  if (!isSameHash(rootOf(subtrees), root)) {
    return stays(
      checked.value,
      `the log was forked: its ${size} entries do not go on from the ${watched.size} that were seen`,
    );
  }
  const leaves = entries.map((entry, i) => ({ index: watched.size + i, leaf: readLeaf(entry) }));
  const read = leaves.flatMap(({ index, leaf }) => (leaf ? [{ ...leaf, index }] : []));
  const { runs, clashes } = enter(watched, read);
  const grownAt = size > watched.size ? now : watched.grownAt;
  const tree = { size, root: toBase64(root), subtrees: subtrees.map(toBase64) };
  return {
    watched: { ...watched, ...tree, grownAt, runs, clashes },
    faults: [],
    leaves: read,
    strange: leaves.length - read.length,
    checkpoint,
    seen: checked.value,
  };
}

function enter(watched: Watched, leaves: readonly LogLeaf[]): Pick<Watched, "runs" | "clashes"> {
  const runs = new Map(Object.entries(watched.runs));
  const clashes = [...watched.clashes];
  for (const { issuer, run, seq, kind, reviewer, receipt } of leaves) {
    const leaf = { issuer, run, seq, kind, reviewer, receipt };
    const name = JSON.stringify([issuer, run]);
    const others = runs.get(name) ?? [];
    for (const other of others) {
      const clash = clashOf(other, leaf);
      if (clash !== null)
        clashes.push(`two histories of ${run} of ${issuer}: ${clash} (${other.receipt}, ${receipt})`);
    }
    runs.set(name, [...others, leaf]);
  }
  return { runs: Object.fromEntries(runs), clashes };
}

/** The entries from one index until before another, bundle by bundle. */
async function fetchEntries(from: number, until: number, fetchPart: FetchPart): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < until && from < until; index += 1) {
    const width = widthIn("entries", index, until);
    const bundle = unpackEntries(await fetchPart(tilePath({ level: "entries", index, width })));
    if (!bundle.ok || bundle.value.length !== width)
      throw new Error(`expected ${width} entries in bundle ${index}`);
    entries.push(...bundle.value.slice(Math.max(0, from - index * TILE_WIDTH)));
  }
  return entries;
}
