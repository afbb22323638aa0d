// Cloudflare Access with keys that are fetched, as in a real deployment: from a key server that is there, and one that is gone.
import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Deployment } from "./place.ts";
import { startServer } from "./server.ts";

let team: Server;
let issuer: string;
let server: Deployment;
let published: JWK[] | null = [];
const asked: string[] = [];

interface Key {
  readonly jwk: JWK;
  readonly sign: () => Promise<string>;
}

async function makeKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" };
  const sign = () =>
    new SignJWT({ email: "alice@example.com" })
      .setProtectedHeader({ alg: "RS256", kid })
      .setIssuer(issuer)
      .setAudience("our-application")
      .setIssuedAt()
      .setExpirationTime("5 min")
      .sign(privateKey);
  return { jwk, sign };
}

beforeAll(async () => {
  team = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.statusCode = published ? 200 : 503;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys: published ?? [] }));
  });
  await new Promise<void>((resolve) => team.listen(0, "localhost", resolve));
  const address = team.address();
  if (typeof address !== "object" || !address) throw new Error("expected a port");
  issuer = `http://localhost:${address.port}`;
  const vars = { REVIEW_AUTH: "access", ACCESS_TEAM_DOMAIN: issuer, ACCESS_AUD: "our-application" };
  server = await startServer({ vars });
});
afterAll(async () => {
  await server?.stop();
  await new Promise((resolve) => team?.close(resolve));
});

async function start(token: string): Promise<{ status: number; code?: string }> {
  const headers = { "cf-access-jwt-assertion": token };
  const response = await fetch(`${server.origin}/api/runs`, { method: "POST", headers });
  const { code }: { code?: string } = await response.json();
  return { status: response.status, ...(code && { code }) };
}

describe("the team's keys", () => {
  it("that cannot be fetched let nobody in, and are fetched as soon as they can be", async () => {
    const key = await makeKey("first");
    published = null;
    expect(await start(await key.sign())).toEqual({ status: 503, code: "ERR_AUTH_KEYS" });
    published = [key.jwk];
    expect(await start(await key.sign())).toEqual({ status: 201 });
    expect(new Set(asked)).toEqual(new Set(["/cdn-cgi/access/certs"]));
    const before = asked.length;
    published = null;
    expect(await start(await key.sign()), "known keys go on").toEqual({ status: 201 });
    expect(asked).toHaveLength(before);
  });

  it("do not take in a key that the team has not published", async () => {
    const stranger = await makeKey("stranger");
    expect(await start(await stranger.sign())).toEqual({ status: 401, code: "ERR_CREDENTIAL" });
  });
});
