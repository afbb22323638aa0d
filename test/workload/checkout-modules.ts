// Loads a checkout Worker's sources as real modules, in a fresh directory of its own, and sends it the probe's requests.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { CHECKOUT_FILES, CHECKOUT_MAIN } from "../../src/workload/checkout-source.ts";
import { PROBE_REQUESTS, type ProbeRequest, type ProbeResult } from "../../src/workload/probe.ts";

export interface LoadedCheckout {
  fetch(request: Request): Promise<Response>;
}

function isCheckout(value: unknown): value is LoadedCheckout {
  return typeof value === "object" && value !== null && "fetch" in value && typeof value.fetch === "function";
}

/** Every call loads anew: modules are cached by path, and the path is never used twice. */
export async function loadCheckout(
  files: Readonly<Record<string, string>> = CHECKOUT_FILES,
  main = CHECKOUT_MAIN,
): Promise<LoadedCheckout> {
  const root = await mkdtemp(join(tmpdir(), "checkout-"));
  try {
    await writeFile(join(root, "package.json"), '{"type":"module"}');
    for (const [path, source] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), source);
    }
    const loaded: { default?: unknown } = await import(
      /* @vite-ignore */ pathToFileURL(join(root, main)).href
    );
    if (!isCheckout(loaded.default)) throw new Error(`${main} exports no fetch handler`);
    return loaded.default;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

export function requestOf({ method, path, headers, body }: ProbeRequest): Request {
  return new Request(`https://shop.example${path}`, { method, headers, ...(body === null ? {} : { body }) });
}

export async function runProbe(checkout: LoadedCheckout): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  for (const probe of PROBE_REQUESTS) {
    const { id, kind } = probe;
    try {
      const { status } = await checkout.fetch(requestOf(probe));
      results.push({ id, kind, status, error: null });
    } catch (error) {
      results.push({ id, kind, status: 500, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return results;
}
