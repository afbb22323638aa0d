// The demo's Worker with the reviewers that a test lists: what a deployment with passkeys looks like.
import { env } from "cloudflare:workers";
import { countersign } from "../../src/http/index.ts";
import { CheckoutRun, CodemodeRuntime, LogDurableObject, RunIndex } from "../../src/index.ts";

interface TestEnv {
  readonly RUN: DurableObjectNamespace<CheckoutRun>;
  readonly INDEX: DurableObjectNamespace<RunIndex>;
  readonly REVIEWERS: string;
}

export { CheckoutRun, CodemodeRuntime, LogDurableObject, RunIndex };
export default countersign<TestEnv>({
  runs: ({ RUN }) => RUN,
  index: ({ INDEX }) => INDEX,
  reviewers: JSON.parse((env as unknown as TestEnv).REVIEWERS),
});
