// The handoff's `resources` subject: canonical JSON of {resource: "sha256:…"}, each content an artifact of its own.
import * as z from "zod";
import { digestField, textField } from "../receipt/fields.ts";
import type { Digest, Result } from "../receipt/index.ts";
import { readCanonicalArtifact } from "./canonical-artifact.ts";

const resourceField = textField(1000, 1);

// Not z.record, which drops a member named __proto__: a resource of that name would be neither checked nor found.
const manifestSchema = z.custom<Readonly<Record<string, Digest>>>(
  isManifest,
  "expected sha256:… by resource",
);

/** Digests of contents by the resource they stand at. */
export type Manifest = ReadonlyMap<string, Digest>;

/** Reads a resource manifest from the exact bytes of its artifact (§5). */
export function readManifest(bytes: Uint8Array): Result<Manifest, "ERR_RESOURCES"> {
  const manifest = readCanonicalArtifact("resource manifest", bytes, manifestSchema, "ERR_RESOURCES");
  return manifest.ok ? { ok: true, value: new Map(Object.entries(manifest.value)) } : manifest;
}

function isManifest(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([resource, digest]) =>
        resourceField.safeParse(resource).success && digestField.safeParse(digest).success,
    )
  );
}
