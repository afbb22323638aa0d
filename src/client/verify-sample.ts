// Verifies the desk's sample in this browser, and says so beside it. Says nothing where it cannot.
import { fetchOwn, SAMPLE } from "./fetch-chain.ts";
import { createVerifierClient } from "./verifier-client.ts";

/** Verifies the sample, if the page has one. */
export async function verifySample(): Promise<void> {
  const said = document.getElementById("sample-check");
  if (!said) return;
  const [bundle, trust] = await Promise.all([fetchOwn(SAMPLE.bundle), fetchOwn(SAMPLE.trust)]);
  if (!bundle.ok || !trust.ok) return;
  const verifier = createVerifierClient();
  const judged = await verifier.ask({ ask: "judge", bundle: bundle.value, trust: trust.value, run: null });
  verifier.stop();
  if (!judged.ok) return;
  const { verdict, count, ms } = judged.value;
  const isValid = verdict === "valid";
  said.classList.add(isValid ? "is-held" : "is-failed");
  said.textContent = isValid
    ? `✓ ${count} receipts verified in this browser, ${Math.max(1, Math.round(ms))} ms`
    : "✗ This sample does not verify";
}
