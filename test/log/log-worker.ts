// A Worker that is nothing but a log, for those who kill it: POST /anchor enters a leaf and answers its proof.
import { Hono } from "hono";
import { declareDeployment, type LogApi, logOf, type Named, type Settings } from "../../src/host/index.ts";
import type { EdgeEnv } from "../../src/http/edge-env.ts";
import { addLog } from "../../src/http/log.ts";
import type { LogLeaf } from "../../src/log/index.ts";

export { LogDurableObject } from "../../src/host/index.ts";

interface LogEnv extends Settings {
  readonly LOG: Named<LogApi>;
}

const none = () => {
  throw new Error("there are no runs here");
};
declareDeployment<LogEnv>({ runs: none, index: none, log: (env) => env.LOG, reviewers: [] });

const app = new Hono<{ Bindings: EdgeEnv }>();
app.post("/anchor", async (c) => {
  const log = logOf(c.env);
  if (!log) return c.text("no log", 500);
  return c.json(await log.anchor(await c.req.json<LogLeaf>(), 3_000));
});
addLog(app);
export default app;
