// The Worker of the edge's tests, with the reviewers that a variable lists.
import { env } from "cloudflare:workers";
import { countersign } from "../../src/http/index.ts";
import type { TestEnv } from "../worker/worker.ts";

export { CodemodeRuntime, FlagRun, RunIndex, TestLog } from "../worker/worker.ts";

const { REVIEWERS = "[]" } = env as unknown as { readonly REVIEWERS?: string };

export default countersign<TestEnv>({
  runs: (bindings) => bindings.RUN,
  index: (bindings) => bindings.INDEX,
  reviewers: JSON.parse(REVIEWERS),
});
