// What the API answers, as schemas: the OpenAPI document shows them, and tests hold every real answer to them.
// Each stands for a type that the code answers with; the compiler refuses a schema that says something else.
import { z } from "zod";
import { BUNDLE_MEDIA_TYPE, type Bundle, RUN_STATUSES, type TrustPolicy } from "../../chain/index.ts";
import { reviewerSchema, trustedKeySchema } from "../../chain/trust-policy.ts";
import type { Gate, IntentView, LineageView, ListedRun, RunView } from "../../host/index.ts";
import { digestField, hexField, instantField, kidField, runField, tallyField } from "../../receipt/fields.ts";
import { DECISIONS, KINDS, PAYLOAD_TYPE, ROLES } from "../../receipt/index.ts";

const count = z.int().min(0);
const base64 = z.base64().meta({ description: "Standard base64 with padding." });
const risk = z.enum(["low", "medium", "high"]);

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

const status = z.enum(RUN_STATUSES).meta({
  id: "RunStatus",
  description:
    "The last five are final, and given once the handoff is signed. `executing`: a decision is being carried out, which after a rejection means that the call is withheld. `completed`: the last action was executed, whatever came of it; see `outcome`. `failed`: an approved action failed, or there was nothing to execute. `unknown`: a call left, and nobody can know whether it happened.",
});

const kind = z.enum(KINDS).meta({ id: "Kind", description: "The kinds of receipt, in the order of a run." });
const role = z.enum(ROLES).meta({ id: "Role", description: "Which of the three keys signs." });
const decision = z.enum(DECISIONS);
const given = z.array(
  z.strictObject({
    role: z.string(),
    reviewer: z.string(),
    signed: z
      .enum(["webauthn", "ssh"])
      .nullable()
      .meta({ description: "With what key of their own, if any." }),
  }),
);
const asked = z.array(z.strictObject({ role: z.string(), count }));

const content = z
  .strictObject({
    digest: z.union([digest, z.null(), z.literal("unknown")]),
    bytes: count.nullable(),
    text: z.string().nullable(),
    json: z.json(),
  })
  .meta({
    id: "Content",
    description:
      "What stands at one side of an effect. `text` or `json` where it is known here and no longer than 64 KiB.",
  });

const pending = z
  .strictObject({
    proposal: digest.meta({ description: "Send this with the decision: it names what was seen." }),
    preview: digest,
    action: digest,
    author: z.strictObject({ kind: z.enum(["agent", "reviewer"]), id: z.string() }),
    revision: z.int().min(1),
    title: z.string(),
    summary: z.string(),
    risk,
    connector: z.string(),
    method: z.string(),
    args: z.unknown(),
    effects: z.array(z.strictObject({ resource: z.string(), before: content, after: content })).meta({
      description: "What the call changes, derived from the signed action.",
    }),
    checks: z.array(
      z.strictObject({ name: z.string(), before: tallyField, rehearsed: tallyField.nullable() }),
    ),
    plan: z.string().nullable().meta({ description: "The text of a dry run." }),
    approvals: z.strictObject({
      asked,
      given,
      missing: asked,
    }),
    expiresAt: instant,
  })
  .meta({ id: "Pending", description: "The proposal that waits for a human." });

const outcome = z
  .strictObject({
    status: z.enum(["resolved", "unresolved", "unmeasured", "not_run"]),
    reason: z.string(),
    checks: z.array(z.strictObject({ name: z.string(), before: tallyField, after: tallyField.nullable() })),
  })
  .meta({ id: "Outcome", description: "What the runtime measured before and after." });

export const runView = z
  .strictObject({
    run: runField,
    domain: z.string().nullable(),
    status,
    head: digest.nullable(),
    count,
    createdAt: instant,
    due: kind
      .nullable()
      .meta({ description: "The receipt that may come next; null when the chain has ended." }),
    pending: pending.nullable(),
    outcome: outcome.nullable(),
    held: z
      .strictObject({ waitsFor: z.array(z.string()) })
      .optional()
      .meta({
        description:
          "An approved call that is held back until its approval is in the log, and the witnesses that this waits for.",
      }),
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
    mediaType: z.literal(BUNDLE_MEDIA_TYPE),
    run: runField,
    receipts: z.array(envelope),
    artifacts: z.record(hexField, base64),
    anchors: z.tuple([]),
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
    allowsCall: z.boolean(),
    decision: z.strictObject({ digest, decision }).nullable(),
  })
  .meta({
    id: "Gate",
    description: "What a runtime that is about to act may do now, from storage alone.",
  }) satisfies z.ZodType<Gate>;

export const intent = z.strictObject({ intent: z.looseObject({}), bytes: base64 }).meta({
  id: "Intent",
  description:
    "What the reviewer's own key signs, as JSON to read and as the exact bytes. A convenience: who does not trust this server builds it from the chain.",
}) satisfies z.ZodType<IntentView>;

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
    version: z.literal(2),
    issuer: z.string(),
    keys: z.array(trustedKeySchema),
    reviewers: z.array(reviewerSchema),
    policies: z.array(digest).nullable(),
    log: z.null(),
  })
  .meta({
    id: "TrustPolicy",
    description:
      "Whose keys to believe, for chains of which issuer, and whose approvals count in which role.",
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

export const health = z.strictObject({ keys: z.literal("loaded"), storage: z.literal("reachable") });

const runEntry = z
  .strictObject({
    run: runField,
    domain: z.string().nullable(),
    status,
    head: digest.nullable(),
    count,
    createdAt: instant,
    alert: z.string().nullable(),
    proposal: z
      .strictObject({
        title: z.string(),
        call: z.string(),
        resources: z.array(z.string()),
        revision: z.int(),
        risk,
      })
      .nullable(),
    expiresAt: instant.nullable(),
    given,
    missing: asked,
    decided: z.strictObject({ decision, by: z.string() }).nullable(),
    outcome: outcome.nullable(),
    links: z.strictObject({ self: z.string(), page: z.string() }),
    unopenable: z.string().optional().meta({
      description:
        "Only of a run that cannot be opened, which is listed as failed: the code that it answers.",
    }),
  })
  .meta({ id: "RunEntry", description: "A run as the list shows it." }) satisfies z.ZodType<ListedRun>;

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
