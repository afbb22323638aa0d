// The product with a door that only tests have: served by `wrangler dev test/server/door.ts`, never deployed. Through it a
// test edits a run's repository behind the agent's back, sends a request under other settings, and looks at a run as it
// was when it had signed fewer receipts, on a page that stays as it is.
import { app } from "../../src/http/app.ts";
import type { Kind, StatementOf } from "../../src/receipt/index.ts";
import type { Env } from "../../src/run/env.ts";
import type { Note } from "../../src/run/run-rows.ts";

export { CodemodeRuntime, RunDurableObject, RunIndex } from "../../src/index.ts";

/** Header with settings for one request, as a JSON object of the Worker's variables. */
const SETTINGS = "x-test-settings";
/** Header with the number of receipts to show a run with. */
const RECEIPTS = "x-test-receipts";

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const [, door, run = ""] = new URL(request.url).pathname.split("/");
    if (door === "edit") {
      const { path, content } = await request.json<{ path: string; content: string }>();
      return Response.json(await env.RUN.getByName(run).edit(path, content));
    }
    const settings = JSON.parse(request.headers.get(SETTINGS) ?? "{}");
    const receipts = request.headers.get(RECEIPTS);
    const RUN = receipts === null ? env.RUN : runsWith(Number(receipts), env);
    return withoutReload(await app.fetch(request, { ...env, ...settings, RUN }, ctx));
  },
};

/** A page that does not load itself again while it is looked at. */
function withoutReload(response: Response): Response {
  if (!response.headers.get("content-type")?.startsWith("text/html")) return response;
  return new HTMLRewriter()
    .on("meta[http-equiv=refresh]", { element: (element) => void element.remove() })
    .transform(response);
}

/** The runs, each cut off after so many receipts. */
function runsWith(count: number, env: Env) {
  return {
    getByName: (name: string) => ({
      lineage: () => env.RUN.getByName(name).lineage(),
      lastNote: (kind: Note["kind"]) => env.RUN.getByName(name).lastNote(kind),
      async bundle() {
        const bundle = await env.RUN.getByName(name).bundle();
        if (!bundle.ok) return bundle;
        const receipts = bundle.value.receipts.slice(0, count);
        const named = new Set(receipts.flatMap(namedBy));
        const artifacts = Object.fromEntries(
          Object.entries(bundle.value.artifacts).filter(([sha256]) => named.has(sha256)),
        );
        return { ok: true, value: { ...bundle.value, receipts, artifacts } };
      },
    }),
  };
}

/** The artifacts that a receipt names. */
function namedBy({ payload }: { payload: string }): string[] {
  const { subject, predicate }: StatementOf<Kind> = JSON.parse(atob(payload));
  return [...subject.map(({ digest }) => digest.sha256), predicate.policy.replace("sha256:", "")];
}
