// What the API answers, as schemas: the OpenAPI document shows them, and tests hold every real answer to them.
// Each stands for a type that the code answers with; the compiler refuses a schema that says something else.
import { z } from "zod";
import type { Bundle, Gate, RunEntry, RunView, TrustPolicy } from "../../chain/index.ts";
import { digestField, hexField, instantField, kidField, runField, tallyField } from "../../receipt/fields.ts";
import { KINDS, PAYLOAD_TYPE, ROLES } from "../../receipt/index.ts";
import type { LineageView } from "../../run/run-api.ts";

const count = z.int().min(0);
const base64 = z.base64().meta({ description: "Standard base64 with padding." });

export const digest = digestField.meta({
  id: "Digest",
  description: "SHA-256 as `sha256:` and 64 lower-case hex digits.",
  override: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
});

export const instant = instantField.meta({
  id: "Instant",
  description: "An RFC 3339 instant in UTC with milliseconds.",
  override: {
    type: "string",
    format: "date-time",
    pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$",
  },
});

export const status = z
  .enum(["investigating", "awaiting_decision", "executing", "completed", "rejected", "expired", "failed"])
  .meta({
    id: "RunStatus",
    description:
      "The last four are final, and given once the handoff is signed. `executing`: a decision is being carried out, which after a rejection means that the call is withheld. `completed`: the last action was executed, whatever came of it; see `outcome`. `failed`: an approved action failed, or there was nothing to execute.",
  });

const kind = z.enum(KINDS).meta({ id: "Kind", description: "The kinds of receipt, in the order of a run." });
const role = z.enum(ROLES).meta({ id: "Role", description: "Which of the three keys signs." });

const pending = z
  .strictObject({
    proposal: digest.meta({ description: "Send this with the decision: it names what was seen." }),
    preview: digest,
    action: digest,
    revision: z.int().min(1),
    summary: z.string(),
    risk: z.enum(["low", "medium", "high"]),
    connector: z.string(),
    method: z.string(),
    path: z.string().nullable(),
    before: digest.nullable(),
    after: digest.nullable(),
    diff: z.string().meta({ description: "A unified diff, rendered from the signed action." }),
    expiresAt: instant,
  })
  .meta({ id: "Pending", description: "The proposal that waits for a human." });

const outcome = z
  .strictObject({
    status: z.enum(["resolved", "unresolved", "not_run"]),
    reason: z.string(),
    before: tallyField,
    after: tallyField.nullable(),
  })
  .meta({ id: "Outcome", description: "What the runtime measured before and after." });

export const runView = z
  .strictObject({
    run: runField,
    status,
    head: digest.nullable(),
    count,
    createdAt: instant,
    due: kind
      .nullable()
      .meta({ description: "The receipt that may come next; null when the chain has ended." }),
    pending: pending.nullable(),
    outcome: outcome.nullable(),
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: "RunView", description: "A run: a projection of its receipts." }) satisfies z.ZodType<RunView>;

export const envelope = z
  .strictObject({
    payloadType: z.literal(PAYLOAD_TYPE),
    payload: base64,
    signatures: z.tuple([z.strictObject({ keyid: kidField, sig: base64 })]),
  })
  .meta({ id: "Envelope", description: "A DSSE v1 envelope around an in-toto Statement v1." });

export const receiptList = z
  .strictObject({
    run: runField,
    status,
    head: digest.nullable(),
    receipts: z.array(
      z.strictObject({
        seq: count,
        kind,
        role,
        digest,
        envelope,
        statement: z.looseObject({ predicateType: z.string() }).meta({
          description: "The envelope's payload as JSON to read. What is signed is the envelope.",
        }),
      }),
    ),
  })
  .meta({ id: "ReceiptList" });

export const bundle = z
  .strictObject({
    mediaType: z.literal("application/vnd.countersign.bundle+json;version=1"),
    run: runField,
    receipts: z.array(envelope),
    artifacts: z.record(hexField, base64),
  })
  .meta({
    id: "Bundle",
    description: "A run's receipts and every artifact they name, by the hex of its SHA-256.",
  }) satisfies z.ZodType<Bundle>;

export const gate = z
  .strictObject({
    run: runField,
    head: digest.nullable(),
    verified: z.boolean(),
    due: kind.nullable(),
    allowsWrite: z.boolean(),
    decision: z
      .strictObject({ digest, decision: z.enum(["approve", "reject", "request_changes"]) })
      .nullable(),
  })
  .meta({
    id: "Gate",
    description: "What a runtime that is about to resume may do now, from storage alone.",
  }) satisfies z.ZodType<Gate>;

export const lineage = z
  .strictObject({
    run: runField,
    ancestors: z.array(z.strictObject({ run: runField, issuer: z.string(), handoff: digest })),
    continuedBy: z.array(z.strictObject({ run: runField, notedAt: instant })).meta({
      description: "Unsigned notes that other runs left here; their own chains say whether it is so.",
    }),
  })
  .meta({
    id: "Lineage",
    description: "What a run continues, nearest first, and what continues it.",
  }) satisfies z.ZodType<LineageView>;

export const trustPolicy = z
  .strictObject({
    version: z.literal(1),
    issuer: z.string(),
    keys: z.array(
      z.strictObject({
        kty: z.literal("OKP"),
        crv: z.literal("Ed25519"),
        x: z.string(),
        kid: kidField,
        role,
        notBefore: instant.nullable(),
        notAfter: instant.nullable(),
        revokedAt: instant.nullable(),
      }),
    ),
  })
  .meta({
    id: "TrustPolicy",
    description: "Whose keys to believe, for chains of which issuer.",
  }) satisfies z.ZodType<TrustPolicy>;

export const jwks = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal("OKP"),
      crv: z.literal("Ed25519"),
      x: z.string(),
      kid: kidField,
      alg: z.literal("EdDSA"),
      use: z.literal("sig"),
    }),
  ),
});

export const health = z.strictObject({
  keys: z.literal("loaded"),
  storage: z.enum(["reachable", "failing"]),
});

const runEntry = z
  .strictObject({
    run: runField,
    status,
    head: digest.nullable(),
    count,
    createdAt: instant,
    title: z.string().nullable(),
    risk: z.enum(["low", "medium", "high"]).nullable(),
    expiresAt: instant.nullable(),
    outcome: z
      .strictObject({
        status: z.enum(["resolved", "unresolved", "not_run"]),
        before: tallyField,
        after: tallyField.nullable(),
      })
      .nullable(),
    links: z.strictObject({ self: z.string(), page: z.string() }),
    unopenable: z.string().optional().meta({
      description:
        "Only of a run that cannot be opened, which is listed as failed: the code that it answers.",
    }),
  })
  .meta({ id: "RunEntry", description: "A run as the list shows it." }) satisfies z.ZodType<RunEntry>;

export const runList = z
  .strictObject({
    runs: z.array(runEntry),
    links: z.strictObject({
      self: z.string(),
      next: z.string().nullable().meta({ description: "The page after this one; null on the last." }),
    }),
  })
  .meta({ id: "RunList" });

export const alertsTaken = z
  .strictObject({
    alerts: z.array(
      z.strictObject({ key: z.string(), state: z.enum(["firing", "resolved"]), run: runField.nullable() }),
    ),
  })
  .meta({ id: "AlertsTaken", description: "Which run each alert has started or, at its end, is noted on." });

export const problemDetails = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "Stable; safe to switch on." }),
    detail: z.string().meta({ description: "What was expected, what came, and what to do." }),
    instance: z.string(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details." });
