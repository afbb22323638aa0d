// Stands for `countersign` in examples until src/next/http has its own: it declares the deployment, and serves nothing.
import { type Deployment, declareDeployment } from "../../src/next/host/index.ts";

export * from "../../src/next/package.ts";

export function countersign<Env>(deployment: Deployment<Env>): ExportedHandler<Env> {
  declareDeployment(deployment);
  return { fetch: () => new Response("not served yet", { status: 501 }) };
}
