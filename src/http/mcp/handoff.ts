// What a finished run hands to the next agent: its last receipt, the two artifacts that this binds, and whether the whole
// chain verifies now, under this deployment's own trust policy.
import { type Bundle, type Report, type TrustPolicy, type VerifiedRun, verify } from "../../chain/index.ts";
import { loadSigningKeys, type RunApi } from "../../host/index.ts";
import {
  decodeEnvelope,
  fromBase64,
  type Result,
  readStatement,
  refuse,
  subjectDigest,
} from "../../receipt/index.ts";
import type { EdgeEnv } from "../edge-env.ts";
import { policyFor } from "../policy-for.ts";
import type { ProblemCode } from "../problem.ts";

/** Why there is no handoff to read. */
export type HandoffCode = ProblemCode | "ERR_NOT_FINISHED";

/**
 * `summary` is the handoff's own account; `resources` maps each of the run's own resources to the digest of its content; `said` is what
 * the verified chain says, null where it does not verify.
 */
export interface Handoff {
  readonly run: string;
  readonly digest: string | null;
  readonly verdict: Report["verdict"];
  readonly failedChecks: Report["checks"];
  readonly summary: unknown;
  readonly resources: unknown;
  readonly said: VerifiedRun | null;
}

/** Asks a run for its bundle, and reads and verifies its handoff from it. */
export async function readHandoffOf(stub: RunApi, env: EdgeEnv): Promise<Result<Handoff, HandoffCode>> {
  const keys = loadSigningKeys(env);
  if (!keys.ok) return keys;
  const bundle = await stub.bundle();
  return bundle.ok ? readHandoff(bundle.value, policyFor(bundle.value, keys.value)) : bundle;
}

async function readHandoff(
  bundle: Bundle,
  trustPolicy: TrustPolicy,
): Promise<Result<Handoff, "ERR_NOT_FINISHED">> {
  const { report, run } = await verify(bundle, trustPolicy, { run: bundle.run });
  const envelope = decodeEnvelope(bundle.receipts.at(-1));
  const read = envelope.ok ? readStatement(envelope.value.payload) : envelope;
  if (!read.ok || read.value.kind !== "handoff") {
    return refuse(
      "ERR_NOT_FINISHED",
      "expected a finished run; this one has handed nothing on yet (get_run says what is due)",
    );
  }
  const { statement } = read.value;
  const artifact = (name: string): unknown => {
    const bytes = fromBase64(bundle.artifacts[subjectDigest(statement, name) ?? ""] ?? "");
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  };
  return {
    ok: true,
    value: {
      run: bundle.run,
      digest: report.head,
      verdict: report.verdict,
      failedChecks: report.checks.filter(({ ok }) => !ok),
      summary: artifact("summary"),
      resources: artifact("resources"),
      said: run ?? null,
    },
  };
}
