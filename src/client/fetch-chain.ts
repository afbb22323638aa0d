// What a page may ask of its own origin: the sample, a run's bundle, the deployment's trust policy, and which other runs there are.
// Nothing else is ever fetched.
import { accept, type Result, refuse } from "../receipt/refusal.ts";

/** Where a deployment publishes the trust policy of its present name. */
export const TRUST_PATH = "/.well-known/countersign.json";

/** Where the sample's files are. */
export const SAMPLE = {
  bundle: "/sample/bundle.json",
  other: "/sample/other.json",
  trust: "/sample/trust.json",
} as const;

/** Where a run's bundle is. */
export function bundlePath(run: string): string {
  return `/api/runs/${encodeURIComponent(run)}/bundle`;
}

/** Fetches a document of this origin afresh, whole, without reading it. */
export async function fetchOwn(path: string): Promise<Result<Blob, "ERR_FETCH">> {
  try {
    const response = await fetch(path, { cache: "no-store" });
    if (response.status === 404) return refuse("ERR_FETCH", `there is no ${path}`);
    if (!response.ok) return refuse("ERR_FETCH", `${path} was answered with ${response.status}`);
    return accept(await response.blob());
  } catch {
    return refuse("ERR_FETCH", `${path} could not be reached`);
  }
}

/** Where a run's trust policy is: that of a run which bears a former name of the deployment is elsewhere. */
export async function findTrustPath(run: string): Promise<string> {
  const view = await fetchOwn(`/api/runs/${encodeURIComponent(run)}`);
  if (!view.ok) return TRUST_PATH;
  const { links }: { links?: { trust?: string } } = JSON.parse(await view.value.text());
  return links?.trust ?? TRUST_PATH;
}

/** The newest other run that was approved and carried out; null when there is none to be had: others may hold no approval to take. */
export async function findOtherRun(run: string | null): Promise<string | null> {
  const list = await fetchOwn("/api/runs");
  if (!list.ok) return null;
  const { runs = [] }: { runs?: readonly { run: string; status: string }[] } = JSON.parse(
    await list.value.text(),
  );
  return runs.find((entry) => entry.run !== run && entry.status === "completed")?.run ?? null;
}
