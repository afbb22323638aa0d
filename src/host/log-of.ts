// From a run or a request to the deployment's log, if it keeps one.

import type { Settings } from "./env.ts";
import { logNamespace } from "./env.ts";
import type { LogApi } from "./log-api.ts";
import { readLogSettings } from "./log-settings.ts";

/** The log that the settings name; null where there is none, or nowhere to keep it. A log is known by its origin: another origin is another log. */
export function logOf(env: Settings): LogApi | null {
  const settings = readLogSettings(env);
  if (!settings.ok || !settings.value) return null;
  return logNamespace(env)?.getByName(settings.value.key.name) ?? null;
}
