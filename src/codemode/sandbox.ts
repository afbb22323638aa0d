// The sandbox of generated code: Code Mode's executor over the Worker Loader, without network, bindings or keys.
// Every bound on what a script may use stands in this file.
import { DynamicWorkerExecutor } from "@cloudflare/codemode";

/** Longest pass of a script, in milliseconds: ends asynchronous work that never settles. */
export const SCRIPT_TIMEOUT_MS = 20_000;

/**
 * CPU and subrequests of a loaded Worker. Cloudflare enforces them; local workerd does not, so there a synchronous endless
 * loop blocks the process.
 */
export const LOADED_WORKER_LIMITS = { cpuMs: 2_000, subRequests: 200 } as const;

/** A loader that puts our limits on every Worker it loads, whoever asks. */
export function limitedLoader(loader: WorkerLoader): WorkerLoader {
  return {
    get: (name, getCode) =>
      loader.get(name, async () => ({ ...(await getCode()), limits: LOADED_WORKER_LIMITS })),
    load: (code) => loader.load({ ...code, limits: LOADED_WORKER_LIMITS }),
  };
}

/** The executor that runs generated scripts. `fetch` and `connect` throw inside; only connectors are in reach. */
export function createSandbox(loader: WorkerLoader): DynamicWorkerExecutor {
  return new DynamicWorkerExecutor({
    loader: limitedLoader(loader),
    timeout: SCRIPT_TIMEOUT_MS,
    globalOutbound: null,
  });
}
