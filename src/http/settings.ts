// What is wrong with a deployment's variables and secrets, before anybody meets it. Both /healthz and `npm run deploy` ask.

import { readPlannerSettings } from "../host/planner-settings.ts";
import { readPolicySettings } from "../host/policy-settings.ts";
import { loadSigningKeys } from "../host/signing-keys.ts";
import { loadTrustedIssuers } from "../host/trusted-issuers.ts";
import { readReceiver } from "../host/webhook.ts";
import { accept, type Refusal, type Result, refuse } from "../receipt/index.ts";
import type { EdgeSettings } from "./edge-env.ts";
import type { ProblemCode } from "./problem.ts";
import { loadAuthSettings } from "./reviewer/auth-settings.ts";

const READERS: readonly ((settings: EdgeSettings) => Result<unknown, ProblemCode>)[] = [
  loadSigningKeys,
  loadAuthSettings,
  readPolicySettings,
  readPlannerSettings,
  loadTrustedIssuers,
  checkReceiver,
];

/** Every setting that cannot be used. Each reader stops at its first fault. */
export function settingsFaults(settings: EdgeSettings): Refusal<ProblemCode>[] {
  return READERS.map((read) => read(settings)).flatMap((read) => (read.ok ? [] : read.refusal));
}

/** A run goes on without it, and whoever should decide is told nothing. */
function checkReceiver(settings: EdgeSettings): Result<null, "ERR_WEBHOOK_CONFIG"> {
  try {
    readReceiver(settings);
    return accept(null);
  } catch (error) {
    return refuse("ERR_WEBHOOK_CONFIG", error instanceof Error ? error.message : String(error));
  }
}
