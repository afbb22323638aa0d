// What a finished run hands to the next agent: its last receipt, the two artifacts that this binds, and whether the whole
// chain verifies now, under this deployment's own trust policy.
import { type Report, type TrustPolicy, verify } from "../../chain/index.ts";
import {
  decodeEnvelope,
  type Envelope,
  fromBase64,
  type Result,
  readReceipt,
  refuse,
  subjectDigest,
} from "../../receipt/index.ts";
import type { Env } from "../../run/env.ts";
import type { RunDurableObject } from "../../run/run-durable-object.ts";
import { loadSigningKeys } from "../../run/signing-keys.ts";
import { policyFor } from "../policy-for.ts";
import type { ProblemCode } from "../problem.ts";

/** Why there is no handoff to read. */
export type HandoffCode = ProblemCode | "ERR_NOT_FINISHED";

/** `summary` is the handoff's own account; `repository` maps each path to the digest of its content. */
export interface Handoff {
  readonly run: string;
  readonly digest: string;
  readonly verdict: Report["verdict"];
  readonly failedChecks: Report["checks"];
  readonly summary: unknown;
  readonly repository: unknown;
}

/** Asks a run for its bundle, and reads and verifies its handoff from it. */
export async function readHandoffOf(
  stub: DurableObjectStub<RunDurableObject>,
  env: Env,
): Promise<Result<Handoff, HandoffCode>> {
  const keys = loadSigningKeys(env);
  if (!keys.ok) return keys;
  const bundle = await stub.bundle();
  return bundle.ok ? readHandoff(bundle.value, policyFor(bundle.value, keys.value)) : bundle;
}

async function readHandoff(
  bundle: {
    readonly run: string;
    readonly receipts: readonly unknown[];
    readonly artifacts: Readonly<Record<string, string>>;
  },
  trustPolicy: TrustPolicy,
): Promise<Result<Handoff, "ERR_NOT_FINISHED">> {
  const report = await verify(bundle, trustPolicy, { run: bundle.run });
  const envelope = bundle.receipts.at(-1);
  const decoded = envelope ? decodeEnvelope(envelope) : null;
  // decodeEnvelope has checked the envelope's form.
  const receipt = decoded?.ok ? readReceipt(envelope as Envelope, decoded.value) : null;
  if (!receipt?.ok || receipt.value.kind !== "handoff") {
    return refuse(
      "ERR_NOT_FINISHED",
      "expected a finished run; this one has handed nothing on yet (get_run says what is due)",
    );
  }
  const { statement, digest } = receipt.value;
  const artifact = (name: string): unknown => {
    const bytes = fromBase64(bundle.artifacts[subjectDigest(statement, name) ?? ""] ?? "");
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  };
  return {
    ok: true,
    value: {
      run: bundle.run,
      digest,
      verdict: report.verdict,
      failedChecks: report.checks.filter(({ ok }) => !ok),
      summary: artifact("summary"),
      repository: artifact("repository"),
    },
  };
}
