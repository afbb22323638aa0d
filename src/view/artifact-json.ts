// The JSON artifacts that the page knows how to draw, as schemas. A chain may come from another deployment, so every
// artifact is parsed here and anything of another shape is shown as plain JSON instead.
import { z } from "zod";
import type { Artifacts } from "../chain/index.ts";

const count = z.int().min(0);
const tally = z.object({ requests: count, failed: count, good: count, goodFailed: count });

const probeReport = z.object({
  tally,
  byKind: z.array(z.object({ kind: z.string(), requests: count, failed: count })),
  failures: z.array(
    z.object({
      id: z.string(),
      method: z.string(),
      path: z.string(),
      status: z.number(),
      error: z.string().nullable(),
    }),
  ),
});
export type ProbeReport = z.infer<typeof probeReport>;

/** The `alert` subject: what was sent, and what the runtime measured. */
export const alertArtifact = z.object({ alert: z.record(z.string(), z.unknown()), measured: probeReport });

/** A subject of an evidence receipt: one finished connector call. */
export const evidenceCall = z.object({
  connector: z.string(),
  method: z.string(),
  args: z.unknown(),
  result: z.unknown(),
});
export type EvidenceCall = z.infer<typeof evidenceCall>;

/** The `report` subject of an outcome. */
export const outcomeReport = z.object({ before: probeReport, after: probeReport.nullable() });
export type OutcomeReport = z.infer<typeof outcomeReport>;

/** The `summary` subject of a handoff. */
export const handoffSummary = z.object({
  tried: z.array(
    z.object({
      revision: z.number(),
      summary: z.string(),
      decision: z.string().nullable(),
      reason: z.string(),
      status: z.string().nullable(),
    }),
  ),
  outcome: z.object({ before: tally, after: tally.nullable() }),
  stillFailing: probeReport.shape.failures,
});
export type HandoffSummary = z.infer<typeof handoffSummary>;

/** Results of the connector calls that the page draws, by `connector.method`. */
export const callResults = {
  probe: probeReport,
  runbooks: z.object({
    results: z.array(z.object({ slug: z.string(), title: z.string(), body: z.string(), score: z.number() })),
  }),
  notes: z.object({ notes: z.array(z.object({ path: z.string(), title: z.string(), body: z.string() })) }),
  file: z.object({ path: z.string(), content: z.string() }),
} as const;

/** The text of an artifact, or null when it is missing or not UTF-8. */
export function artifactText(artifacts: Artifacts, sha256: string | undefined): string | null {
  const bytes = sha256 === undefined ? undefined : artifacts(sha256);
  if (!bytes) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** An artifact parsed as JSON of a shape, or null when it is of another. */
export function artifactJson<Schema extends z.ZodType>(
  artifacts: Artifacts,
  sha256: string | undefined,
  schema: Schema,
): z.infer<Schema> | null {
  const text = artifactText(artifacts, sha256);
  if (text === null) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
