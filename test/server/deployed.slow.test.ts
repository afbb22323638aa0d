// What `npm run deploy` asks once it has deployed: whether the deployment works, under the name that was meant.
import { afterEach, describe, expect, inject, it } from "vitest";
import { askHealth } from "../../scripts/deployment/ask-health.ts";
import type { Deployment } from "./place.ts";
import { type ServerOptions, serveWorker } from "./serve-worker.ts";

const startServer = (options?: ServerOptions) => serveWorker(inject("builtWorker"), options);

let server: Deployment;
afterEach(() => server.stop());

describe("a deployment that was just made", () => {
  it("works", async () => {
    server = await startServer();
    expect(await askHealth(server.origin, 0)).toBeNull();
  });

  it("says what it lacks", async () => {
    server = await startServer({ vars: { AGENT_SIGNING_KEY: "" } });
    expect(await askHealth(server.origin, 0)).toContain("AGENT_SIGNING_KEY is missing");
  });

  it("is told from another one at that address", async () => {
    server = await startServer({ vars: { ISSUER: "https://other.example" } });
    expect(await askHealth(server.origin, 0)).toContain("signs as https://other.example");
  });

  it("is waited for", async () => {
    const place = await startServer();
    await place.stop();
    expect(await askHealth(place.origin, 0)).toContain("could not be asked");
    const asked = askHealth(place.origin, 30);
    server = await startServer({ port: Number(new URL(place.origin).port) });
    expect(await asked).toBeNull();
  });
});
