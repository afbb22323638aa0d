// The sandbox of generated code: Code Mode's executor over the Worker Loader, without network, bindings or keys.
// Every bound on what a script may use stands in this file. Nothing that a script can reach may loosen or pass one of them.
import {
  DynamicWorkerExecutor,
  type ExecuteOptions,
  type ExecuteResult,
  type Executor,
} from "@cloudflare/codemode";
import { canonicalize } from "../receipt/index.ts";
import { ScriptCalls } from "./script-calls.ts";
import { tellingWhatItThrows } from "./thrown.ts";

/** Longest pass of a script, in milliseconds: ends asynchronous work that never settles. */
export const SCRIPT_TIMEOUT_MS = 20_000;

/** What one pass may ask of the host. Lengths are in characters of JSON. */
export const SCRIPT_LIMITS = {
  /** As many as an evidence receipt has room for. */
  calls: 200,
  /** Arguments and results together. Code Mode hands over its whole log in one message, which holds 32 MiB. */
  traffic: 8 * 1024 * 1024,
  /** What a script says to `codemode.search` and its like: the search takes time for every word. */
  question: 1_000,
} as const;

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
export function createSandbox(loader: WorkerLoader, timeoutMs = () => SCRIPT_TIMEOUT_MS): Executor {
  return {
    async execute(code, providers, options) {
      if (!Array.isArray(providers)) return { result: undefined, error: "expected a list of providers" };
      const timeout = timeoutMs();
      const executor = new DynamicWorkerExecutor({
        loader: limitedLoader(loader),
        timeout,
        globalOutbound: null,
      });
      const calls = new ScriptCalls(SCRIPT_LIMITS);
      const connectors = options?.connectors?.map((connector) => calls.guardConnector(connector));
      const inside: ExecuteOptions | undefined = connectors && { connectors };
      const pass = executor.execute(
        tellingWhatItThrows(code),
        providers.map((provider) => calls.guardProvider(provider)),
        inside,
      );
      try {
        return readAnswer(await endsWithin(pass, calls.ended, timeout));
      } finally {
        await calls.close();
      }
    },
  };
}

/** Code Mode's own clock runs inside the sandbox, where a script can stop it. This one runs outside. */
async function endsWithin(
  pass: Promise<ExecuteResult>,
  ended: Promise<string>,
  ms: number,
): Promise<ExecuteResult> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, ms, "Execution timed out");
  });
  const stopped = Promise.race([ended, late]).then((error) => ({ result: undefined, error }));
  try {
    return await Promise.race([pass, stopped]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What a pass answered, as plain JSON data of bounded size, or nothing. The script makes up all of it, and could send stubs whose
 * properties are calls back into the sandbox, or a few parts shared so often that Code Mode would write them out for hours. Its
 * console goes nowhere.
 */
function readAnswer({ result, error }: ExecuteResult): ExecuteResult {
  if (error !== undefined) {
    return {
      result: undefined,
      error:
        typeof error === "string" && error !== "" ? error : "The script threw something that has no message",
    };
  }
  try {
    return { result: JSON.parse(canonicalize(result)) };
  } catch {
    // Of what is more than that, a field without a value perhaps, the words are kept: they are for the reviewer.
    return { result: onlySummary(result) };
  }
}

function onlySummary(result: unknown): { summary: string } | undefined {
  if (typeof result !== "object" || result === null) return undefined;
  // A stub gives a call for any name. What is no own property of plain data is not looked at.
  const summary = Object.getOwnPropertyDescriptor(result, "summary")?.value;
  return typeof summary === "string" ? { summary } : undefined;
}
