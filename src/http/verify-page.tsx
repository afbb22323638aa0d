// `GET /verify`: the page is the same for everybody; only its command line names the run that the address names.
import type { Context } from "hono";
import type { Env } from "../run/env.ts";
import { VerifyPage } from "../view/verify-page.tsx";
import { htmlResponse } from "./html.ts";
import { isRunName } from "./run-stub.ts";

export function showVerify(c: Context<{ Bindings: Env }>): Promise<Response> {
  const { origin } = new URL(c.req.url);
  const run = c.req.query("run") ?? "";
  return htmlResponse(<VerifyPage origin={origin} run={isRunName(run) ? run : null} />);
}
