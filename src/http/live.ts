// `GET /api/runs/:run/live`: opens a WebSocket on which a run tells its head and status at every receipt.

import type { RunCode } from "../host/index.ts";
import type { Refusal } from "../receipt/index.ts";
import type { Ctx } from "./edge-env.ts";
import { problem } from "./problem.ts";
import { runStub, unknownRun } from "./run-stub.ts";

/** Hands the socket to the run, which holds it from then on. */
export async function watchRun(c: Ctx): Promise<Response> {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    const message = "expected a WebSocket handshake; GET /api/runs/:run answers without one";
    return problem({ code: "ERR_UPGRADE", message }, c.req.path, {
      upgrade: "websocket",
      connection: "Upgrade",
    });
  }
  const stub = runStub(c.env, c.req.param("run") ?? "");
  if (!stub) return problem(unknownRun(), c.req.path);
  const answer = await stub.fetch(c.req.raw);
  if (!answer.webSocket) return problem(await answer.json<Refusal<RunCode>>(), c.req.path);
  return new Response(null, { status: 101, webSocket: answer.webSocket });
}
