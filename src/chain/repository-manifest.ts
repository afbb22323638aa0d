// The handoff's `repository` subject: canonical JSON of {path: "sha256:…"}, each file an artifact of its own.
import * as z from "zod";
import { digestField, textField } from "../receipt/fields.ts";
import type { Digest, Result } from "../receipt/index.ts";
import { readCanonicalArtifact } from "./canonical-artifact.ts";
import type { ChainCode } from "./chain-code.ts";

const pathField = textField(500, 1);

// Not z.record, which drops a member named __proto__: a file of that name would be neither checked nor found.
const manifestSchema = z.custom<Readonly<Record<string, Digest>>>(isManifest, "expected sha256:… by path");

/** Reads a repository manifest from the exact bytes of its artifact. */
export function readManifest(bytes: Uint8Array): Result<ReadonlyMap<string, Digest>, ChainCode> {
  const manifest = readCanonicalArtifact("repository manifest", bytes, manifestSchema, "ERR_REPOSITORY");
  return manifest.ok ? { ok: true, value: new Map(Object.entries(manifest.value)) } : manifest;
}

function isManifest(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([path, digest]) => pathField.safeParse(path).success && digestField.safeParse(digest).success,
    )
  );
}
