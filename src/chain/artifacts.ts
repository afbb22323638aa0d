// Artifacts are exact bytes named by their SHA-256. The pure rings see them only through this lookup.
import type { Digest } from "../receipt/index.ts";

/**
 * Looks an artifact up by the 64 hex digits of its SHA-256.
 * Whoever provides it has checked that the bytes hash to that name, and answers undefined otherwise.
 */
export type Artifacts = (sha256: string) => Uint8Array | undefined;

/** The bare hex of a digest in one string. */
export function hexOf(digest: Digest): string {
  return digest.slice("sha256:".length);
}

/** The one-string form of a subject's hex digest. */
export function digestFromHex(sha256: string): Digest {
  return `sha256:${sha256}`;
}
