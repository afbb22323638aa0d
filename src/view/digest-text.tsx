// Digests for the eye: the first bytes, with the whole value in reach.

/** The first ten hex digits of a digest, with or without its `sha256:`. */
export function shortDigest(digest: string): string {
  return `${digest.replace(/^sha256:/, "").slice(0, 10)}…`;
}

/** A short digest whose title is the whole one. */
export function DigestText({ digest }: { digest: string }) {
  return (
    <code class="digest" title={digest}>
      {shortDigest(digest)}
    </code>
  );
}

/** Where an artifact's exact bytes are. */
export function artifactPath(run: string, sha256: string): string {
  return `/api/runs/${run}/artifacts/sha256:${sha256}`;
}
