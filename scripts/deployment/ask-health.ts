// Asks a deployment that has just been made whether it can work, and whether it is the one that was meant.

/** Between two looks, in milliseconds: a new address takes a while until it is known. */
const PAUSE_MS = 2_000;

/** Null when the deployment works under this name, else what is wrong. Looks again until so many seconds are over. */
export async function askHealth(issuer: string, seconds: number): Promise<string | null> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const wrong = await lookOnce(issuer);
    if (wrong === null || Date.now() + PAUSE_MS > end) return wrong;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function lookOnce(issuer: string): Promise<string | null> {
  try {
    const health = await fetch(`${issuer}/healthz`, { signal: AbortSignal.timeout(10_000) });
    const { detail } = (await health.json()) as { readonly detail?: string };
    if (!health.ok) return detail ?? `${issuer}/healthz answered ${health.status}`;
    const policy = await fetch(`${issuer}/.well-known/countersign.json`, {
      signal: AbortSignal.timeout(10_000),
    });
    const published = (await policy.json()) as { readonly issuer?: string };
    if (published.issuer === issuer) return null;
    return `expected ${issuer} to be this Worker, but what answers there signs as ${published.issuer}`;
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    return `${issuer} could not be asked: ${cause ?? error}`;
  }
}
